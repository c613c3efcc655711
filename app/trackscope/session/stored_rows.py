"""What became of an event that was received: its stored form, beside what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.comparison import Change, Difference, compare_values
from trackscope.session.value_tree import JsonSource, Node, Value, value_node
from trackscope.wire import json_text

LABEL = "As stored"

MOST_NAMED = 3
"""Properties that are named in the row that stands for all changes."""

_WORDS = {Change.CHANGED: "changed", Change.ONLY_A: "left out", Change.ONLY_B: "added"}
_REASONS = {
    (Change.ONLY_B, "ip"): "added: the requester's address, as ip=1 asks",
    (Change.CHANGED, "ip"): "changed: the requester's address, as ip=1 asks",
    (Change.ONLY_B, "distinct_id"): "added: from the requester's address, as ip=1 asks",
    (Change.CHANGED, "distinct_id"): "changed: from the requester's address, as ip=1 asks",
    (Change.ONLY_B, "time"): "added: when it arrived",
}
_PREFIXED = "not stored: names that begin with mp_ are the service's own"


def stored_rows(exchange: Exchange, stored: dict[str, Any] | None, sent: Any) -> Iterator[Node]:
    """The row of the stored form of an event, with its properties beneath where it differs.

    `stored` is None for an event that has none: one that was received says why.
    """
    if stored is None:
        if exchange.origin is Origin.RECEIVED:
            yield Node(LABEL, _why_not(exchange))
        return
    changes = _changes(sent, stored)
    if not changes:
        yield Node(LABEL, "the same as sent")
        return
    yield Node(LABEL, _summary(changes), size=1, grow=lambda: _properties(stored, changes))


def fates(stored: dict[str, Any] | None, sent: Any) -> Mapping[str, str]:
    """What became of the properties that were sent and are not stored as such, by their names."""
    if stored is None:
        return MappingProxyType({})
    found: dict[str, str] = {}
    for change in _changes(sent, stored):
        if change.change is not Change.ONLY_B:
            found.setdefault(_name(change), _fate(change))
    return found


def _why_not(exchange: Exchange) -> str:
    if exchange.stored is not None:
        return "not stored: it was refused, others of the request were not"
    if exchange.verdict == 1:
        return "not processed yet: the answer 1 comes before"
    if exchange.verdict == 0:
        return "not stored: it was answered 0"
    return "not stored"


def _changes(sent: Any, stored: Any) -> tuple[Difference, ...]:
    found = compare_values(sent, stored)
    return tuple(each for each in found if each.change is not Change.SAME)


def _name(change: Difference) -> str:
    """The property that a change is in."""
    way = json_text.steps(change.pointer)
    return way[1] if len(way) > 1 and way[0] == "properties" else way[0]


def _summary(changes: tuple[Difference, ...]) -> str:
    """The first changes by name: `ip added, mp_lib left out`."""
    parts = [f"{change.label} {_WORDS[change.change]}" for change in changes[:MOST_NAMED]]
    more = len(changes) - len(parts)
    return ", ".join(parts) + (f", {more:,} more" if more else "")


def _properties(stored: Any, changes: tuple[Difference, ...]) -> Iterator[Node]:
    text = json_text.dumps(stored)
    top = json_text.find(text, "")
    assert top is not None
    by_pointer = {change.pointer: change for change in changes}
    for member in Value(JsonSource(text, is_sent=False), top, stored, "").members():
        for each in member.members() if member.node.step == "properties" else (member,):
            row = value_node(each, each.node.step)
            change = by_pointer.get(each.at)
            yield replace(row, hint=_reason(change)) if change is not None else row
    for change in changes:
        if change.change is Change.ONLY_A:
            yield Node(change.label, hint=_fate(change), is_missing=True)


def _reason(change: Difference) -> str:
    """Why the stored value is another than the one that was sent."""
    known = _REASONS.get((change.change, _name(change)))
    was = f"changed: {change.a} was sent" if change.change is Change.CHANGED else ""
    return known or was or "added on arrival"


def _fate(change: Difference) -> str:
    """What became of a value that was sent."""
    if change.change is Change.CHANGED:
        return f"stored as {change.b}"
    return _PREFIXED if _name(change).startswith("mp_") else "not stored"
