"""What came before, and what came twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.runs import judged, occurrence, run, sentences

from trackscope.plan.expectation import Differing, Names, Preceding, Wanted
from trackscope.plan.outcome import Light
from trackscope.plan.recalling import Distinctness, Precedence

SIGNED_UP = {"before": "Login", "event": "Signup", "same": "user", "within": "1 h"}
ANN, BOB = {"user": "ann"}, {"user": "bob"}


def test_what_came_before_meets_it() -> None:
    outcome = judged(SIGNED_UP, run(("Signup", 0, ANN), ("Login", 9, ANN), ("Login", 10, ANN)))
    assert (outcome.light, outcome.held) == (Light.MET, 2)


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([("Login", 0, ANN), ("Signup", 1, ANN)], "no Signup came before Login (entry 1)"),
        ([("Signup", 0, BOB), ("Login", 1, ANN)], "no Signup came before Login (entry 2)"),
        (
            [("Signup", 0, ANN), ("Login", 7200, ANN)],
            "the last Signup was 2 h before Login (entry 2)",
        ),
        ([("Signup", 0, ANN), ("Login", 1)], "Login (entry 2) lacks user"),
    ],
)
def test_what_did_not_come_before_breaks_it(events: list[Any], sentence: str) -> None:
    assert sentences(judged(SIGNED_UP, run(*events))) == [sentence]


def test_only_what_fulfils_the_condition_counts_as_before() -> None:
    item = {"before": "Login", "event": "Signup", "where": {"plan": "pro"}}
    assert judged(item, run(("Signup", 0, {"plan": "free"}), "Login")).broken == 1
    assert judged(item, run(("Signup", 0, {"plan": "pro"}), "Login")).held == 1


def test_what_was_forgotten_is_not_judged() -> None:
    expectation = Preceding(Names(("B",)), Wanted(Names(("A",))), same=("user",))
    machine = Precedence(expectation, remembered=1)
    for number, (name, user) in enumerate([("A", 1), ("A", 2), ("B", 1), ("B", 2)], 1):
        machine.feed(occurrence(number, name, 0.0, user=user))
    outcome = machine.outcome
    assert (outcome.held, outcome.broken, outcome.unjudged) == (1, 0, 1)


def test_a_value_that_came_before_is_told_with_both_events() -> None:
    ids: tuple[dict[str, str], ...] = (
        {"$insert_id": "x"},
        {"$insert_id": "y"},
        {"$insert_id": "x"},
        {},
    )
    outcome = judged({"never twice": "$insert_id"}, run(*[("A", 0, each) for each in ids]))
    assert sentences(outcome) == ['A (entry 3) has the same $insert_id "x" as A (entry 1)']
    assert [each.number for each in outcome.breaks[0].evidence] == [1, 3]
    assert outcome.held == 2


def test_the_value_of_a_secret_is_not_told() -> None:
    outcome = judged(
        {"never twice": ["token", "n"]}, run(*[("A", 0, {"token": "e3bc", "n": 1})] * 2)
    )
    assert sentences(outcome) == ["A (entry 2) has the same token and n 1 as A (entry 1)"]


def test_a_long_value_is_told_from_another_and_cut() -> None:
    values = ["x" * 5000, "x" * 4999 + "y", "x" * 5000]
    outcome = judged({"never twice": "id"}, run(*[("A", 0, {"id": each}) for each in values]))
    assert outcome.broken == 1
    assert len(outcome.breaks[0].sentence) < 300


@given(st.lists(st.sampled_from((1, "1", True, 1.5, None, "", "a", [1])), max_size=10))
def test_values_differ_if_their_json_does(values: list[Any]) -> None:
    events = run(*[("A", 0, {"id": each}) for each in values])
    given_ = [repr(each) for each in values if each not in (None, "")]
    assert judged({"never twice": "id"}, events).broken == len(given_) - len(set(given_))


def test_new_values_are_doubted_once_others_are_forgotten() -> None:
    machine = Distinctness(Differing(Names(), ("id",)), remembered=2)
    for number in range(4):
        machine.feed(occurrence(number, "A", 0.0, id=number))
    assert (machine.outcome.held, machine.outcome.unjudged) == (4, 1)
