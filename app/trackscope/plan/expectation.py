"""What is expected of the events of a run, in the order in which they come.

The form in which people write it is in docs/guide/expectations.md; `read_expectations`
(trackscope.plan.expectation_reading) makes these values of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from trackscope.plan.condition import Condition, is_like
from trackscope.plan.occurrence import Occurrence
from trackscope.wire.shown import short


@dataclass(frozen=True, slots=True)
class Names:
    """Events by their names, in which `*` stands for any characters; none: every event."""

    patterns: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return not self.patterns or any(is_like(name, pattern) for pattern in self.patterns)

    @property
    def text(self) -> str:
        """The names as a part of a sentence: `Purchase or Order *`."""
        return " or ".join(map(short, self.patterns)) or "event"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Events of these names whose properties fulfil all conditions."""

    names: Names
    conditions: tuple[Condition, ...] = ()

    def objection(self, occurrence: Occurrence) -> str:
        """Why an event of these names is none of them; empty where it is one."""
        properties = occurrence.properties
        return next(
            (e.objection(properties) for e in self.conditions if not e.holds(properties)), ""
        )

    @property
    def text(self) -> str:
        """They in words: `Purchase with amount > 0`."""
        if not self.conditions:
            return self.names.text
        return f"{self.names.text} with {' and '.join(each.text for each in self.conditions)}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """From `least` to `most` events; `most` None: however many."""

    least: int = 1
    most: int | None = None

    def __contains__(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)

    @property
    def text(self) -> str:
        """It in words: `exactly 1`, `at least 2`, `1 to 3`."""
        if self.most is None:
            return f"at least {self.least:,}"
        if self.least == self.most:
            return f"exactly {self.most:,}"
        return f"{self.least:,} to {self.most:,}" if self.least else f"at most {self.most:,}"


@dataclass(frozen=True, slots=True)
class Following:
    """After each `trigger`, so many of what is wanted come.

    They count until `within_s` seconds are over, the next trigger comes, or the run ends. Of both,
    the properties `same` are equal: each of their values has triggers of its own.
    """

    trigger: Names
    wanted: Wanted
    quantity: Quantity = Quantity()
    within_s: float | None = None
    same: tuple[str, ...] = ()
    title: str = ""

    @property
    def text(self) -> str:
        """The expectation as a sentence without an end."""
        return (
            f"after {self.trigger.text}, {self.quantity.text} {self.wanted.text}"
            f"{limits_text(self.within_s, self.same)}"
        )


@dataclass(frozen=True, slots=True)
class Preceding:
    """Before each `trigger`, what is wanted has come, as the other fields say in `Following`."""

    trigger: Names
    wanted: Wanted
    within_s: float | None = None
    same: tuple[str, ...] = ()
    title: str = ""

    @property
    def text(self) -> str:
        """The expectation as a sentence without an end."""
        limits = limits_text(self.within_s, self.same)
        return f"before {self.trigger.text}, {self.wanted.text}{limits}"


@dataclass(frozen=True, slots=True)
class Counting:
    """So many events of this kind come in the whole run; a quantity of none: never."""

    wanted: Wanted
    quantity: Quantity = Quantity()
    title: str = ""

    @property
    def text(self) -> str:
        """The expectation as a sentence without an end."""
        if self.quantity.most == 0:
            return f"never {self.wanted.text}"
        return f"{self.quantity.text} {self.wanted.text}"


@dataclass(frozen=True, slots=True)
class Having:
    """Each event of these names has these properties, neither null nor an empty text."""

    names: Names
    properties: tuple[str, ...]
    title: str = ""

    @property
    def text(self) -> str:
        """The expectation as a sentence without an end."""
        return f"every {self.names.text} has {listed(self.properties)}"


@dataclass(frozen=True, slots=True)
class Differing:
    """No two events of these names have the same values of these properties.

    An event that lacks one of them is left alone.
    """

    names: Names
    properties: tuple[str, ...]
    title: str = ""

    @property
    def text(self) -> str:
        """The expectation as a sentence without an end."""
        of_what = f" of {self.names.text}" if self.names.patterns else ""
        return f"never twice the same {listed(self.properties)}{of_what}"


Expectation = Following | Preceding | Counting | Having | Differing


def limits_text(within_s: float | None, same: tuple[str, ...]) -> str:
    """How near and how alike two events are to be, as the end of a sentence."""
    near = "" if within_s is None else f" within {duration(within_s)}"
    return f"{near} with the same {listed(same)}" if same else near


def listed(names: tuple[str, ...]) -> str:
    """Names of properties in a sentence.

    >>> listed(("a", "b", "c"))
    'a, b and c'
    """
    *first, last = map(short, names)
    return f"{', '.join(first)} and {last}" if first else last


def duration(seconds: float) -> str:
    """Seconds in the largest unit that makes a whole number of them, or rounded.

    >>> duration(5), duration(120), duration(0.25), duration(7.25)
    ('5 s', '2 min', '250 ms', '7.2 s')
    """
    for unit, size in UNITS.items():
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"


UNITS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
"""Units of durations from the largest on, in seconds; beside them, there is `ms`."""
