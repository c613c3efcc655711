"""How many events came, and what each of them has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plan.runs import judged, occurrence, run, sentences, watch

from trackscope.plan.outcome import Light


@pytest.mark.parametrize(
    ("item", "events", "state", "sentence"),
    [
        ({"event": "A"}, ["A", "A"], Light.MET, ""),
        ({"event": "A"}, ["B"], Light.BROKEN, "expected at least 1 A, none came"),
        ({"event": "A", "at least": 3}, ["A"], Light.BROKEN, "expected at least 3 A, 1 came"),
        ({"event": "A", "exactly": 1}, ["A"], Light.MET, ""),
        (
            {"event": "A", "exactly": 1},
            ["A", "A"],
            Light.BROKEN,
            "A (entry 2) came as number 2: expected exactly 1",
        ),
        ({"never": "E*"}, ["A"], Light.MET, ""),
        ({"never": "E*"}, ["A", "Error"], Light.BROKEN, "Error (entry 2) came"),
        (
            {"event": "A", "where": {"n": 1}},
            [("A", 0, {"n": "1"})],
            Light.BROKEN,
            'expected at least 1 A with n = 1, none came; in A (entry 1) n is the string "1"',
        ),
        ({"never": "A", "where": {"n": 1}}, [("A", 0, {"n": 2})], Light.MET, ""),
        ({"every event has": "id"}, [("A", 0, {"id": "x"})], Light.MET, ""),
        ({"every event has": "id"}, [("A", 0, {"id": 0})], Light.MET, ""),
        ({"every event has": "id"}, [("A", 0, {"id": ""})], Light.BROKEN, "A (entry 1) has no id"),
        ({"every event has": ["a", "b"]}, ["A"], Light.BROKEN, "A (entry 1) has no a and b"),
        ({"every event has": "id", "event": "B"}, ["A"], Light.WAITING, ""),
    ],
)
def test_events_are_counted(
    item: dict[str, Any], events: list[Any], state: Light, sentence: str
) -> None:
    outcome = judged(item, run(*events))
    assert (outcome.light, "; ".join(sentences(outcome))) == (state, sentence)


def test_the_light_turns_with_the_event_that_turns_it() -> None:
    watching = watch({"never": "Error"}, {"event": "A"})
    assert [each.light for each in watching.outcomes] == [Light.MET, Light.WAITING]
    assert [each.label for each in watching.feed(occurrence(1, "A"))] == ["at least 1 A"]
    assert watching.feed(occurrence(2, "A")) == ()
    (changed,) = watching.feed(occurrence(3, "Error"))
    assert (changed.label, changed.light) == ("never Error", Light.BROKEN)
