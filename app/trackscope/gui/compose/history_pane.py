"""The history under the columns: every exchange, filtered as one types."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QWidget,
)

from trackscope.gui.models.history import Column, HistoryModel
from trackscope.gui.widgets.badge_delegate import BadgeDelegate
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.table import Table

WIDTHS = (108, 72, 168, 104, 72, 176)
"""Pixels of the columns at normal size; the note takes the rest."""

EMPTY = "Nothing was sent or received yet. Press Send, or point an SDK at the collector."
NO_MATCH = "No exchange matches the search."


class HistoryPane(Pane):
    """Shows the history model; what is done with its rows is told by signals.

    `opened` asks to edit the current row in Compose, `cleared` to clear the history.
    """

    opened = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("History", parent=parent)
        self.model = HistoryModel(self)
        self._build_ui()
        self._connect()
        self.show_count(0)

    def _build_ui(self) -> None:
        self.setObjectName("historyPane")
        self.search = QLineEdit()
        self.search.setObjectName("searchHistory")
        self.search.setAccessibleName("Search history")
        self.search.setPlaceholderText("Search: event, host, token, id")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(240)
        self._clear = IconButton("trash-2", "Clear history")
        self._clear.setObjectName("clearHistory")
        self.add_action_widget(self.search)
        self.add_action_widget(self._clear)
        self.table = Table(self.model, WIDTHS)
        self.table.setObjectName("history")
        self.table.setAccessibleName("History")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table.setItemDelegateForColumn(Column.ANSWER, BadgeDelegate(self.table))
        self._empty = QLabel(EMPTY)
        self._empty.setObjectName("emptyState")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.set_content(self._stack)
        self._menu = QMenu(self)

    def _connect(self) -> None:
        self.table.doubleClicked.connect(self.opened)
        self._clear.clicked.connect(self.cleared)

    def show_count(self, count: int) -> None:
        """How many exchanges there are, of those that match."""
        self.set_extra(f"{count:,} exchange{'' if count == 1 else 's'}")
        self._clear.setEnabled(count > 0)
        self._empty.setText(NO_MATCH if self.search.text().strip() else EMPTY)
        self._stack.setCurrentIndex(0 if count else 1)

    def selected_ids(self) -> tuple[int, ...]:
        """The ids of the selected rows, from the top."""
        selected = self.table.selectionModel().selectedRows()
        rows = (self.model.row_at(index) for index in sorted(selected, key=lambda at: at.row()))
        return tuple(row.id for row in rows if row is not None)

    def step(self, by: int) -> None:
        """Select the next or previous exchange."""
        count = self.model.rowCount()
        if count:
            self.select(max(0, min(count - 1, self.table.currentIndex().row() + by)))

    def select(self, row: int) -> None:
        """Select one row and no other."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        flags |= QItemSelectionModel.SelectionFlag.Rows
        index = self.model.index(row, 0)
        self.table.selectionModel().setCurrentIndex(index, flags)
        self.table.scrollTo(index)
