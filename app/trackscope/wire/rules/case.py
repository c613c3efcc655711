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
    """A request, what was read in it, the rule book, and the moment of arrival.

    `is_import` is that of the request, which every event of it asks for.
    """

    request: TrackRequest
    decoded: Decoded
    book: RuleBook
    now: float
    is_import: bool = False


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
