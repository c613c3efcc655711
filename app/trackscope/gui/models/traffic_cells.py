"""The cells of the list of requests: what stands in each column, in words, colour and form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from trackscope.capture.exchange import Origin
from trackscope.gui.models.history import (
    accessible_answer,
    answer_text,
    names_text,
    tone_of,
)
from trackscope.gui.theme.roles import SEVERITY_ROLES
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.visible_text import visible_runs
from trackscope.history.rows import Row
from trackscope.session.listing import Entry
from trackscope.session.time_line import moment_text

PROPERTY = "property:"
"""What the key of a property's column begins with."""

NUMBER = "number"
"""The key of the column of numbers, which the model fills: they depend on the other rows."""
SENDER = "sender"
"""The key of the column that says who sent a request."""

MAX_TEXT = 300
MAX_VALUE = 2_000


class Look(StrEnum):
    """How a cell is drawn."""

    WORDS = "words"
    DATA = "data"
    NUMBER = "number"
    BADGE = "badge"
    OUTLINED = "outlined"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, the role of its colour, and how it is drawn.

    `spoken` is what is read out instead of the text, `tip` says more when it is pointed at.
    """

    text: str = ""
    role: str = "text"
    look: Look = Look.WORDS
    tip: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the settings, its title, and its width in pixels at normal size."""

    key: str
    title: str
    width: int
    is_number: bool = False


COLUMNS = (
    Column(NUMBER, "#", 68, is_number=True),
    Column("time", "Time", 156),
    Column("method", "Method", 64),
    Column("event", "Event", 160),
    Column("answer", "Answer", 104),
    Column(SENDER, "Sender", 168),
    Column("host", "Host", 144),
    Column("events", "Events", 60, is_number=True),
    Column("finding", "Finding", 360),
    Column("source", "Source", 136),
    Column("page", "Page", 176),
    Column("note", "Note", 120),
)
"""Every column that is not a property, in the order in which they are offered."""

DEFAULT = (NUMBER, "time", "method", "event", "answer", SENDER, "events", "finding", "note")
_BY_KEY = {column.key: column for column in COLUMNS}


def column_of(key: str) -> Column | None:
    """The column of a key; None for a key that there is none of."""
    if key.startswith(PROPERTY) and len(key) > len(PROPERTY):
        return Column(key, plain(key.removeprefix(PROPERTY), 80), 136)
    return _BY_KEY.get(key)


def properties_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """The names of the properties that have a column."""
    keys = (column.key for column in columns)
    return tuple(key.removeprefix(PROPERTY) for key in keys if key.startswith(PROPERTY))


def has_sender(columns: Sequence[Column]) -> bool:
    """Whether one of the columns says who sent a request."""
    return any(column.key == SENDER for column in columns)


def cells_of(entry: Entry, columns: Sequence[Column]) -> tuple[Cell, ...]:
    """The cells of a row, one a column."""
    return tuple(_cell(entry, column.key) for column in columns)


def _cell(entry: Entry, key: str) -> Cell:
    if key.startswith(PROPERTY):
        name = key.removeprefix(PROPERTY)
        return value_cell(entry.values[name]) if name in entry.values else Cell()
    if key == SENDER:
        return Cell(plain(entry.sender, MAX_TEXT), tip=plain(entry.sender, MAX_TEXT))
    return _CELLS[key](entry.row)


def value_cell(value: Any) -> Cell:
    """A property's value: texts in quotes, blanks at their ends visible, each type its colour.

    >>> value_cell("pro ").text, value_cell(3).role
    ('"pro␣"', 'number')
    """
    if isinstance(value, str):
        shown = "".join(run for run, _ in visible_runs(value, MAX_TEXT))
        return Cell(f'"{shown}"', "string", Look.DATA, spoken=plain(value, MAX_TEXT))
    role = "literal" if value is None or isinstance(value, bool) else "punctuation"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        role = "number"
    return Cell(plain(_json(value), MAX_TEXT), role, Look.DATA)


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()[:MAX_VALUE]
    except TypeError:  # an integer of more than 64 bits, a lone surrogate
        pass
    try:
        return repr(value)[:MAX_VALUE]
    except ValueError:
        return "a number of thousands of digits"


def number_cell(number: int) -> Cell:
    """The number of a row, from 1; without commas a million still has room."""
    return Cell(str(number), "muted", Look.NUMBER)


def _no_number(row: Row) -> Cell:
    return Cell()


def _time(row: Row) -> Cell:
    """The time of day with milliseconds, and the day where it was another one.

    In another year the seconds are enough: the tip has the rest.
    """
    day, time = moment_text(row.at, "%Y-%m-%d"), moment_text(row.at, "%H:%M:%S.%f")[:-3] or "?"
    today = f"{datetime.now():%Y-%m-%d}"
    if day in ("?", today):
        shown = time
    elif day[:4] == today[:4]:
        shown = f"{day[5:]} {time}"
    else:
        shown = f"{day} {time[:-4]}"
    return Cell(shown, look=Look.DATA, tip=f"{day} {time}")


def _event(row: Row) -> Cell:
    if not row.names:
        return Cell("not readable", "danger")
    more = row.events - 1
    text = plain(row.names[0], MAX_TEXT)
    tip = names_text(row.names, row.events)
    return Cell(f"{text}  +{more:,}" if more > 0 else text, tip=plain(tip, MAX_TEXT))


def _is_predicted(row: Row) -> bool:
    """Whether the capture does not say what was answered: many leave out the bodies of answers."""
    if row.origin is not Origin.OPENED or row.is_image or row.verdict is not None:
        return False
    return row.status is None or (row.status == 200 and row.predicted is not None)


def answer_cell(row: Row) -> Cell:
    """The answer as a filled badge, or what the rules predict as an outlined one with `?`."""
    if not _is_predicted(row):
        return Cell(answer_text(row), tone_of(row), Look.BADGE, spoken=accessible_answer(row))
    if row.predicted is None:
        tip = "The capture holds neither an answer nor all of the request."
        return Cell("?", "attention", Look.OUTLINED, tip, "no answer, not predicted")
    tone = "success" if row.predicted else "danger"
    tip = f"Predicted by the rules: {row.predicted}. The capture does not hold the answer."
    return Cell(
        f"{row.predicted}?", tone, Look.OUTLINED, tip, f"predicted {row.predicted}, no answer"
    )


def _events(row: Row) -> Cell:
    return Cell(f"{row.events:,}", look=Look.NUMBER)


def _finding(row: Row) -> Cell:
    """The gravest finding, in the colour of its severity."""
    text = plain(row.remark, MAX_TEXT)
    role = SEVERITY_ROLES[row.worst] if row.worst in ("error", "warning") else "text"
    return Cell(text, role, tip=text)


def _words(attribute: str, role: str = "text") -> Callable[[Row], Cell]:
    def cell(row: Row) -> Cell:
        text = plain(getattr(row, attribute), MAX_TEXT)
        return Cell(text, role, tip=text)

    return cell


_CELLS: dict[str, Callable[[Row], Cell]] = {
    NUMBER: _no_number,
    "time": _time,
    "method": _words("method"),
    "event": _event,
    "answer": answer_cell,
    "host": _words("host"),
    "events": _events,
    "finding": _finding,
    "source": _words("source", "muted"),
    "page": _words("page", "muted"),
    "note": _words("note"),
}
