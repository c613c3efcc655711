"""Places in a text that an editor points out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MarkKind(StrEnum):
    """How a place is pointed out: an underline for a finding, a ground for a linked place."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Mark:
    """From the character at `start` to the one before `end`; an empty one marks one character."""

    start: int
    end: int
    kind: MarkKind | str
