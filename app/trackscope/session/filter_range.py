"""Puts a span of time into the text of a filter, in the place of the one that was there."""

from __future__ import annotations

import re
from datetime import datetime

_TIME_TERM = re.compile(r'(?<!\S)(?:after|before):(?:"[^"]*"?|\S*)\s*', re.IGNORECASE)


def with_range(text: str, start_s: float, end_s: float) -> str:
    """The filter that asks for the same from `start_s` up to `end_s` (seconds since 1970).

    >>> with_range("event:game after:2h", 1.0, 2.0).startswith("event:game after:19")
    True
    """
    rest = _TIME_TERM.sub("", text).strip()
    spans = f"after:{_moment(start_s)} before:{_moment(end_s)}"
    return f"{rest} {spans}" if rest else spans


def _moment(at: float) -> str:
    """Local time as a filter reads it; with milliseconds where they are not nought."""
    moment = datetime.fromtimestamp(at)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
