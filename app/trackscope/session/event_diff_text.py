"""The differences between two captures as text that reads like a code difference, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trackscope.plan.occurrence import Occurrence
from trackscope.session.comparison import Change, Difference
from trackscope.session.event_diff import EventDiff, EventDifference, Kind, Masks
from trackscope.wire.json_text import dumps
from trackscope.wire.shown import short

MAX_VALUE = 60
"""Characters of a value that are shown."""

MAX_LINE = 120
"""Characters of the properties of a whole event that are shown."""


def diff_text(diff: EventDiff, names: tuple[str, str], masks: Masks) -> str:
    """The differences, a line or more each, and the sum of them; `names` are those of A and B.

    Lines begin as in a code difference: `-` is in A only, `+` in B only, `!` in both but changed,
    and `~` in another order.
    """
    lines = []
    if diff.differences:
        lines = [f"--- {names[0]}", f"+++ {names[1]}"]
    for each in diff.differences:
        lines += _lines(each, masks)
    return "\n".join((*lines, _sum(diff)))


def diff_record(diff: EventDiff, names: tuple[str, str], masks: Masks) -> dict[str, Any]:
    """The differences as a record for JSON; masked values are masked in it too."""
    return {
        "a": {"source": names[0], "events": diff.counts[0]},
        "b": {"source": names[1], "events": diff.counts[1]},
        "is_same": diff.is_same,
        "same": diff.same,
        **{kind.value: diff.count(kind) for kind in Kind},
        "masked": dict(diff.masked),
        "differences": [_record(each, masks) for each in diff.differences],
    }


def _lines(difference: EventDifference, masks: Masks) -> Iterator[str]:
    a, b, name = difference.a, difference.b, short(difference.name)
    if a is None or b is None:
        event = a or b
        assert event is not None
        sign = "-" if b is None else "+"
        properties = short(dumps(masks.masked(event.properties)), MAX_LINE)
        yield f"{sign} {name} {properties}  ({_place(event)})"
        return
    places = f"({_place(a)} → {_place(b)})"
    if difference.kind is Kind.REORDERED:
        yield f"~ {name}  {places}"
        return
    yield f"! {name}  {places}"
    for value in difference.values:
        label = short(value.label)
        if value.change is not Change.ONLY_B:
            yield f"  - {label}: {short(value.a, MAX_VALUE)}"
        if value.change is not Change.ONLY_A:
            yield f"  + {label}: {short(value.b, MAX_VALUE)}"


def _sum(diff: EventDiff) -> str:
    counts = [(diff.count(kind), kind.value) for kind in Kind]
    parts = [f"{count:,} {word}" for count, word in counts if count]
    text = f"{', '.join(parts) or 'No difference'} · {diff.same:,} the same"
    if diff.masked:
        text += f" · masked: {', '.join(map(short, diff.masked))}"
    return text


def _place(event: Occurrence) -> str:
    return event.sighting.place or f"event {event.sighting.number:,}"


def _record(difference: EventDifference, masks: Masks) -> dict[str, Any]:
    return {
        "kind": difference.kind.value,
        "event": difference.name,
        "a": _side(difference.a, masks),
        "b": _side(difference.b, masks),
        "values": [_value(each) for each in difference.values],
    }


def _side(event: Occurrence | None, masks: Masks) -> Mapping[str, Any] | None:
    if event is None:
        return None
    sighting = event.sighting
    return {
        "number": sighting.number,
        "position": sighting.place,
        "event": event.name,
        "properties": masks.masked(event.properties),
    }


def _value(value: Difference) -> dict[str, str]:
    return {
        "at": value.pointer,
        "change": value.change.value,
        "a": value.a,
        "b": value.b,
    }
