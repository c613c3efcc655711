"""A run that is watched: the lights of many expectations."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.plan.runs import occurrence, watch
from tests.plan.values import PROPERTIES

from trackscope.plan.occurrence import Occurrence, Sighting, seconds
from trackscope.plan.outcome import Light

ITEMS: list[dict[str, Any]] = [
    {"after": "A", "exactly": 1, "event": "B", "within": "5 s", "title": "A leads to B"},
    {"before": "B", "event": "A"},
    {"never": "E*"},
    {"event": "C", "at most": 1},
    {"every event has": "id"},
    {"never twice": "id"},
]

_EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("A", "B", "C", "Error", "Other")),
        st.integers(0, 40),
        st.dictionaries(st.just("id"), st.integers(0, 5)),
    ),
    max_size=20,
)


@given(_EVENTS)
def test_whoever_follows_the_changes_knows_the_outcomes(events: list[Any]) -> None:
    watching = watch(*ITEMS)
    known = {each.label: (each.light, each.broken) for each in watching.outcomes}
    for number, (name, at, properties) in enumerate(events, 1):
        for each in watching.feed(occurrence(number, name, float(at), **properties)):
            assert known[each.label] != (each.light, each.broken)
            known[each.label] = (each.light, each.broken)
    for each in watching.close():
        known[each.label] = (each.light, each.broken)
    assert known == {each.label: (each.light, each.broken) for each in watching.outcomes}


@given(_EVENTS)
def test_nothing_is_open_after_the_run_and_what_is_broken_stays_so(events: list[Any]) -> None:
    watching = watch(*ITEMS)
    broken: set[str] = set()
    for number, (name, at, properties) in enumerate(events, 1):
        watching.feed(occurrence(number, name, float(at), **properties))
        now = {each.label for each in watching.outcomes if each.light is Light.BROKEN}
        assert broken <= now
        broken = now
    watching.close()
    assert all(each.open == 0 for each in watching.outcomes)
    assert all((each.light is Light.BROKEN) == bool(each.breaks) for each in watching.outcomes)


@given(st.lists(st.tuples(st.sampled_from(("A", "B", "C")), PROPERTIES), max_size=6))
def test_whatever_an_event_carries_is_judged(events: list[Any]) -> None:
    conditions = {"n": "> 0", "id": ["x", 1], "user": "a*", "token": "!= 1"}
    watching = watch(
        {"after": "A", "event": "B", "within": "1 s", "same": ["id", "user"], "where": conditions},
        {"before": "A", "event": "B", "within": "1 s", "same": "id"},
        {"event": "C", "where": conditions},
        {"every event has": ["id", "user"]},
        {"never twice": ["n", "token"]},
    )
    for number, (name, properties) in enumerate(events, 1):
        time = seconds(properties.get("time"))
        watching.feed(Occurrence(Sighting(number, name, 0.0, time), properties))
    watching.close()
    told = [each.sentence for outcome in watching.outcomes for each in outcome.breaks]
    assert all(sentence.isprintable() and len(sentence) < 1000 for sentence in told)


def test_a_light_is_called_by_its_title_or_in_words() -> None:
    assert [each.label for each in watch(*ITEMS).outcomes][:2] == ["A leads to B", "before B, A"]


def test_a_run_of_any_length_takes_bounded_memory_for_names() -> None:
    watching = watch({"never": "*"})
    for number in range(1, 10_020):
        watching.feed(occurrence(number, f"event {number}"))
    assert watching.outcomes[0].broken == 10_019
