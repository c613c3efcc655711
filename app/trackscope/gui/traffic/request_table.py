"""The list of requests: a table that paints its visible rows at once and never reads any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from trackscope.gui.models.traffic import TrafficModel
from trackscope.gui.models.traffic_cells import Column
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.row_painter import Place, RowPainter
from trackscope.gui.widgets.table import Table

_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class RequestTable(Table):
    """Shows a TrafficModel. `seen` says that other rows came into view.

    Selection is by rows; ranges of a million rows cost what one row does.
    """

    seen = Signal()

    def __init__(self, model: TrafficModel, parent: QWidget | None = None) -> None:
        self.requests = model
        super().__init__(model, [column.width for column in model.columns], parent)
        self._build_ui()

    def _build_ui(self) -> None:
        self.setObjectName("capturedRequests")
        self.setAccessibleName("Captured requests")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        # The header asks of every row whether it is selected: 13 s for a million. It shows none.
        header.setSelectionModel(QItemSelectionModel(self.requests, header))
        self.verticalScrollBar().valueChanged.connect(self.seen)
        self.requests.rowsInserted.connect(self.seen)
        self.requests.modelReset.connect(self.seen)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns, each in its width; selection and place stay."""
        anchor, current = self.anchor(), self.current_id()
        self.requests.set_columns(columns)
        header = self.horizontalHeader()
        for number, column in enumerate(columns):
            header.moveSection(header.visualIndex(number), number)
            header.resizeSection(number, Theme.current().px(column.width))
        if current is not None:
            self.select_id(current)
        self.scroll_to(anchor)

    def shown_columns(self) -> list[Column]:
        """The columns as a person has ordered and widened them, at normal size."""
        header, zoom = self.horizontalHeader(), Theme.current().zoom
        found = []
        for place in range(header.count()):
            number = header.logicalIndex(place)
            column = self.requests.columns[number]
            is_stretched = place == header.count() - 1
            width = column.width if is_stretched else round(header.sectionSize(number) / zoom)
            found.append(replace(column, width=width))
        return found

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row in view; (0, -1) where there is none."""
        count = self.requests.rowCount()
        first = self.rowAt(0)
        if first < 0 or not count:
            return 0, -1
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else count - 1

    def current_id(self) -> int | None:
        """The exchange that the keyboard is at."""
        return self.requests.rows.id_at(self.currentIndex().row())

    def selected_ranges(self) -> list[tuple[int, int]]:
        """The selected rows as ranges (first, last), from the top."""
        # Qt's list of ranges, which its stub does not say to be one.
        parts = cast(Iterable[QItemSelectionRange], self.selectionModel().selection())
        return sorted((part.top(), part.bottom()) for part in parts)

    def selected_ids(self, limit: int) -> list[int]:
        """The selected exchanges from the top, at most `limit`."""
        ids: list[int] = []
        for first, last in self.selected_ranges():
            for id_ in self.requests.rows.ids_between(first, last):
                if len(ids) == limit:
                    return ids
                ids.append(id_)
        return ids

    def select_id(self, id_: int, *, is_centred: bool = False) -> bool:
        """Select one exchange and no other, and bring it into view; False if it is not there."""
        row = self.requests.rows.row_of(id_)
        if row is None:
            return False
        index = self.requests.index(row, max(0, self.currentIndex().column()))
        self.selectionModel().setCurrentIndex(index, _SELECT)
        hint = QAbstractItemView.ScrollHint
        self.scrollTo(index, hint.PositionAtCenter if is_centred else hint.EnsureVisible)
        return True

    def select_ids(self, ids: Sequence[int]) -> None:
        """Select these exchanges again after the list became another."""
        selection = QItemSelection()
        last = self.requests.columnCount() - 1
        for id_ in ids:
            row = self.requests.rows.row_of(id_)
            if row is not None:
                selection.select(self.requests.index(row, 0), self.requests.index(row, last))
        self.selectionModel().select(selection, _SELECT)

    def step(self, by: int) -> None:
        """Select the next exchange downwards (1) or upwards (-1); the first where none is."""
        rows = self.requests.rows
        current = self.currentIndex().row() if self.currentIndex().isValid() else -1
        id_ = rows.next_id(current, by if current >= 0 else 1)
        if id_ is not None:
            self.select_id(id_)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where a key leads; from nowhere to the first exchange, which a divider may precede."""
        first = self.requests.rows.next_id(-1, 1)
        if self.currentIndex().isValid() or first is None:
            return super().moveCursor(action, modifiers)
        return self.requests.index(self.requests.rows.row_of(first) or 0, 0)

    def anchor(self) -> tuple[int, int] | None:
        """The exchange at the top and how far it is scrolled away, to come back to.

        None at the end where new rows appear: there they shall be seen.
        """
        first, last = self.visible_rows()
        if self.verticalScrollBar().value() == 0:
            return None
        for id_ in self.requests.rows.ids_between(first, last):
            row = self.requests.rows.row_of(id_)
            assert row is not None
            return id_, self.rowViewportPosition(row)
        return None

    def scroll_to(self, anchor: tuple[int, int] | None) -> None:
        """Scroll so that the exchange is where it was."""
        if anchor is None:
            return
        row = self.requests.rows.nearest_row(anchor[0])
        if row is not None:
            height = self.verticalHeader().defaultSectionSize()
            self.verticalScrollBar().setValue(row * height - anchor[1])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are in view."""
        painter = QPainter(self.viewport())
        rows = RowPainter(painter, self._places(), self.viewport().width())
        theme, selection = Theme.current(), self.selectionModel()
        ground = theme.colour("selection" if self.hasFocus() else "selection_idle")
        height = self.verticalHeader().defaultSectionSize()
        first, last = self.visible_rows()
        current = self.currentIndex().row() if self.hasFocus() else -1
        top = self.rowViewportPosition(first)
        for row in range(first, last + 1):
            divider = self.requests.rows.divider_at(row)
            if divider is not None:
                rows.paint_divider(top, height, divider.title)
            else:
                is_selected = selection.isSelected(self.requests.index(row, 0))
                if is_selected:
                    rows.paint_ground(top, height, ground)
                elif row == current:
                    rows.paint_current(top, height)
                rows.paint_cells(top, height, self.requests.cells_at(row))
            top += height
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More rows may be in view."""
        super().resizeEvent(event)
        self.seen.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Another zoom shows more rows or less."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.seen.emit()

    def _places(self) -> list[Place]:
        """The columns in view."""
        width = self.viewport().width()
        found = []
        for column in range(self.requests.columnCount()):
            left, size = self.columnViewportPosition(column), self.columnWidth(column)
            if left < width and left + size > 0 and not self.isColumnHidden(column):
                found.append(Place(column, left, size))
        return found
