"""How long to wait before a request that failed is sent again."""

from __future__ import annotations

import math
from datetime import UTC
from email.utils import parsedate_to_datetime

FIRST_S = 1.0
LONGEST_S = 300.0
LONGEST_ASKED_S = 3600.0
"""The longest that a server's Retry-After is heeded."""


def delay_s(failures: int, chance: float, first_s: float = FIRST_S) -> float:
    """Seconds to wait after so many failures in a row: doubling, up to `LONGEST_S`.

    `chance`, from 0 to 1, takes up to half of it off, so that not all who wait come back at once.

    >>> [delay_s(failures, 0.0) for failures in (1, 2, 3, 50)], delay_s(1, 1.0)
    ([1.0, 2.0, 4.0, 300.0], 0.5)
    """
    longest = min(LONGEST_S, first_s * 2 ** min(failures - 1, 20))
    return float(longest * (1 - chance / 2))


def asked_delay_s(retry_after: str | None, now: float) -> float:
    """Seconds that a Retry-After header asks for, as a number or a date; 0 where it does not.

    >>> asked_delay_s("120", 0.0), asked_delay_s("Thu, 01 Jan 1970 00:01:00 GMT", 10.0)
    (120.0, 50.0)
    """
    text = (retry_after or "").strip()[:100]
    try:
        seconds = float(text) if text.isascii() and text[:1].isdigit() else _date(text) - now
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_ASKED_S) if math.isfinite(seconds) else 0.0


def _date(text: str) -> float:
    moment = parsedate_to_datetime(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
