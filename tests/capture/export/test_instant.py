"""Moments as other programs read them."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest

from trackscope.capture.export.instant import instant, instant_of, iso


@pytest.mark.parametrize("seconds", [1e300, -1e300, inf, nan])
def test_what_is_beyond_the_calendar_is_no_moment(seconds: float) -> None:
    assert instant(seconds) is None
    assert iso(instant(seconds)) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1322092800, "2011-11-24T00:00:00.000Z"),
        (1322092800.25, "2011-11-24T00:00:00.250Z"),
        (1322092800250, "2011-11-24T00:00:00.250Z"),
        ("1322092800.25", "2011-11-24T00:00:00.250Z"),
        (0.000001, "1970-01-01T00:00:00.000001Z"),
        (0, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_time_is_read_in_seconds_or_milliseconds(value: Any, text: str) -> None:
    assert iso(instant_of(value)) == text


@pytest.mark.parametrize("value", [None, True, "", "now", "1e9", "٣", [1], 10**400, nan, "9" * 20])
def test_what_names_no_moment_is_none(value: Any) -> None:
    assert instant_of(value) is None
