"""The list of requests as a table: a million rows of ids, with the few that are seen filled in."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from trackscope.gui.models.row_list import Index
from trackscope.gui.models.traffic_cells import (
    NUMBER,
    Cell,
    Column,
    cells_of,
    has_sender,
    number_cell,
    properties_of,
)
from trackscope.gui.widgets.plain import plain_tooltip
from trackscope.history.rows import Row
from trackscope.session.listing import Entry
from trackscope.session.row_map import Divider, RowMap

MAX_ENTRIES = 4_096
"""Rows that are kept filled in; what was seen longest ago is forgotten."""

PLACEHOLDER = "…"
_NO_FLAGS = Qt.ItemFlag.NoItemFlags
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class TrafficModel(QAbstractTableModel):
    """Rows of a RowMap; `fill` gives them their contents once somebody has read them.

    A row that was not read yet shows an ellipsis; `missing` tells which those are.
    """

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = RowMap()
        self._whole = self._rows.ids
        self._columns = tuple(columns)
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._cells: dict[int, tuple[Cell, ...]] = {}

    @property
    def rows(self) -> RowMap:
        """Which exchange stands in which row."""
        return self._rows

    @property
    def whole(self) -> array[int]:
        """Every exchange of the source, rising, also those that are not shown.

        A row's number is its place among them: a filter leaves it as it is.
        """
        return self._whole

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns from the left, before a person moved any."""
        return self._columns

    def show_rows(self, rows: RowMap, whole: array[int] | None = None) -> None:
        """Show another list; what was read of it already is still known.

        `whole` is as the property; without it the rows are all that there is.
        """
        self.beginResetModel()
        self._rows = rows
        self._whole = rows.ids if whole is None else whole
        self.endResetModel()

    def append(self, ids: array[int], dividers: Sequence[Divider]) -> None:
        """Show exchanges that are newer than all others: under them, or over them.

        Where not all are shown, `whole` has to have them already.
        """
        if not ids:
            return
        tail = self._rows.tail(ids, dividers)
        first = 0 if self._rows.is_newest_first else len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(tail) - 1)
        self._rows.extend(tail)
        self.endInsertRows()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; what their properties hold has to be read anew."""
        is_more = bool(set(properties_of(columns)) - set(properties_of(self._columns)))
        is_more |= has_sender(columns) and not has_sender(self._columns)
        self.beginResetModel()
        self._columns = tuple(columns)
        self._cells.clear()
        if is_more:
            self._entries.clear()
        self.endResetModel()

    def fill(self, read: Iterable[tuple[Entry, tuple[Cell, ...]]]) -> None:
        """Take what was read of some rows, with their cells in the present columns."""
        touched = []
        for entry, cells in read:
            id_ = entry.row.id
            self._entries[id_] = entry
            self._entries.move_to_end(id_)
            self._cells[id_] = cells
            row = self._rows.row_of(id_)
            if row is not None:
                touched.append(row)
        while len(self._entries) > MAX_ENTRIES:
            old, _ = self._entries.popitem(last=False)
            self._cells.pop(old, None)
        if touched:
            last = self.index(max(touched), self.columnCount() - 1)
            self.dataChanged.emit(self.index(min(touched), 0), last)

    def forget(self, ids: Iterable[int] | None = None) -> None:
        """Read these rows anew, or all, when they are seen next."""
        for id_ in tuple(self._entries) if ids is None else ids:
            self._entries.pop(id_, None)
            self._cells.pop(id_, None)

    def missing(self, first: int, last: int) -> list[int]:
        """The exchanges between two rows that were not read yet."""
        return [id_ for id_ in self._rows.ids_between(first, last) if id_ not in self._entries]

    def row_at(self, row: int) -> Row | None:
        """What was read of a row; None where nothing was yet."""
        id_ = self._rows.id_at(row)
        entry = None if id_ is None else self._entries.get(id_)
        return entry.row if entry else None

    def cells_at(self, row: int) -> tuple[Cell, ...] | None:
        """The cells of a row; None for a divider and for a row that was not read yet."""
        id_ = self._rows.id_at(row)
        if id_ is None:
            return None
        cells = self._cells.get(id_)
        if cells is None and id_ in self._entries:
            cells = self._cells[id_] = cells_of(self._entries[id_], self._columns)
        return None if cells is None else self._numbered(id_, cells)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        """How many rows there are, dividers included."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Dividers can neither be selected nor walked to."""
        return _NO_FLAGS if self._rows.id_at(index.row()) is None else _FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, what is read out for it, and its tool tip."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self._cell(index)
            return (cell.spoken or cell.text) if cell else self._text(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = self._cell(index)
            return plain_tooltip(cell.tip) if cell and cell.tip else None
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """The title of a column, at the side at which its cells stand."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[section].is_number:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def shown_ids(self) -> Iterator[int]:
        """Every exchange of the list, from the top."""
        return self._rows.ids_between(0, len(self._rows) - 1)

    def _numbered(self, id_: int, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The cells with the row's number, which is another one once others were cleared."""
        place = bisect_left(self._whole, id_)
        if place == len(self._whole) or self._whole[place] != id_:
            return cells
        return tuple(
            number_cell(place + 1) if column.key == NUMBER else cell
            for column, cell in zip(self._columns, cells, strict=True)
        )

    def _text(self, index: Index) -> str:
        cell = self._cell(index)
        if cell is not None:
            return cell.text
        divider = self._rows.divider_at(index.row())
        if divider is not None:
            return divider.title if index.column() == 0 else ""
        return PLACEHOLDER

    def _cell(self, index: Index) -> Cell | None:
        cells = self.cells_at(index.row())
        return cells[index.column()] if cells and index.column() < len(cells) else None
