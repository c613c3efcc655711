"""When a request counts as received: as it was, some time later or earlier, or at one moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_SHIFT = re.compile(r"([+-]\d{1,12}(?:\.\d{1,6})?)([smhd]?)")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_UNITS_S = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Arrival:
    """`fixed` is the moment that counts for all (seconds since 1970); None: each one's own.

    `shift_s` is added to it, in seconds.
    """

    fixed: float | None = None
    shift_s: float = 0.0

    def of(self, at: float) -> float:
        """When what was received at `at` counts as received."""
        return (at if self.fixed is None else self.fixed) + self.shift_s


AS_IT_WAS = Arrival()


def arrival(text: str) -> Arrival:
    """The arrival that a text stands for; ValueError where it is none.

    That is seconds since 1970, a date and time (UTC where it names no zone), or how much later
    than it was: `+3d`, `-2h`, `+90m`, `+5` seconds.

    >>> arrival("+3d"), arrival("2011-11-23")
    (Arrival(fixed=None, shift_s=259200.0), Arrival(fixed=1322006400.0, shift_s=0.0))
    """
    shift = _SHIFT.fullmatch(text)
    if shift:
        return Arrival(shift_s=float(shift[1]) * _UNITS_S[shift[2]])
    return Arrival(_seconds(text))


def _seconds(text: str) -> float:
    if _NUMBER.fullmatch(text):
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
