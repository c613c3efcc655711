"""A rule's result: what is wrong, where, on which sentence it rests, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trackscope.wire.edit import Edit


class Severity(StrEnum):
    """`ERROR` makes the verdict 0; the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Face(StrEnum):
    """A text in which a place can be pointed at."""

    JSON = "json"
    """The payload's JSON text, in characters."""
    DATA = "data"
    """The value of `data` after form-decoding, in characters."""
    URL = "url"
    """The literal URL, in characters."""
    BODY = "body"
    """The literal body, in bytes."""


@dataclass(frozen=True, slots=True)
class Place:
    """An offset in one of the request's texts."""

    face: Face
    offset: int


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that make the finding go away; `label` is the imperative for its button."""

    label: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    `at` is a JSON pointer into the list of events (`/0/properties/time`, also for a single
    event), `?name` for a parameter, or empty for the request as a whole. `place` is known where
    the defect lies in a text; `trackscope.wire.place` finds the other texts' offsets.
    """

    rule: str
    severity: Severity
    at: str
    message: str
    place: Place | None = None
    fix: Fix | None = None
