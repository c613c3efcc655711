from __future__ import annotations

import json
from typing import Any

from tests.session.recorded import HERE, exchanges

from trackscope.capture.exchange import Exchange, Origin
from trackscope.plan.learning import Learning
from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.plan.result import Result, State
from trackscope.session.target import COLLECTOR
from trackscope.session.verifying import REFUSED, Verifying, events_of
from trackscope.wire.editing import with_payload
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.request import TrackRequest

PLAN = Plan(
    (
        Entry(Entity.EVENT, "a", {"properties": {"n": {"type": "number"}}}),
        Entry(Entity.PROFILE, "$user", {"properties": {"plan": {"type": "string"}}}),
    )
)


def exchange(payload: Any, path: str = "/track/", **known: Any) -> Exchange:
    bare = TrackRequest("GET", f"http://h.io{path}")
    request = bare if payload is None else with_payload(bare, json.dumps(payload))
    return Exchange(request, **{"origin": Origin.RECEIVED, "at": 1.0, "verdict": 1, **known})


def sent(name: str = "a", /, **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": {"token": "t", **properties}}


def verified(*exchanges: Exchange, is_lenient: bool = False) -> Result:
    verifying = Verifying(PLAN, is_lenient=is_lenient)
    verifying.add_all(exchanges)
    return verifying.result()


def test_every_event_of_a_batch_is_checked() -> None:
    result = verified(exchange([sent(n=1), sent(n="1"), sent("b")]))
    assert [each.state for each in result.events] == [State.WRONG, State.UNPLANNED]
    assert [each.first.index for each in result.groups] == [1, 2]
    assert result.records == 3


def test_updates_of_profiles_are_checked() -> None:
    result = verified(exchange([{"$token": "t", "$set": {"plan": 1}}], "/engage/"))
    assert [each.finding.at for each in result.groups] == ["/0/$set/plan"]


def test_what_was_sent_to_the_own_collector_is_checked_where_it_was_received() -> None:
    assert verified(exchange(sent("b"), target=COLLECTOR)) == verified()
    assert events_of(exchange(sent("b"), target=COLLECTOR)) == ()


def test_a_request_that_was_answered_0_is_a_finding() -> None:
    error = Finding("token.missing", Severity.ERROR, "", "there is no token")
    refused = exchange(sent(), verdict=0, findings=(error,))
    assert verified(refused).refusals[0].rule == "token.missing"
    assert verified(exchange(sent(), verdict=0)).refusals[0].rule == REFUSED
    assert verified(exchange(sent(), verdict=None, predicted=0)).refusals[0].rule == REFUSED
    assert not verified(exchange(sent(), verdict=1, predicted=0)).has_finding
    assert not verified(refused, is_lenient=True).has_finding


def test_a_payload_that_cannot_be_read_is_a_finding() -> None:
    assert verified(exchange(None)).unreadable == 1
    options = Exchange(TrackRequest("OPTIONS", "http://h.io/track/"), Origin.RECEIVED, 1.0)
    assert verified(options).unreadable == 0


def test_only_events_are_learned_from() -> None:
    assert list(events_of(exchange([sent()]))) == [sent()]
    assert events_of(exchange([{"$token": "t", "$set": {}}], "/engage/")) == ()
    assert events_of(exchange(None)) == ()


@HERE
def test_a_plan_that_is_learned_from_real_sdks_accepts_what_they_sent() -> None:
    learning = Learning()
    for exchange in exchanges():
        for event in events_of(exchange):
            learning.add(event)
    plan = learning.lesson().plan
    verifying = Verifying(plan, is_lenient=True)
    verifying.add_all(exchanges())
    result = verifying.result()
    not_learned = [each for each in result.groups if each.finding.event in plan.events]
    assert not_learned == []
    assert len(result.in_state(State.SEEN)) >= len(plan.events)
    assert not result.in_state(State.MISSING)
