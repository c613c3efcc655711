"""What a rule looks at, and how it says what it found."""

from __future__ import annotations

from dataclasses import dataclass

from trackscope.wire.decoding import Decoded
from trackscope.wire.edit import Edit
from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Finding, Fix, Place
from trackscope.wire.request import TrackRequest

MAX_SHOWN = 60
"""Characters of a foreign text that a message shows."""


@dataclass(frozen=True, slots=True)
class Case:
    """A request, what was read in it, the rule book, and the moment of arrival."""

    request: TrackRequest
    decoded: Decoded
    book: RuleBook
    now: float

    def finding(
        self,
        rule: str,
        at: str,
        message: str,
        place: Place | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding with the severity that the rule book gives it."""
        return Finding(rule, self.book.severities[rule], at, message, place, fix)


def fix(label: str, *edits: Edit) -> Fix:
    """A fix of these edits."""
    return Fix(label, edits)


def shown(text: str) -> str:
    """A text from outside as part of a sentence: cut, and what cannot be printed escaped.

    >>> shown("a\\nb"), len(shown("x" * 100))
    ('a\\\\nb', 61)
    """
    text = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
