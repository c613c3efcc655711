"""Running numbers of events: which of them came, which are missing, which came twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

NUMBER_PROPERTIES = (
    "seq", "$seq", "sequence", "sequence_number", "n", "no", "nr", "num", "number", "counter",
    "index", "i",
)  # fmt: skip
"""Properties that are tried where nobody says which one holds the number."""

MAX_RANGES = 5_000
"""Ranges of numbers that are kept apart; beyond them numbers are left out, and that is said."""

MAX_SERIES = 100
"""Running numbers that are followed."""

LEAST = 3
"""Different numbers that make a running number out of one that was only tried."""

_LARGEST = 2**53
_NUMBERED = re.compile(r"(.*[^0-9])([0-9]{1,15})", re.DOTALL)
_DIGITS = re.compile(r"[0-9]{1,15}")


class Range(NamedTuple):
    """The whole numbers from `first` to `last`, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Numbering:
    """What came of a running number.

    `label` is the property that holds it, or an event's name with # in its place; `event` the
    event's name where each is numbered for itself, empty for one number through all of them.
    `token` is that of the events' project.
    `distinct` numbers from `first` to `last` came, `missing` are those between that did not,
    `repeated` those that came more than once. `left_out` counts what did not fit into memory:
    with it, what is missing is not known for sure.
    """

    label: str
    token: str
    sender: str
    event: str
    first: int
    last: int
    distinct: int
    missing: tuple[Range, ...]
    repeated: tuple[Range, ...]
    left_out: int = 0

    @property
    def missing_count(self) -> int:
        """How many numbers are missing."""
        return self.last - self.first + 1 - self.distinct


class Ranges:
    """A set of whole numbers, kept as ranges: numbers that run take next to no memory.

    >>> ranges = Ranges()
    >>> [ranges.add(number) for number in (1, 2, 4, 2, 3)], ranges.as_tuple()
    ([True, True, True, False, True], (Range(first=1, last=4),))
    """

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self.count = 0
        self.left_out = 0

    def add(self, number: int) -> bool:
        """Add a number; whether it was not there. One that does not fit is left out."""
        firsts, lasts = self._firsts, self._lasts
        after = bisect_right(firsts, number)
        if after and number <= lasts[after - 1]:
            return False
        joins_before = after > 0 and lasts[after - 1] + 1 == number
        joins_after = after < len(firsts) and firsts[after] - 1 == number
        if joins_before and joins_after:
            lasts[after - 1] = lasts[after]
            del firsts[after], lasts[after]
        elif joins_before:
            lasts[after - 1] = number
        elif joins_after:
            firsts[after] = number
        elif len(firsts) >= MAX_RANGES:
            self.left_out += 1
            return True
        else:
            firsts.insert(after, number)
            lasts.insert(after, number)
        self.count += 1
        return True

    @property
    def whole(self) -> Range:
        """From the lowest number to the highest; there must be one."""
        return Range(self._firsts[0], self._lasts[-1])

    def as_tuple(self) -> tuple[Range, ...]:
        """The ranges, in order."""
        return tuple(map(Range, self._firsts, self._lasts))

    def gaps(self) -> tuple[Range, ...]:
        """The ranges between them."""
        return tuple(
            Range(last + 1, first - 1)
            for last, first in zip(self._lasts, self._firsts[1:], strict=False)
        )


class Series:
    """The numbers of one running number, as they come."""

    def __init__(self) -> None:
        self.seen = Ranges()
        self.repeated = Ranges()
        self.repeats = 0
        """How often a number came that was there."""

    def add(self, number: int) -> None:
        """Count a number that came."""
        if not self.seen.add(number):
            self.repeats += 1
            self.repeated.add(number)

    @property
    def is_running(self) -> bool:
        """Whether the numbers look like a running one: several, most of them there, most once."""
        if self.seen.count < LEAST:
            return False
        span = self.seen.whole.last - self.seen.whole.first + 1
        return 2 * self.seen.count >= span and 2 * self.repeated.count <= self.seen.count

    def numbering(self, label: str, token: str, sender: str, event: str) -> Numbering:
        """What came so far; there must be a number."""
        return Numbering(
            label,
            token,
            sender,
            event,
            *self.seen.whole,
            self.seen.count,
            self.seen.gaps(),
            self.repeated.as_tuple(),
            self.seen.left_out + self.repeated.left_out,
        )


class _Key(NamedTuple):
    """Whose numbers a series has; `event` is None for the one through all events."""

    label: str
    token: str
    sender: str
    event: str | None


class Numberings:
    """Follows the running numbers of events as they come.

    `chosen` is the property that holds one; without it, `NUMBER_PROPERTIES` and numbered names of
    events are tried, and taken where they run. Every project and sender numbers for itself.
    """

    def __init__(self, chosen: str | None = None) -> None:
        self._chosen = chosen
        self._series: dict[_Key, Series] = {}

    def add(self, name: str, properties: Mapping[str, Any], sender: str) -> None:
        """Take the numbers of an event."""
        token = properties.get("token")
        token = token if isinstance(token, str) else ""
        stem = stem_of(name)
        for label, number in numbers_in(properties, self._chosen):
            self._add(_Key(label, token, sender, None), number)
            self._add(_Key(label, token, sender, stem[0] if stem else name), number)
        if stem and self._chosen is None:
            self._add(_Key(stem[0], token, sender, None), stem[1])

    def _add(self, key: _Key, number: int) -> None:
        if key in self._series or len(self._series) < MAX_SERIES:
            self._series.setdefault(key, Series()).add(number)

    def as_tuple(self) -> tuple[Numbering, ...]:
        """What came of each running number so far."""
        return tuple(
            series.numbering(key.label, key.token, key.sender, event)
            for key in self._series
            if key.event is None
            for event, series in self._chosen_series(key).items()
            if self._chosen is not None or series.is_running
        )

    def _chosen_series(self, key: _Key) -> dict[str, Series]:
        """The series of a number by event: one through all events, or one for each name.

        Where numbers come twice through all events, but not within a name, each name has its own.
        """
        series = self._series[key]
        inner = {
            each.event: one
            for each, one in self._series.items()
            if each.event is not None and each[:3] == key[:3]
        }
        is_full = len(self._series) >= MAX_SERIES  # some names may have no series
        repeats = sum(each.repeats for each in inner.values())
        is_shared = is_full or len(inner) < 2 or series.repeats <= repeats
        return {"": series} if is_shared else inner


def stem_of(name: str) -> tuple[str, int] | None:
    """A numbered name with # for its number, and the number; None for a name without one.

    >>> stem_of("event 17"), stem_of("game"), stem_of("2011")
    (('event #', 17), None, None)
    """
    if not name or not name[-1].isdecimal() or not name[-1].isascii():
        return None
    found = _NUMBERED.fullmatch(name)
    return (f"{found[1]}#", int(found[2])) if found else None


def numbers_in(properties: Mapping[str, Any], chosen: str | None) -> Iterator[tuple[str, int]]:
    """The properties that hold a whole number: the chosen one, or all of those that are tried."""
    for name in NUMBER_PROPERTIES if chosen is None else (chosen,):
        if name in properties:
            number = _whole(properties[name])
            if number is not None:
                yield name, number


def _whole(value: Any) -> int | None:
    """A whole number, also written as a fraction or as digits; None for any other value."""
    if type(value) is str and _DIGITS.fullmatch(value):
        value = int(value)
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and -_LARGEST < value < _LARGEST else None
