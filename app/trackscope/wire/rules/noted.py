"""The findings on good events that were seen at a glance, in full.

Nearly every event has some: its numbers are no strings, or its SDK adds `mp_lib`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trackscope.wire.decoding import Decoded
from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Finding
from trackscope.wire.glance import Glance
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import weighed
from trackscope.wire.rules.case import Case, Raw
from trackscope.wire.rules.event import property_rules
from trackscope.wire.rules.quick import QuickVerdict
from trackscope.wire.rules.sdk import named_faults, named_finding

_NOTED = frozenset(
    {
        *("property.value-type", "property.reserved-prefix", "property.name-length"),
        *("properties.count", "properties.nesting", "sdk.insert-id"),
    }
)
"""Rules on properties alone, not on the texts or the parameters beside them."""

_UNREAD = Decoded((), "")
"""What these rules need to know of the rest: nothing."""


def noted(
    request: TrackRequest, seen: Glance, quick: QuickVerdict, book: RuleBook, now: float
) -> tuple[Finding, ...] | None:
    """The findings of `judge` on what was seen so; None where that takes a closer look."""
    if not quick.rules:
        return ()
    if not _NOTED.issuperset(quick.rules):
        return None
    case = Case(request, _UNREAD, book, now)
    return tuple(weighed(_found(case, seen.events), book))


def _found(case: Case, events: list[Any]) -> Iterator[Raw]:
    for index, event in enumerate(events):
        yield from property_rules(case, f"/{index}/properties", event["properties"])
    for fault in named_faults(events, lambda: False):
        yield named_finding(events, fault)
