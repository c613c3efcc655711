"""A run that passes, with one thing wrong at random: the plan or an expectation finds it."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from tests.plan.runs import occurrence

from trackscope.plan.check import Checker
from trackscope.plan.expectation_reading import read_expectations
from trackscope.plan.outcome import Light
from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.plan.watch import Watch

SEEDS = 5_000
STEPS = ("Signup", "Login", "Item Viewed", "Item Added", "Checkout", "Purchase", "Logout")
STEP_S = 10
START = 1_322_092_800
TOKEN = "e3bc4100330c35722740fb8c6f5abddc"

Event = dict[str, Any]

PROPERTIES: dict[str, Any] = {
    "token": {"const": TOKEN},
    "distinct_id": {"type": "string", "pattern": "^user-[0-9]$"},
    "$insert_id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "time": {"type": "integer", "minimum": START, "maximum": START + 86_400},
    "plan": {"enum": ["free", "pro"]},
    "is_test": {"type": "boolean", "const": False},
    "amount": {"type": "number", "enum": [5, 7.5, 20]},
    "items": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"sku": {"enum": ["a-1", "b-2"]}, "count": {"const": 1}},
            "required": ["sku", "count"],
            "additionalProperties": False,
        },
        "minItems": 1,
        "maxItems": 1,
    },
}
SCHEMA = {
    "type": "object",
    "properties": PROPERTIES,
    "required": [*PROPERTIES],
    "additionalProperties": False,
}
PLAN = Plan(tuple(Entry(Entity.EVENT, name, SCHEMA) for name in STEPS))

EXPECTED: list[dict[str, Any]] = [
    {"never twice": "$insert_id"},
    {"every event has": ["$insert_id", "distinct_id"]},
    {"before": STEPS[1], "event": STEPS[0], "same": "distinct_id"},
    *(
        {
            "after": one,
            "exactly": 1,
            "event": other,
            "within": "15 s",
            "same": "distinct_id",
        }
        for one, other in pairwise(STEPS)
    ),
    *(
        {"before": other, "event": one, "within": "15 s", "same": ["distinct_id", "plan"]}
        for one, other in pairwise(STEPS)
    ),
]
EXPECTATIONS, MISTAKES = read_expectations(EXPECTED)


def shop_run(source: random.Random) -> list[Event]:
    """Three users go through the shop, one after the other."""
    return [
        {
            "event": name,
            "properties": {
                "token": TOKEN,
                "distinct_id": f"user-{user}",
                "$insert_id": f"{source.getrandbits(64):016x}",
                "time": START + (user * len(STEPS) + step) * STEP_S,
                "plan": ("free", "pro")[user % 2],
                "is_test": False,
                "amount": (5, 7.5, 20)[user],
                "items": [{"sku": ("a-1", "b-2")[user % 2], "count": 1}],
            },
        }
        for user in range(3)
        for step, name in enumerate(STEPS)
    ]


def is_found(events: list[Event], checker: Checker) -> bool:
    """Whether the plan or an expectation has anything against a run."""
    watching = Watch(EXPECTATIONS)
    is_against = False
    for number, event in enumerate(events, 1):
        is_against |= bool(checker.findings(event))
        at = float(START + number * STEP_S)
        watching.feed(occurrence(number, event["event"], at, **event["properties"]))
    watching.close()
    return is_against or any(each.light is Light.BROKEN for each in watching.outcomes)


def _delete(source: random.Random, events: list[Event]) -> None:
    del events[source.randrange(len(events))]


def _duplicate(source: random.Random, events: list[Event]) -> None:
    at = source.randrange(len(events))
    events.insert(source.randrange(at, len(events)) + 1, copy.deepcopy(events[at]))


def _reorder(source: random.Random, events: list[Event]) -> None:
    """Two events of one user change places; in what order users come means nothing."""
    first = source.randrange(3) * len(STEPS)
    one, other = source.sample(range(first, first + len(STEPS)), 2)
    events[one], events[other] = events[other], events[one]


def _retype(source: random.Random, events: list[Event]) -> None:
    holder, key = _place(source, events)
    value = holder[key]
    others: list[Any] = [None, True, 17, 1.5, "text", [value], {"value": value}, str(value)]
    holder[key] = source.choice([each for each in others if _type(each) != _type(value)])


def _rename(source: random.Random, events: list[Event]) -> None:
    if source.random() < 0.3:
        event = source.choice(events)
        event["event"] = _misspelt(source, event["event"])
        return
    holder, key = _place(source, events)
    members = list(holder.items())
    holder.clear()
    renamed = _misspelt(source, key)
    holder.update((renamed if name == key else name, value) for name, value in members)


def _change(source: random.Random, events: list[Event]) -> None:
    holder, key = _place(source, events)
    value = holder[key]
    if isinstance(value, bool):
        holder[key] = not value
    elif isinstance(value, int | float):
        holder[key] = value + source.choice((-1, 1)) * source.randrange(1, 100_000)
    elif isinstance(value, str):
        holder[key] = _misspelt(source, value)
    else:
        holder[key] = [*value, *value] if source.random() < 0.5 else []


def _place(source: random.Random, events: list[Event]) -> tuple[dict[str, Any], str]:
    """A property of an event, or of an object within one, and what holds it."""
    holder = source.choice(events)["properties"]
    key = source.choice(list(holder))
    if key == "items" and source.random() < 0.7:
        holder = holder["items"][0]
        key = source.choice(list(holder))
    return holder, key


def _misspelt(source: random.Random, text: str) -> str:
    """Another text: a character is lost, doubled, of the other case, or another one."""
    at = source.randrange(len(text))
    before, letter, after = text[:at], text[at], text[at + 1 :]
    others = ("", letter * 2, letter.swapcase(), source.choice("xyz_0123456789 "))
    options = [f"{before}{other}{after}" for other in others]
    return source.choice([each for each in options if each != text])


def _type(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


MUTATIONS: tuple[Callable[[random.Random, list[Event]], None], ...] = (
    _delete,
    _duplicate,
    _reorder,
    _retype,
    _rename,
    _change,
)


def _explained(before: list[Event], after: list[Event]) -> str:
    """Why nothing could have been found; empty where something should have been."""
    (pair,) = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    was, is_ = pair[0]["properties"], pair[1]["properties"]
    changed = {name for name in PROPERTIES if was.get(name) != is_.get(name)}
    if changed == {"$insert_id"}:
        return "another id is as good"
    if changed == {"time"} and abs(was["time"] - is_["time"]) <= 25:
        return "the time is as far from the others as it may be"
    return ""


@pytest.mark.parametrize("seed", range(20))
def test_a_run_as_it_should_be_passes(seed: int) -> None:
    assert MISTAKES == ()
    assert not is_found(shop_run(random.Random(seed)), Checker(PLAN))


def test_whatever_goes_wrong_is_found() -> None:
    checker = Checker(PLAN)
    missed: Counter[str] = Counter()
    for seed in range(SEEDS):
        source = random.Random(seed)
        run = shop_run(source)
        mutated = copy.deepcopy(run)
        mutate = MUTATIONS[seed % len(MUTATIONS)]
        mutate(source, mutated)
        if not is_found(mutated, checker):
            why = _explained(run, mutated)
            assert why, (seed, mutate.__name__)
            missed[why] += 1
    assert missed.total() <= SEEDS // 100, missed
