"""Expectations in words."""

from __future__ import annotations

import pytest

from trackscope.plan.condition import Condition
from trackscope.plan.expectation import (
    Counting,
    Names,
    Quantity,
    Wanted,
    duration,
    limits_text,
    listed,
)


@pytest.mark.parametrize(
    ("quantity", "text", "good", "bad"),
    [
        (Quantity(), "at least 1", [1, 9], [0]),
        (Quantity(2, 2), "exactly 2", [2], [1, 3]),
        (Quantity(0, 3), "at most 3", [0, 3], [4]),
        (Quantity(1, 3), "1 to 3", [1, 3], [0, 4]),
    ],
)
def test_a_quantity_holds_its_counts(
    quantity: Quantity, text: str, good: list[int], bad: list[int]
) -> None:
    assert quantity.text == text
    assert all(count in quantity for count in good)
    assert not any(count in quantity for count in bad)


def test_names_without_a_pattern_are_those_of_every_event() -> None:
    assert "whatever" in Names()
    assert "Buy" in Names(("Page *", "Buy"))
    assert "Buys" not in Names(("Page *", "Buy"))


def test_a_hostile_name_is_cut_in_a_sentence() -> None:
    text = Counting(Wanted(Names(("x\x1b" * 500,)), (Condition("p", "=", ("y" * 500,)),))).text
    assert len(text) < 250
    assert text.isprintable()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 ms"), (0.5, "500 ms"), (1, "1 s"), (90, "90 s"), (3600, "1 h"), (172_800, "2 d")],
)
def test_a_duration_is_told_in_a_unit_that_fits(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_limits_are_told_where_there_are_any() -> None:
    assert limits_text(None, ()) == ""
    assert limits_text(5, ("a", "b")) == " within 5 s with the same a and b"
    assert listed(("a",)) == "a"
