"""The differences between two captures as text that reads like a code difference, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import Any

from trackscope.plan.occurrence import Occurrence
from trackscope.session.comparison import Change, Difference
from trackscope.session.event_diff import EventDiff, EventDifference, Kind, Masks
from trackscope.session.masking import SECRET_KEYS, mask
from trackscope.wire.json_text import dumps, steps
from trackscope.wire.shown import short

MAX_VALUE = 60
"""Characters of a value that are shown."""

MIN_COMMON = 3
"""Events in which a value has to change alike to be told once for all of them."""

MAX_LINE = 120
"""Characters of the properties of a whole event that are shown."""


def diff_text(diff: EventDiff, names: tuple[str, str], masks: Masks) -> str:
    """The differences, a line or more each, and the sum of them; `names` are those of A and B.

    Lines begin as in a code difference: `-` is in A only, `+` in B only, `!` in both but changed,
    and `~` in another order. A value that changed alike in several events is told once, at `*`.
    """
    lines = []
    if diff.differences:
        lines = [f"--- {names[0]}", f"+++ {names[1]}"]
    counts = Counter(_as_told(value) for each in diff.differences for value in each.values)
    common = {told: count for told, count in counts.items() if count >= MIN_COMMON}
    for told, count in common.items():
        lines += [f"* in {count:,} events", *told]
    for each in diff.differences:
        lines += _lines(each, masks, common)
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


def _lines(
    difference: EventDifference, masks: Masks, common: Collection[tuple[str, ...]]
) -> Iterator[str]:
    """The lines of a difference, without what is `common` to several."""
    a, b, name = difference.a, difference.b, short(difference.name)
    if a is None or b is None:
        event = a or b
        assert event is not None
        sign = "-" if b is None else "+"
        properties = short(dumps(_shown(event, masks)), MAX_LINE)
        yield f"{sign} {name} {properties}  ({_place(event)})"
        return
    places = f"({_place(a)} → {_place(b)})"
    own = [told for told in map(_as_told, difference.values) if told not in common]
    is_reordered = difference.kind is Kind.REORDERED
    if own or is_reordered:
        yield f"{'~' if is_reordered else '!'} {name}  {places}"
        yield from chain.from_iterable(own)


def _as_told(value: Difference) -> tuple[str, ...]:
    """The lines that tell of a value that changed."""
    label = short(value.label)
    was, is_ = (f"{label}: {short(text, MAX_VALUE)}" for text in _sides(value))
    lines = {Change.ONLY_A: (f"  - {was}",), Change.ONLY_B: (f"  + {is_}",)}
    return lines.get(value.change, (f"  - {was}", f"  + {is_}"))


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
        "properties": _shown(event, masks),
    }


def _value(value: Difference) -> dict[str, str]:
    a, b = _sides(value)
    return {"at": value.pointer, "change": value.change.value, "a": a, "b": b}


def _shown(event: Occurrence, masks: Masks) -> dict[str, Any]:
    """The properties of an event as others may see them."""
    return {
        name: mask(value) if name.lower() in SECRET_KEYS and isinstance(value, str) else value
        for name, value in masks.masked(event.properties).items()
    }


def _sides(value: Difference) -> tuple[str, str]:
    """Both values as JSON text, as others may see them."""
    if not SECRET_KEYS & {step.lower() for step in steps(value.pointer)}:
        return value.a, value.b
    return _hidden(value.a), _hidden(value.b)


def _hidden(text: str) -> str:
    return f'"{mask(text[1:-1])}"' if text.startswith('"') else text
