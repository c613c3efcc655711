"""The rate of arrivals: over the last seconds, however it is asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackscope.session.arrivals import MAX_SEEN, SPAN_S, Rate, rate_text


def test_what_was_there_before_did_not_arrive() -> None:
    rate = Rate()
    rate.observe(1_000_000, 0.0)
    assert rate.per_second(0.1) == 0


def test_a_rate_fades_when_nothing_comes_any_more() -> None:
    rate = Rate()
    rate.observe(0, 0.0)
    rate.observe(30, 1.0)
    assert rate.per_second(1.0) == 10
    assert rate.per_second(1.0 + SPAN_S) == 0


def test_a_list_that_was_cleared_begins_anew() -> None:
    rate = Rate()
    rate.observe(100, 0.0)
    rate.observe(0, 1.0)
    rate.observe(6, 1.5)
    assert rate.per_second(2.0) == 2


def test_another_list_begins_anew() -> None:
    rate = Rate()
    rate.observe(100, 0.0)
    rate.forget()
    rate.observe(900, 0.5)
    assert rate.per_second(1.0) == 0
    assert Rate().per_second(0.0) == 0


@given(st.integers(1, 3 * MAX_SEEN), st.integers(1, 10_000))
def test_a_steady_stream_has_its_own_rate(beats: int, each: int) -> None:
    rate = Rate()
    for beat in range(beats + 40):
        rate.observe(each * beat, beat / 10)
    assert abs(rate.per_second((beats + 39) / 10) - each * 10) <= each


def test_few_arrivals_are_not_called_none() -> None:
    assert rate_text(0.01) == "0.1 /s"
