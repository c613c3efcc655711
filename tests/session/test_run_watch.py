"""The exchanges of a run, held against what is expected."""

from __future__ import annotations

import json
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.plan.expectation_reading import read_expectations
from trackscope.plan.outcome import Light
from trackscope.session.run_watch import RunWatch
from trackscope.session.target import COLLECTOR
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest


def exchange(at: float, *names: str, **fields: Any) -> Exchange:
    payload = json.dumps([{"event": name, "properties": {"token": "t"}} for name in names])
    request = with_payload(TrackRequest("GET", "http://h.io/track/"), payload)
    return Exchange(request, Origin.RECEIVED, at, **fields)


def run_watch(*items: dict[str, Any]) -> RunWatch:
    return RunWatch(read_expectations(list(items)).expectations)


def test_the_events_of_exchanges_are_numbered_through() -> None:
    watch = run_watch({"event": "B", "exactly": 1})
    watch.add_all([exchange(1, "A", "B"), exchange(2, "B", verdict=0)])
    (outcome,) = watch.outcomes
    assert watch.events == 3
    assert [each.number for each in outcome.breaks[0].evidence] == [3]


def test_of_what_an_exchange_changes_the_latest_is_told() -> None:
    watch = run_watch({"event": "B"}, {"never": "B"})
    changed = watch.add(exchange(1, "B", "B"))
    assert [(each.light, each.broken) for each in changed] == [(Light.MET, 0), (Light.BROKEN, 2)]
    assert watch.add(exchange(2, "A")) == ()


def test_what_was_sent_to_the_own_collector_counts_where_it_was_received() -> None:
    watch = run_watch({"event": "A", "exactly": 1})
    watch.add_all([exchange(1, "A", target=COLLECTOR), exchange(1, "A")])
    assert watch.outcomes[0].light is Light.MET


def test_the_lights_turn_with_time_and_with_the_end() -> None:
    watch = run_watch({"after": "A", "event": "B", "within": "5 s"}, {"after": "A", "event": "B"})
    watch.add(exchange(0, "A"))
    assert [each.label for each in watch.pass_time(60)] == ["after A, at least 1 B within 5 s"]
    assert [each.label for each in watch.close()] == ["after A, at least 1 B"]
