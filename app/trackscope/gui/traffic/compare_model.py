"""Two exchanges side by side as a table: what changed, where, and both values."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, Qt

from trackscope.gui.models.row_list import Index, RowListModel
from trackscope.gui.widgets.badge_delegate import TONE_ROLE
from trackscope.gui.widgets.plain import plain
from trackscope.session.comparison import Change, Comparison, Difference

DIFFERENCE_ROLE = Qt.ItemDataRole.UserRole + 3
"""The data role under which a row's `Difference` is given."""

_TONES = {Change.CHANGED: "attention", Change.ONLY_A: "info", Change.ONLY_B: "info"}
_LIMIT = 300


class Column(IntEnum):
    """The columns, in order."""

    CHANGE = 0
    WHERE = 1
    PROPERTY = 2
    A = 3
    B = 4


HEADERS = ("Change", "Where", "Property", "A", "B")


class CompareModel(RowListModel[Difference]):
    """The rows of a comparison, all of them or only what is not the same."""

    def __init__(self, comparison: Comparison, parent: QObject | None = None) -> None:
        super().__init__(HEADERS, lambda row: (row.section, row.pointer, row.change), parent)
        self._comparison = comparison
        self.show_all(is_all=False)

    def show_all(self, *, is_all: bool) -> None:
        """Show what is the same too, or not."""
        rows = self._comparison.rows
        self.set_rows([row for row in rows if is_all or row.change is not Change.SAME])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The texts of a row; the difference itself for whoever draws it."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            texts = row.change.value, row.section, row.label, row.a, row.b
            return plain(texts[index.column()], _LIMIT)
        if role == TONE_ROLE and index.column() == Column.CHANGE:
            return _TONES.get(row.change)
        if role == DIFFERENCE_ROLE:
            return row
        return None
