from __future__ import annotations

from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.plan import checking
from trackscope.plan.checking import Checking
from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.plan.result import State
from trackscope.wire.request import TrackRequest

SCHEMA: dict[str, Any] = {"properties": {"n": {"type": "number"}}, "additionalProperties": False}
PLAN = Plan(tuple(Entry(Entity.EVENT, name, SCHEMA) for name in ("a", "b", "c")))


def exchange(number: int = 1) -> Exchange:
    request = TrackRequest("GET", "http://h/track/")
    return Exchange(request, Origin.OPENED, 0.0, source="x.har", position=f"entry {number}")


def checked(*events: dict[str, Any]) -> Checking:
    checking = Checking(PLAN)
    for number, event in enumerate(events, 1):
        checking.add(event, 0, exchange(number))
    return checking


def sent(name: str, /, **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": properties}


def test_every_event_has_its_state_and_where_it_was_seen_first() -> None:
    result = checked(sent("a", n=1), sent("a", n="1"), sent("b"), sent("d"), sent("$x")).result()
    assert [(each.name, each.state, each.count, each.wrong) for each in result.events] == [
        ("a", State.WRONG, 2, 1),
        ("b", State.SEEN, 1, 0),
        ("c", State.MISSING, 0, 0),
        ("d", State.UNPLANNED, 1, 1),
        ("$x", State.SEEN, 1, 0),
    ]
    assert str(result.events[1].first) == "x.har, entry 3, event 1"
    assert result.has_finding


def test_findings_of_one_kind_are_one_group() -> None:
    result = checked(sent("a", n="1"), sent("a", n=None), sent("a", m=1)).result()
    assert [(each.finding.rule, each.count) for each in result.groups] == [
        ("plan.type", 2),
        ("plan.extra-property", 1),
    ]
    assert result.groups[0].sentence == (
        'plan.type: "n" is the string "1"; the plan expects a number '
        "(2 times, first x.har, entry 1, event 1)"
    )


def test_missing_events_are_no_finding() -> None:
    assert not checked(sent("a")).result().has_finding


def test_requests_that_were_refused_are_findings() -> None:
    checking = checked()
    checking.add_refusal("token.missing", "there is no token", exchange(3))
    checking.add_unreadable()
    result = checking.result()
    assert result.refusals[0].sentence == (
        "token.missing: there is no token (x.har, entry 3, event 1)"
    )
    assert result.unreadable == 1
    assert result.has_finding


def test_ever_new_names_and_properties_take_bounded_memory() -> None:
    many = [sent(f"e{n}") for n in range(checking.MAX_UNPLANNED + 500)]
    many += [sent("a", **{f"p{n}": 1}) for n in range(checking.MAX_GROUPS)]
    result = checked(*many).result()
    assert len(result.events) == len(PLAN.entries) + checking.MAX_UNPLANNED + 1
    assert result.events[-1].count == 500
    assert len(result.groups) == checking.MAX_GROUPS
    assert not result.is_complete
