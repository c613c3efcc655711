"""Rows of texts as a table: for what is shown whole and only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt

from trackscope.gui.models.row_list import Index, RowListModel
from trackscope.gui.widgets.badge_delegate import TONE_ROLE
from trackscope.gui.widgets.plain import plain

_LIMIT = 300
_NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row: its key, its texts, and the tone of the badge in its column of states, if any."""

    key: object
    texts: tuple[str, ...]
    tone: str | None = None


class TextRowModel(RowListModel[TextRow]):
    """Texts under headers; from the column `numbers_from` on they are numbers.

    `state_column` is the one whose text is a badge in a row's tone.
    """

    def __init__(
        self,
        headers: Sequence[str],
        *,
        numbers_from: int = 1_000,
        state_column: int = -1,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(tuple(headers), lambda row: row.key, parent)
        self._numbers_from = numbers_from
        self._state_column = state_column

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """The title of a column, at the side at which its texts stand."""
        is_number = section >= self._numbers_from
        if is_number and role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBERS
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The texts of a row, numbers at the right."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(row.texts[index.column()], _LIMIT)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= self._numbers_from:
            return _NUMBERS
        if role == TONE_ROLE and index.column() == self._state_column:
            return row.tone
        return None
