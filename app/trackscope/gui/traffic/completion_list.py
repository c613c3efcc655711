"""The list under the filter: completions of the word being typed, over what its field takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QListView, QWidget

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.plain import plain

MAX_SHOWN = 12
"""Rows that are seen without scrolling."""

MAX_OFFERED = 48

_LEAST_PX, _MOST_PX = 280, 560
_ROOM_PX = 32


class CompletionList(QCompleter):
    """A popup of `widget`; `activated` carries the completion that was chosen."""

    def __init__(self, widget: QWidget) -> None:
        self._rows = QStandardItemModel()
        super().__init__(self._rows, widget)
        self._rows.setParent(self)
        self.setWidget(widget)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(MAX_SHOWN)
        self._list = QListView()
        self._list.setObjectName("filterCompletions")
        self._list.setAccessibleName("Completions")
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setPopup(self._list)

    @property
    def is_shown(self) -> bool:
        """Whether it is open."""
        return self._list.isVisible()

    @property
    def is_chosen(self) -> bool:
        """Whether somebody walked to a completion: Enter is for that, and else for the filter."""
        return self.is_shown and self._list.currentIndex().isValid()

    @property
    def first(self) -> str:
        """The completion at the top while it is open; empty where there is none."""
        item = self._rows.item(0) if self.is_shown else None
        return item.text() if item is not None and item.isEnabled() else ""

    def hide(self) -> None:
        """Close it."""
        self._list.hide()

    def show_under(self, area: QRect, values: Sequence[str], hint: str) -> None:
        """Open it under an area of the widget, with a line of advice that cannot be chosen.

        Without either it is closed.
        """
        self._rows.clear()
        for value in values[:MAX_OFFERED]:
            self._rows.appendRow(QStandardItem(value))
        if hint:
            advice = QStandardItem(plain(hint, 200))
            advice.setEnabled(False)
            self._rows.appendRow(advice)
        if not self._rows.rowCount():
            self.hide()
            return
        px = Theme.current().px
        wanted = self._list.sizeHintForColumn(0) + px(_ROOM_PX)
        area.setWidth(max(px(_LEAST_PX), min(wanted, px(_MOST_PX))))
        self.complete(area)
        self._list.setCurrentIndex(QModelIndex())  # a list that opens is at its first row
