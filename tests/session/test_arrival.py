from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.session.arrival import Arrival, arrival


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1245613885", Arrival(1245613885)),
        ("0.5", Arrival(0.5)),
        ("2009-06-21T19:51:25Z", Arrival(1245613885)),
        ("2009-06-21T21:51:25+02:00", Arrival(1245613885)),
        ("2009-06-21T19:51:25", Arrival(1245613885)),
        ("+3d", Arrival(shift_s=3 * 86_400)),
        ("-2h", Arrival(shift_s=-7200)),
        ("+1.5m", Arrival(shift_s=90)),
        ("+5", Arrival(shift_s=5)),
    ],
)
def test_a_moment_or_a_shift_is_read(text: str, expected: Arrival) -> None:
    assert arrival(text) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "3d", "+3w", "+", "nan", "inf", "+1" + "0" * 20])
def test_any_other_text_is_a_value_error(text: str) -> None:
    try:
        found = arrival(text)
    except ValueError:
        return
    pytest.fail(f"{text} was read as {found}")


def test_a_shift_starts_from_each_ones_own_moment() -> None:
    assert Arrival().of(7.0) == 7.0
    assert Arrival(shift_s=3.0).of(7.0) == 10.0
    assert Arrival(100.0).of(7.0) == 100.0


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = arrival(text)
    except ValueError:
        return
    assert found.of(0.0) == found.of(0.0)
