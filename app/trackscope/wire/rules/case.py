"""What a rule looks at, and what it yields."""

from __future__ import annotations

from dataclasses import dataclass

from trackscope.wire.decoding import Decoded
from trackscope.wire.edit import Edit
from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Fix, Place
from trackscope.wire.request import TrackRequest


@dataclass(frozen=True, slots=True)
class Case:
    """A request, what was read in it, the rule book, and the moment of arrival."""

    request: TrackRequest
    decoded: Decoded
    book: RuleBook
    now: float


@dataclass(frozen=True, slots=True)
class Raw:
    """A finding without its severity. `stops` makes it an error: nothing could be read."""

    rule: str
    at: str
    message: str
    place: Place | None = None
    fix: Fix | None = None
    stops: bool = False


def fix(label: str, *edits: Edit) -> Fix:
    """A fix of these edits."""
    return Fix(label, edits)


def printable(text: str) -> str:
    """The text with what cannot be shown on one line as escapes: controls, halves of pairs.

    >>> printable("a\\u202eb")
    'a\\\\u202eb'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def short(text: str, limit: int = 60) -> str:
    """A name or value from outside as part of a sentence: printable, and cut where it is long."""
    return printable(text if len(text) <= limit else f"{text[: limit - 1]}…")
