"""The history as a table: one row an exchange, newest first, read page by page."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from trackscope.gui.models.row_list import Index, RowListModel
from trackscope.gui.widgets.badge_delegate import TONE_ROLE
from trackscope.gui.widgets.plain import plain
from trackscope.history.rows import Row
from trackscope.session.explanation import NO_ANSWER
from trackscope.session.wording import duration_text
from trackscope.wire.finding import Severity

PAGE = 200
"""Rows that are read at a time."""


class Column(IntEnum):
    """The columns, in order."""

    TIME = 0
    METHOD = 1
    EVENT = 2
    ANSWER = 3
    TOOK = 4
    TARGET = 5
    NOTE = 6


COLUMNS = tuple(column.name.capitalize() for column in Column)


class HistoryModel(RowListModel[Row]):
    """Rows of the history, newest first; `wanted` asks for the rows after the oldest shown."""

    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, lambda row: row.id, parent)
        self._is_complete = True

    def show_page(self, rows: tuple[Row, ...], *, is_complete: bool) -> None:
        """Show the rows; complete when there are no older ones."""
        self._is_complete = is_complete
        self.set_rows(rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether older rows can be read."""
        return not parent.isValid() and not self._is_complete

    def fetchMore(self, parent: Index) -> None:
        """Ask for older rows, once."""
        self._is_complete = True
        self.wanted.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The texts of a row; the badge's tone for the answer."""
        row = self.row_at(index)
        if row is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == TONE_ROLE and column == Column.ANSWER:
            return tone_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == Column.ANSWER:
            return accessible_answer(row)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == Column.TOOK:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def _text(row: Row, column: int) -> str:
    match column:
        case Column.TIME:
            return _time_text(row.at)
        case Column.METHOD:
            return plain(row.method, 12)
        case Column.EVENT:
            return plain(names_text(row.names, row.events), 200)
        case Column.ANSWER:
            return answer_text(row)
        case Column.TOOK:
            return duration_text(row.took_ms) if row.took_ms is not None else ""
        case Column.TARGET:
            return plain(row.target, 80)
        case _:
            return plain(row.note or _problem(row), 300)


def _problem(row: Row) -> str:
    """Why there was no answer, or no 1: warnings are not told here."""
    return row.remark if row.failure or row.worst is Severity.ERROR else ""


def _time_text(at: float) -> str:
    """The local time of day with milliseconds; with the date where it was another day."""
    try:
        moment = datetime.fromtimestamp(at)
    except (OverflowError, ValueError, OSError):
        return "?"
    text = moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"
    return text if moment.date() == datetime.now().date() else f"{moment:%Y-%m-%d} {text}"


def names_text(names: tuple[str, ...], count: int) -> str:
    """The event's name; with the number of events for a batch."""
    if not names:
        return "not readable"
    return names[0] if count <= 1 else f"{names[0]} ({count} events)"


def answer_text(row: Row) -> str:
    """What the badge says: 1, 0, 1×1 GIF, → redirect, or the status."""
    if row.status is None:
        return NO_ANSWER
    if 300 <= row.status < 400:
        return "→ redirect"
    if row.is_image:
        return "1×1 GIF"
    return str(row.verdict) if row.verdict is not None else str(row.status)


def tone_of(row: Row) -> str:
    """The badge's tone."""
    if row.status is None:
        return "attention"
    if row.is_image or 300 <= row.status < 400 or row.verdict is None:
        return "info"
    return "success" if row.verdict else "danger"


def accessible_answer(row: Row) -> str:
    """The answer for a screen reader: `answer 0, error`."""
    words = {1: "logged", 0: "error"}.get(row.verdict, "") if row.verdict is not None else ""
    text = answer_text(row)
    return f"answer {text}, {words}" if words else f"answer {text}"
