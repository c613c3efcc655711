"""What every measurement is made of: a row with its aim, rounds in turn, and medians."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a row is held to: a value to stay under or, `is_least`, to get over."""

    value: float
    unit: str
    is_least: bool = False

    def is_reached_by(self, measured: float) -> bool:
        """Whether the measured number is good enough."""
        return measured >= self.value if self.is_least else measured <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {amount(self.value, self.unit)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ours, what it was measured against, and the number that counts.

    Without an aim the row is for information.
    """

    what: str
    ours: str
    against: str
    measured: float
    unit: str
    aim: Aim | None = None

    @property
    def verdict(self) -> str:
        """`reached`, `not reached`, or nothing where there is no aim."""
        if self.aim is None:
            return ""
        return "reached" if self.aim.is_reached_by(self.measured) else "not reached"


def ratio_row(
    what: str, ours: float, against: tuple[str, float], unit: str, aim: Aim | None = None
) -> Row:
    """A row whose number is ours divided by the other's, both in `unit`."""
    name, other = against
    ratio = ours / other if other else math.inf
    return Row(what, amount(ours, unit), f"{name}: {amount(other, unit)}", ratio, "×", aim)


def amount(value: float, unit: str) -> str:
    """A number as people read it: three digits that count, thousands apart.

    >>> amount(0.01234, "s"), amount(12345.6, "/s"), amount(1.15, "×")
    ('0.0123 s', '12,346/s', '1.15×')
    """
    if unit == "% of a core":
        shown = f"{value:.2f}"
    elif value == 0 or math.isinf(value) or abs(value) >= 100:
        shown = f"{value:,.0f}"
    else:
        digits = max(0, 2 - math.floor(math.log10(abs(value))))
        shown = f"{value:.{digits}f}"
        shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return f"{shown}{'' if unit in ('×', '/s') else ' '}{unit}"


def in_turn(rounds: int, sides: Mapping[str, Callable[[], Result]]) -> dict[str, list[Result]]:
    """Run the sides A B A B: whatever slows the machine for a while slows them all."""
    results: dict[str, list[Result]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            results[name].append(run())
    return results


def middle(values: list[float]) -> float:
    """The median; the median of nothing is not a number."""
    return median(values) if values else math.nan


def percentile(values: list[float], percent: float) -> float:
    """The smallest of the values that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
