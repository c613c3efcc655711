"""The differences between the events of two captures: missing, extra, reordered, changed.

What is another each time by its nature (times, ids) is masked: that it is there counts, its value
does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trackscope.plan.condition import is_like
from trackscope.plan.occurrence import Occurrence
from trackscope.session.alignment import Item, Pair, align
from trackscope.session.comparison import Change, Difference, compare_values
from trackscope.wire.json_text import dumps

VOLATILE = (
    "time", "$time", "date", "_", "$insert_id", "$mp_metadata", "mp_processing*", "mp_sent*",
    "$mp_processing*", "$mp_api_timestamp*", "$mp_event_size", "$import", "distinct_id",
    "$distinct_id", "$device_id", "$user_id", "$anon_id", "$anon_distinct_id", "alias",
    "$session_id", "$mp_session*", "$mp_replay_id", "$ae_session*",
)  # fmt: skip
"""Properties that are another in every run, `*` for any characters: times, and ids of events,
devices, users and sessions."""

MASKED = "∗"
"""What stands for a masked value."""

MAX_EVENTS = 100_000
"""Events of a capture that are compared; of more it is told that they are not."""


class Kind(StrEnum):
    """What became of an event from A to B."""

    MISSING = "missing"
    EXTRA = "extra"
    REORDERED = "reordered"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EventDifference:
    """An event of A (None if it is extra) beside that of B (None if it is missing).

    `values` are those that differ in an event of both; the name is one of them (`/event`).
    """

    kind: Kind
    a: Occurrence | None
    b: Occurrence | None
    values: tuple[Difference, ...] = ()

    @property
    def name(self) -> str:
        """The name of the event, in A where it is in both."""
        event = self.a or self.b
        assert event is not None
        return event.name


@dataclass(frozen=True, slots=True)
class EventDiff:
    """All differences, in the order of A, what only B has where it stands there.

    `same` counts the events that are equal and in order, `counts` those of both; `masked` the
    values by property that are masked and differ, in events that both have.
    """

    differences: tuple[EventDifference, ...]
    same: int
    counts: tuple[int, int]
    masked: Mapping[str, int]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs, but for what is masked."""
        return not self.differences

    def count(self, kind: Kind) -> int:
        """How many differences are of a kind."""
        return sum(each.kind is kind for each in self.differences)


class Masks:
    """Which properties are masked: by names, in which `*` stands for any characters."""

    def __init__(self, patterns: Iterable[str] = VOLATILE, but: Iterable[str] = ()) -> None:
        """Mask what is like one of the patterns, but not the properties called `but`."""
        self._patterns = tuple(patterns)
        self._but = frozenset(but)
        self._known: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None:
            known = name not in self._but and any(is_like(name, each) for each in self._patterns)
            if len(self._known) < MAX_EVENTS:
                self._known[name] = known
        return known

    def masked(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The properties with what stands for a masked value in its place."""
        return {name: MASKED if name in self else value for name, value in properties.items()}


def event_diff(
    a: Sequence[Occurrence], b: Sequence[Occurrence], masks: Masks | None = None
) -> EventDiff:
    """Compare the events of two runs. Types count: 1 and "1" differ; 1 and 1.0 do not."""
    masks = masks or Masks()
    pairs = _aligned(a, b, masks)
    differences: list[EventDifference] = []
    hidden: Counter[str] = Counter()
    same = 0
    for pair in pairs:
        one = None if pair.a is None else a[pair.a]
        other = None if pair.b is None else b[pair.b]
        if one is not None and other is not None:
            hidden.update(_hidden(one, other, masks))
        difference = _difference(pair, one, other, masks)
        if difference is None:
            same += 1
        else:
            differences.append(difference)
    return EventDiff(tuple(differences), same, (len(a), len(b)), dict(sorted(hidden.items())))


def _difference(
    pair: Pair, one: Occurrence | None, other: Occurrence | None, masks: Masks
) -> EventDifference | None:
    """What two events that belong together differ in; None where they are equal and in order."""
    if one is None or other is None:
        return EventDifference(Kind.EXTRA if one is None else Kind.MISSING, one, other)
    found = compare_values(_event(one, masks), _event(other, masks))
    values = tuple(each for each in found if each.change is not Change.SAME)
    if pair.is_moved:
        return EventDifference(Kind.REORDERED, one, other, values)
    return EventDifference(Kind.CHANGED, one, other, values) if values else None


def _event(occurrence: Occurrence, masks: Masks) -> dict[str, Any]:
    return {"event": occurrence.name, "properties": masks.masked(occurrence.properties)}


def _hidden(one: Occurrence, other: Occurrence, masks: Masks) -> list[str]:
    """The masked properties that both have, with other values."""
    a, b = one.properties, other.properties
    return [name for name in a if name in b and name in masks and a[name] != b[name]]


def _aligned(a: Sequence[Occurrence], b: Sequence[Occurrence], masks: Masks) -> list[Pair]:
    """The events that belong together.

    A property that has one value all through A and another all through B, as a version has, tells
    nothing of that: it is told as changed, and events are equal whatever it is.
    """
    texts_a, texts_b = ([_texts(each, masks) for each in run] for run in (a, b))
    steady_a, steady_b = _steady(texts_a), _steady(texts_b)
    known = {name for name, text in steady_a.items() if steady_b.get(name, text) != text}
    return align(
        [_item(each, texts, masks, known) for each, texts in zip(a, texts_a, strict=True)],
        [_item(each, texts, masks, known) for each, texts in zip(b, texts_b, strict=True)],
    )


def _texts(occurrence: Occurrence, masks: Masks) -> dict[str, str]:
    masked = masks.masked(occurrence.properties)
    return {name: dumps(_plain(value)) for name, value in masked.items()}


def _steady(texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The properties that have the same value in every event that has them."""
    found: dict[str, str] = {}
    changing: set[str] = set()
    for each in texts:
        changing |= {name for name, text in each.items() if found.setdefault(name, text) != text}
    return {name: text for name, text in found.items() if name not in changing}


def _item(occurrence: Occurrence, texts: Mapping[str, str], masks: Masks, known: Set[str]) -> Item:
    """The event as it is aligned, without the properties that are `known` to differ."""
    told = {name: text for name, text in texts.items() if name not in known}
    key = hash((occurrence.name, frozenset(told.items())))
    return Item(occurrence.name, key, {n: v for n, v in told.items() if n not in masks})


def _plain(value: Any) -> Any:
    """The value in the one spelling that equal ones share: 1.0 as 1, keys in their order."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return [_plain(each) for each in value] if isinstance(value, list) else value
