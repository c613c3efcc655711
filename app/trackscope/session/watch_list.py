"""The rows of properties that the user watches: the value, or that it is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trackscope.session.value_tree import Node, Value, value_node


def watched_in_event(event: Value, name: str, label: str = "") -> Node:
    """The row of one property of an event, under its name or another label."""
    found = None
    if name in _properties(event.parsed):
        for member in event.members():
            if member.node.step == "properties":
                # Of a repeated key the last counts.
                found = next((each for each in _reversed(member) if each.node.step == name), found)
    if found is None:
        return Node(label or name, "missing", name=name, is_missing=True)
    return value_node(found, label or name, is_property=True)


def watched_in_batch(batch: Value, name: str) -> Node:
    """The row of one property of a batch, with a row beneath for each event that has it."""
    events = batch.parsed
    count = sum(name in _properties(event) for event in events)
    if count == 0:
        return Node(name, "missing in every event", name=name, is_missing=True)

    def grow() -> Iterator[Node]:
        for index, event in enumerate(batch.members(), 1):
            if name in _properties(event.parsed):
                yield watched_in_event(event, name, f"Event {index:,}")

    is_everywhere = count == len(events)
    value = "in every event" if is_everywhere else f"in {count:,} of {len(events):,} events"
    return Node(name, value, name=name, is_missing=not is_everywhere, size=count, grow=grow)


def _reversed(value: Value) -> list[Value]:
    return list(value.members())[::-1]


def _properties(event: Any) -> Mapping[str, Any]:
    found = event.get("properties") if isinstance(event, dict) else None
    return found if isinstance(found, dict) else {}
