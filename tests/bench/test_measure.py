"""What `make bench` reports is put together rightly; how fast anything is, no test asks."""

from __future__ import annotations

import pytest
from tests.bench.measure import Aim, Row, amount, in_turn, percentile, ratio_row


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.01234, "s", "0.0123 s"),
        (12345.6, "/s", "12,346/s"),
        (1.15, "×", "1.15×"),
        (20.0, "ms", "20 ms"),
        (0.0, "ms", "0 ms"),
        (0.061, "% of a core", "0.06 % of a core"),
    ],
)
def test_an_amount_shows_the_digits_that_count(value: float, unit: str, shown: str) -> None:
    assert amount(value, unit) == shown


def test_the_sides_take_turns() -> None:
    order: list[str] = []
    in_turn(2, {"a": lambda: order.append("a"), "b": lambda: order.append("b")})
    assert order == ["a", "b", "a", "b"]


def test_a_ratio_is_ours_over_theirs_and_held_against_its_aim() -> None:
    row = ratio_row("start", 30.0, ("python", 20.0), "ms", Aim(2, "×"))
    assert (row.measured, row.against, row.verdict) == (1.5, "python: 20 ms", "reached")


def test_an_aim_can_be_a_least() -> None:
    aim = Aim(10_000, "/s", is_least=True)
    assert Row("requests", "", "", 9_999, "/s", aim).verdict == "not reached"
    assert Row("requests", "", "", 10_000, "/s", aim).verdict == "reached"


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, percent) for percent in (50, 99, 100)] == [50, 99, 100]
