"""After this, so much of that."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.runs import judged, occurrence, run, sentences, watch

from trackscope.plan.expectation import Following, Names, Quantity, Wanted
from trackscope.plan.machine import MAX_BREAKS
from trackscope.plan.outcome import Light
from trackscope.plan.stretches import Stretches

BUYING: dict[str, Any] = {
    "after": "Checkout",
    "exactly": 1,
    "event": "Purchase",
    "within": "5 s",
    "same": "user",
    "where": {"amount": "> 0"},
}
ANN, BOB = {"user": "ann"}, {"user": "bob"}
PAID = {"user": "ann", "amount": 5}


def test_it_is_met_when_what_is_expected_came_in_time() -> None:
    outcome = judged(BUYING, run(("Checkout", 0, ANN), ("Page", 1), ("Purchase", 5, PAID)))
    assert (outcome.light, outcome.held, outcome.broken) == (Light.MET, 1, 0)


def test_it_waits_where_nothing_came_to_tell() -> None:
    assert judged(BUYING, run("Page", ("Purchase", 0, PAID))).light is Light.WAITING


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        (
            [("Checkout", 0, ANN)],
            "no Purchase with amount > 0 came within 5 s after Checkout (entry 1) and before the "
            "end of the run",
        ),
        (
            [("Checkout", 0, ANN), ("Purchase", 7, PAID)],
            "no Purchase with amount > 0 came within 5 s after Checkout (entry 1); "
            "Purchase (entry 2) was 7 s after it",
        ),
        (
            [("Checkout", 0, ANN), ("Page", 16)],
            "no Purchase with amount > 0 came within 5 s after Checkout (entry 1)",
        ),
        (
            [("Checkout", 0, ANN), ("Purchase", 1, {**PAID, "amount": "5"}), ("Page", 60)],
            "no Purchase with amount > 0 came within 5 s after Checkout (entry 1); "
            'in Purchase (entry 2) amount is the string "5"',
        ),
        (
            [("Checkout", 0, ANN), ("Purchase", 1, {**PAID, "user": "bob"}), ("Page", 60)],
            "no Purchase with amount > 0 came within 5 s after Checkout (entry 1); "
            "Purchase (entry 2) has another user",
        ),
        (
            [("Checkout", 0, ANN), ("Checkout", 1, ANN), ("Purchase", 2, PAID)],
            "no Purchase with amount > 0 came within 5 s after Checkout (entry 1) and before "
            "Checkout (entry 2)",
        ),
        (
            [("Checkout", 0, ANN), ("Purchase", 1, PAID), ("Purchase", 2, PAID)],
            "2 Purchase with amount > 0 came within 5 s after Checkout (entry 1): "
            "expected exactly 1",
        ),
        ([("Checkout", 0)], "Checkout (entry 1) lacks user"),
    ],
)
def test_it_is_broken_with_the_reason(events: list[Any], sentence: str) -> None:
    outcome = judged(BUYING, run(*events))
    assert outcome.light is Light.BROKEN
    assert sentences(outcome) == [sentence]


def test_the_evidence_is_the_trigger_and_what_came_after_it() -> None:
    run_ = run(("Checkout", 0, ANN), ("Purchase", 1, PAID), ("Purchase", 2, PAID))
    (found,) = judged(BUYING, run_).breaks
    assert [each.number for each in found.evidence] == [1, 2, 3]


def test_each_value_of_what_is_the_same_has_its_own_stretch() -> None:
    bobs = {"user": "bob", "amount": 1}
    events = run(
        ("Checkout", 0, ANN), ("Checkout", 1, BOB), ("Purchase", 2, PAID), ("Purchase", 3, bobs)
    )
    assert judged(BUYING, events).held == 2


def test_events_of_a_batch_are_as_far_apart_as_they_say() -> None:
    events = [("Checkout", 30, {**ANN, "time": 100}), ("Purchase", 30, {**PAID, "time": 109})]
    assert sentences(judged(BUYING, run(*events)))[0].endswith("was 9 s after it")


def test_an_event_of_long_before_does_not_count_though_it_arrives_later() -> None:
    events = [("Checkout", 1, {**ANN, "time": 100}), ("Purchase", 2, {**PAID, "time": 90})]
    assert sentences(judged(BUYING, run(*events)))[0].endswith("was 10 s before it")


def test_a_late_batch_is_waited_for() -> None:
    events = [("Checkout", 0, {**ANN, "time": 100}), ("Purchase", 14, {**PAID, "time": 103})]
    assert judged(BUYING, run(*events)).light is Light.MET


def test_the_light_turns_red_when_time_is_over() -> None:
    watching = watch(BUYING)
    watching.feed(occurrence(1, "Checkout", 0.0, user="ann"))
    assert watching.pass_time(15.0) == ()
    (outcome,) = watching.pass_time(15.1)
    assert (outcome.light, outcome.open) == (Light.BROKEN, 0)


def test_at_least_is_met_at_once() -> None:
    watching = watch({"after": "Checkout", "event": "Purchase"})
    (first,) = run("Checkout")
    assert watching.feed(first) == ()
    assert [each.light for each in watching.feed(occurrence(2, "Purchase"))] == [Light.MET]


def test_too_many_open_stretches_are_left_unjudged() -> None:
    expectation = Following(Names(("A",)), Wanted(Names(("B",))), same=("user",))
    machine = Stretches(expectation, limit=2)
    for number in range(3):
        machine.feed(occurrence(number, "A", 0.0, user=number))
    assert (machine.outcome.open, machine.outcome.unjudged) == (2, 1)


def test_breaks_are_counted_beyond_those_that_are_kept() -> None:
    outcome = judged({"after": "A", "event": "B"}, run(*["A"] * (MAX_BREAKS + 5)))
    assert (outcome.broken, len(outcome.breaks)) == (MAX_BREAKS + 5, MAX_BREAKS)


_STEPS = st.lists(
    st.tuples(st.sampled_from("AABBC"), st.sampled_from((0, 1, 2, 9, 30)), st.sampled_from("uv")),
    max_size=12,
)


@given(
    _STEPS,
    st.sampled_from((Quantity(), Quantity(1, 1), Quantity(0, 1), Quantity(2), Quantity(0, 0))),
    st.sampled_from((None, 3.0)),
)
def test_it_judges_as_one_does_who_sees_the_whole_run(
    steps: list[tuple[str, int, str]], quantity: Quantity, within_s: float | None
) -> None:
    at = 0
    events = []
    for number, (name, pause_s, user) in enumerate(steps, 1):
        at += pause_s
        events.append(occurrence(number, name, float(at), user=user))
    held = broken = 0
    for index, trigger in enumerate(events):
        if trigger.name != "A":
            continue
        count = 0
        for other in events[index + 1 :]:
            if other.properties != trigger.properties or other.name == "C":
                continue
            if other.name == "A":
                break
            late_s = other.sighting.at - trigger.sighting.at
            count += within_s is None or late_s <= within_s
        held += count in quantity
        broken += count not in quantity
    machine = Stretches(
        Following(Names(("A",)), Wanted(Names(("B",))), quantity, within_s, ("user",))
    )
    for each in events:
        machine.pass_time(each.sighting.at)
        if machine.concerns(each.name):
            machine.feed(each)
    machine.close()
    outcome = machine.outcome
    assert (outcome.held, outcome.broken, outcome.open) == (held, broken, 0)
