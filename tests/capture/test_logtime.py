from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.logtime import log_time

AT = 1_795_447_342.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("23/Nov/2026:15:22:22 +0000", AT),
        ("23/Nov/2026:17:22:22 +0200", AT),
        ("23/Nov/2026:09:52:22 -0530", AT),
        ("23/nov/2026 15:22:22", AT),
        ("23/Nov/2026:15:22:22.250 +0000", AT + 0.25),
        ("2026-11-23T15:22:22+00:00", AT),
        ("2026-11-23T15:22:22.5Z", AT + 0.5),
        ("2026-11-23 15:22:22", AT),
        ("2026/11/23 15:22:22", AT),
        (AT, AT),
        (1795447342, AT),
        (1795447342500, AT + 0.5),
        (1795447342500000, AT + 0.5),
        (1795447342500000000, AT + 0.5),
        ("1795447342.5", AT + 0.5),
        ("1795447342500", AT + 0.5),
    ],
)
def test_times_are_read_in_every_form_that_logs_have(value: Any, seconds: float) -> None:
    assert log_time(value) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "", "-", "yesterday", "99/Nov/2026:15:22:22 +0000", "23/Foo/2026:15:22:22 +0000",
        "23/Nov/2026:15:22:22 +9959", "x" * 1000, "0.012", 0.012, 1, -5.0, float("nan"),
        float("inf"), True, None, [], {}, "23/Nov/0000:15:22:22 +0000",
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(value: Any) -> None:
    assert log_time(value) is None


@given(st.text(max_size=50) | st.integers() | st.floats())
def test_nothing_in_place_of_a_time_breaks_the_reading(value: Any) -> None:
    assert log_time(value) is None or isinstance(log_time(value), float)
