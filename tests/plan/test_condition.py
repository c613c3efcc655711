"""Conditions on the value of a property."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.plan.condition import is_like, read_condition


@pytest.mark.parametrize(
    ("written", "good", "bad"),
    [
        ("> 0", [1, 0.5], [0, -1, "1", True, None]),
        (">=2", [2, 3], [1.9, "2"]),
        ("< -1.5", [-2], [-1.5, 0]),
        ("<= 3", [3, -4], [4]),
        ("= 5", [5, 5.0], ["5", 6]),
        ("!= 5", [6, "5"], [5]),
        ("= >x", [">x"], ["x"]),
        ("!= EUR", ["USD"], ["EUR"]),
        (5, [5], ["5", True]),
        (True, [True], [1, "true"]),
        (None, [None], ["", 0]),
        ("pro", ["pro"], ["Pro", "prog"]),
        ("pro*", ["pro", "prog"], ["xpro", 3]),
        (["free", 1], ["free", 1], ["pro", True]),
    ],
)
def test_a_condition_takes_what_it_says_and_nothing_else(
    written: Any, good: list[Any], bad: list[Any]
) -> None:
    condition = read_condition("p", written)
    assert [value for value in good if not condition.holds({"p": value})] == []
    assert [value for value in bad if condition.holds({"p": value})] == []
    assert not condition.holds({})


@pytest.mark.parametrize("written", [{}, [], [[1]], date(2026, 1, 1), "> ", "> much", "<= a"])
def test_what_is_no_condition_is_refused(written: Any) -> None:
    with pytest.raises(ValueError, match=r"expected is|needs a number"):
        read_condition("p", written)


def test_a_condition_says_what_it_asks_and_what_is_against_it() -> None:
    condition = read_condition("amount", "> 0")
    assert condition.text == "amount > 0"
    assert condition.objection({"amount": "5"}) == 'amount is the string "5"'
    assert condition.objection({}) == "amount is missing"
    assert read_condition("token", "x").objection({"token": "e3bc"}) == "token is a string"
    assert read_condition("plan", "pro*").text == "plan like pro*"


@given(st.text("ab", max_size=8), st.text("ab*", max_size=8))
def test_a_pattern_is_as_the_regular_expression_that_it_stands_for(text: str, pattern: str) -> None:
    meant = re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text)
    assert is_like(text, pattern) == (meant is not None)
