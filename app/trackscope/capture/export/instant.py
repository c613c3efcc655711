"""Moments as other programs read them; what is beyond the calendar is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")

FIRST_MILLISECONDS = 1e11
"""From here on a number is taken for milliseconds, below for seconds (decisions, "Judging")."""


def instant(seconds: float) -> datetime | None:
    """The moment so many seconds after 1970 (UTC); None beyond the years 1 to 9999.

    >>> instant(1322092800.5).isoformat()
    '2011-11-24T00:00:00.500000+00:00'
    """
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None


def instant_of(value: Any) -> datetime | None:
    """The moment that an event's `time` names: a number or digits, in seconds or milliseconds.

    >>> instant_of("1322092800") == instant_of(1322092800000)
    True
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return instant(value / 1000 if value >= FIRST_MILLISECONDS else value)
    except OverflowError:  # an integer that no fraction can hold
        return None


def iso(moment: datetime | None) -> str:
    """A moment as ISO 8601 in UTC, to the millisecond or, where that is not exact, beyond.

    >>> iso(instant(0.25)), iso(None)
    ('1970-01-01T00:00:00.250Z', '')
    """
    if moment is None:
        return ""
    is_exact = moment.microsecond % 1000 == 0
    text = moment.isoformat(timespec="milliseconds" if is_exact else "microseconds")
    return text.replace("+00:00", "Z")
