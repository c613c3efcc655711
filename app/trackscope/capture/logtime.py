"""Times as logs write them, in seconds since 1970 (UTC)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COMMON = re.compile(
    r"(\d{1,2})/([A-Za-z]{3})/(\d{4})[: ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?"
    r"(?: ?([+-])(\d\d):?(\d\d))?"
)
_NUMBER = re.compile(r"\d{9,19}(?:\.\d{1,9})?")
_MAX_LENGTH = 40


def log_time(value: Any) -> float | None:
    """Seconds since 1970 of a number or text in a log; None where it is no time.

    Read are Apache's form, ISO 8601 (UTC where it names no zone), and numbers since 1970 in
    seconds, or in smaller units as their size tells.

    >>> log_time("23/Nov/2026:15:22:22 +0000"), log_time("2026-11-23T15:22:22Z")
    (1795447342.0, 1795447342.0)
    >>> log_time(1795447342500), log_time("a while ago")
    (1795447342.5, None)
    """
    if isinstance(value, str):
        return _of_text(value) if len(value) <= _MAX_LENGTH else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_number(value)
    return None


@lru_cache(maxsize=1024)
def _of_text(text: str) -> float | None:
    """The time of a text; many lines of a log have the same."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return _of_number(float(text))
    common = _COMMON.fullmatch(text)
    try:
        if common is None:
            moment = datetime.fromisoformat(text.replace("/", "-"))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        day, month, year, hour, minute, second, fraction, sign, hours, minutes = common.groups()
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
        date = int(year), _MONTHS.index(month.lower()) + 1, int(day)
        whole = datetime(*date, int(hour), int(minute), int(second), tzinfo=zone).timestamp()
        return whole + float(f"0.{fraction or 0}")
    except (ValueError, OverflowError):
        return None


def _of_number(number: float) -> float | None:
    for unit in (1, 1e3, 1e6, 1e9):
        if 1e8 <= number / unit < 1e11:  # from 1973 to 5138
            return number / unit
    return None
