"""The differences between the events of two captures."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.runs import occurrence
from tests.plan.values import PROPERTIES

from trackscope.cli.output import json_line
from trackscope.plan.occurrence import Occurrence, Sighting
from trackscope.session.event_diff import (
    MASKED,
    VOLATILE,
    EventDifference,
    Kind,
    Masks,
    event_diff,
)
from trackscope.session.event_diff_text import diff_record, diff_text

Event = tuple[str, dict[str, Any]]

NAMES = ("Page", "Item Added", "Item Removed", "Checkout", "Purchase", "Login")


def events(run: list[Event]) -> list[Occurrence]:
    return [
        occurrence(number, name, 0.0, **properties)
        for number, (name, properties) in enumerate(run, 1)
    ]


def shop_run(source: random.Random, count: int = 40) -> list[Event]:
    """A run as a shop's: few names, many events that are equal but for their time and id."""
    return [
        (
            source.choice(NAMES),
            {
                "token": "t",
                "time": 1000 + number,
                "$insert_id": f"{source.getrandbits(64):x}",
                "distinct_id": f"user {source.randrange(4)}",
                "price": source.randrange(6),
                "plan": source.choice(("free", "pro")),
            },
        )
        for number in range(count)
    ]


def _seen_again(run: list[Event]) -> list[Event]:
    """The same run on another day, by other users."""
    return [
        (name, {**all_, "time": all_["time"] + 9999, "$insert_id": "n", "distinct_id": "x"})
        for name, all_ in run
    ]


def _delete(run: list[Event], at: int) -> tuple[Kind, int]:
    del run[at]
    return Kind.MISSING, 0


def _insert(run: list[Event], at: int) -> tuple[Kind, int]:
    run.insert(at, ("New", {"token": "t", "n": at}))
    return Kind.EXTRA, 0


def _change(run: list[Event], at: int) -> tuple[Kind, int]:
    run[at][1]["price"] = -at - 1
    return Kind.CHANGED, 1


def _retype(run: list[Event], at: int) -> tuple[Kind, int]:
    run[at][1]["price"] = str(run[at][1]["price"])
    return Kind.CHANGED, 1


def _drop(run: list[Event], at: int) -> tuple[Kind, int]:
    del run[at][1]["plan"]
    return Kind.CHANGED, 1


def _rename(run: list[Event], at: int) -> tuple[Kind, int]:
    run[at] = (run[at][0] + " again", run[at][1])
    return Kind.CHANGED, 1


EDITS = (_delete, _insert, _change, _retype, _drop, _rename)
"""Each makes one edit at a place, and says what it is to be found as: its kind, and how many values
of the event differ."""


@pytest.mark.parametrize("edit", EDITS, ids=lambda each: each.__name__.strip("_"))
@pytest.mark.parametrize("seed", range(60))
def test_one_edit_is_found_as_what_it_is(
    edit: Callable[[list[Event], int], tuple[Kind, int]], seed: int
) -> None:
    source = random.Random(seed)
    a = shop_run(source)
    b = _seen_again(a)
    expected = edit(b, source.randrange(len(b)))
    (found,) = event_diff(events(a), events(b)).differences
    assert (found.kind, len(found.values)) == expected


@pytest.mark.parametrize("seed", range(60))
def test_two_neighbours_that_changed_places_are_one_that_moved(seed: int) -> None:
    source = random.Random(seed)
    a = shop_run(source)
    at = source.randrange(len(a) - 1)
    a[at][1]["price"] = 100
    b = _seen_again(a)
    b[at], b[at + 1] = b[at + 1], b[at]
    (found,) = event_diff(events(a), events(b)).differences
    assert found.kind is Kind.REORDERED


@pytest.mark.parametrize("seed", range(60))
def test_many_edits_are_each_found_at_their_place(seed: int) -> None:
    source = random.Random(seed)
    a = [(name, {**all_, "step": at}) for at, (name, all_) in enumerate(shop_run(source, 60))]
    b = _seen_again(a)
    expected: list[tuple[Kind, int]] = []
    for at in range(55, 0, -5):  # from the end, so that the places before stay
        edit = source.choice(EDITS)
        expected.append((edit(b, at)[0], at))
    found = event_diff(events(a), events(b)).differences
    assert [_found_at(each) for each in found if each.kind is not Kind.EXTRA] == [
        (kind, at) for kind, at in reversed(expected) if kind is not Kind.EXTRA
    ]
    assert [each.name for each in found if each.kind is Kind.EXTRA] == [
        "New" for kind, _ in expected if kind is Kind.EXTRA
    ]


def _found_at(difference: EventDifference) -> tuple[Kind, int]:
    assert difference.a is not None
    return difference.kind, difference.a.properties["step"]


@pytest.mark.parametrize("seed", range(20))
def test_a_version_that_is_another_in_every_event_does_not_hide_what_was_edited(seed: int) -> None:
    source = random.Random(seed)
    a = shop_run(source, 300)
    b = _seen_again(a)
    at = source.randrange(290)
    b[at], b[at + 1] = ("New", {"token": "t", "n": 1}), b[at]  # one extra, one missing
    for run, version in ((a, "1.0"), (b, "1.1")):
        for _, properties in run:
            properties["version"] = version
    diff = event_diff(events(a), events(b))
    assert (diff.count(Kind.EXTRA), diff.count(Kind.MISSING), diff.same) == (1, 1, 0)
    changed = [each for each in diff.differences if each.kind is Kind.CHANGED]
    assert len(changed) == 299
    assert {value.label for each in changed for value in each.values} == {"version"}


@pytest.mark.parametrize("seed", range(20))
def test_a_run_on_another_day_by_other_users_is_the_same(seed: int) -> None:
    a = shop_run(random.Random(seed))
    diff = event_diff(events(a), events(_seen_again(a)))
    assert (diff.is_same, diff.same) == (True, len(a))
    assert diff.masked == dict.fromkeys(("$insert_id", "distinct_id", "time"), len(a))


def test_that_a_masked_property_is_there_counts() -> None:
    (found,) = event_diff(
        events([("A", {"time": 1, "n": 1})]), events([("A", {"n": 1})])
    ).differences
    assert [(each.pointer, each.a, each.b) for each in found.values] == [
        ("/properties/time", json.dumps(MASKED, ensure_ascii=False), "")
    ]


def test_what_is_masked_can_be_chosen() -> None:
    a, b = events([("A", {"time": 1, "n": 1})]), events([("A", {"time": 2, "n": 2})])
    assert event_diff(a, b, Masks(("time", "n"))).is_same
    values = event_diff(a, b, Masks(VOLATILE, ("time",))).differences[0].values
    assert [each.label for each in values] == ["time", "n"]


def test_one_number_is_the_same_in_any_spelling_but_not_as_a_text() -> None:
    spelt = [("A", {"n": 1.0, "deep": {"b": 2.0, "a": [1]}})]
    assert event_diff(events([("A", {"n": 1, "deep": {"a": [1], "b": 2}})]), events(spelt)).is_same
    assert not event_diff(events([("A", {"n": True})]), events([("A", {"n": 1})])).is_same


_RUN = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.dictionaries(
            st.sampled_from(("n", "time")), st.integers(0, 2) | st.just("x") | st.floats()
        ),
    ),
    max_size=8,
)


@given(_RUN, _RUN)
def test_every_event_is_counted_once_and_the_other_way_round_is_as_long(
    one: list[Event], other: list[Event]
) -> None:
    a, b = events(one), events(other)
    diff, back = event_diff(a, b), event_diff(b, a)
    kinds = {kind: diff.count(kind) for kind in Kind}
    both = diff.same + kinds[Kind.REORDERED] + kinds[Kind.CHANGED]
    assert both + kinds[Kind.MISSING] == len(a)
    assert both + kinds[Kind.EXTRA] == len(b)
    assert diff.is_same == back.is_same
    assert event_diff(a, a).is_same


@given(*[st.lists(st.tuples(st.sampled_from("AB"), PROPERTIES), max_size=4)] * 2)
def test_whatever_events_carry_is_compared_and_told(one: list[Event], other: list[Event]) -> None:
    a, b = (
        [
            Occurrence(Sighting(number, name, 0.0), properties)
            for number, (name, properties) in enumerate(run, 1)
        ]
        for run in (one, other)
    )
    diff = event_diff(a, b)
    assert all(line.isprintable() for line in diff_text(diff, ("a", "b"), Masks()).splitlines())
    json_line(diff_record(diff, ("a", "b"), Masks())).encode()
    assert event_diff(a, a).is_same
