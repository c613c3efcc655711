"""How long a target that fails is left alone."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.session.backoff import LONGEST_ASKED_S, LONGEST_S, asked_delay_s, delay_s


@given(st.integers(1, 10**9), st.floats(0, 1))
def test_it_is_never_longer_than_the_longest_nor_shorter_than_half(
    failures: int, chance: float
) -> None:
    longest = delay_s(failures, 0.0)
    assert 1 <= longest <= LONGEST_S
    assert longest / 2 <= delay_s(failures, chance) <= longest


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("7", 7),
        (" 2.5 ", 2.5),
        ("86400", LONGEST_ASKED_S),
        ("Thu, 24 Nov 2011 00:00:30 GMT", 30),
        ("Thu, 24 Nov 2011 00:00:30", 30),
        ("Wed, 23 Nov 2011 00:00:00 GMT", 0),
        ("-5", 0),
        ("soon", 0),
        ("1e999", 0),
        ("٣", 0),
        ("9" * 5000, LONGEST_ASKED_S),
    ],
)
def test_a_server_is_heeded_within_reason(header: str | None, seconds: float) -> None:
    assert asked_delay_s(header, 1_322_092_800.0) == seconds


@given(st.text(max_size=40))
def test_no_header_breaks_it(header: str) -> None:
    found = asked_delay_s(header, 1_322_092_800.0)
    assert math.isfinite(found)
    assert 0 <= found <= LONGEST_ASKED_S
