from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trackscope.plan.check import Checker
from trackscope.plan.learning import Learning
from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.plan.reading import load
from trackscope.plan.widening import Change, Learned
from trackscope.plan.writing import plan_text

NAMES = st.sampled_from(["a", "b", "c/d~", "token", "$browser", "\ud83d", "1"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["free", "pro", "2011-11-23", "a@b.io", "http://h/", "1.2.3.4", "\ud83d"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
EVENTS = st.builds(
    lambda name, properties: {"event": name, "properties": properties},
    st.sampled_from(["Login", "Purchase", "$identify", "\ud83d", ""]),
    st.dictionaries(NAMES, VALUES, max_size=5) | st.none(),
)
SCHEMAS = st.sampled_from(
    [
        {},
        {"additionalProperties": False},
        {"properties": {"a": {"type": "string", "minLength": 3}}, "required": ["a", "b"]},
        {"properties": {"a": {"enum": ["free"]}, "b": {"format": "date"}}},
        {"properties": {"a": {"anyOf": [{"type": "null"}, {"const": 1}]}, "b": False}},
        {"properties": {"a": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "integer"}}},
        {"properties": {"a": {"type": "array", "items": {"type": "string"}, "maxItems": 1}}},
        {"properties": {"a": {"properties": {"b": {"type": "null"}}, "required": ["1"]}}},
        {"allOf": [{"properties": {"a": {"type": "string"}}, "required": ["b"]}]},
        {"maxProperties": 1, "propertyNames": {"pattern": "^a"}},
        {"patternProperties": {"^a": {"type": "null"}}, "additionalProperties": {"type": "null"}},
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "unevaluatedProperties": False},
        {"properties": {"a": {"type": "integer", "maximum": 0, "multipleOf": 2}}},
        {"dependentRequired": {"a": ["b"]}, "minProperties": 2},
    ]
)


def learned(events: list[dict[str, Any]], plan: Plan | None = None) -> Plan:
    learning = Learning(plan)
    for event in events:
        learning.add(event)
    return learning.lesson().plan


def findings(plan: Plan, events: list[dict[str, Any]]) -> list[Any]:
    checker = Checker(plan)
    return [
        each
        for event in events
        if event["event"] not in ("", "\ud83d")
        for each in checker.findings(event)
    ]


def sent(name: str, /, **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": {"token": "t", **properties}}


@given(st.lists(EVENTS, max_size=12))
def test_a_plan_accepts_all_that_it_was_learned_from(events: list[dict[str, Any]]) -> None:
    assert findings(learned(events), events) == []


@given(st.lists(EVENTS, max_size=8), SCHEMAS)
def test_a_plan_that_is_widened_accepts_what_came(
    events: list[dict[str, Any]], schema: dict[str, Any]
) -> None:
    before = Plan((Entry(Entity.EVENT, "Login", schema),))
    assert findings(learned(events, before), events) == []


@example(
    [{"event": "Login", "properties": {"a": {"b": None}}}],
    [{"event": "Login", "properties": {"a": {}}}, {"event": "Login", "properties": {"a": None}}],
)
@given(st.lists(EVENTS, max_size=8), st.lists(EVENTS, max_size=8))
def test_a_plan_that_is_widened_still_accepts_what_it_did(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    assert findings(learned(second, learned(first)), first) == []


@given(st.lists(EVENTS, max_size=8))
def test_learning_the_same_again_changes_nothing(events: list[dict[str, Any]]) -> None:
    plan = learned(events)
    learning = Learning(plan)
    for event in events:
        learning.add(event)
    lesson = learning.lesson()
    assert [each for each in lesson.changes if each.what is not Learned.MISSING] == []
    assert lesson.plan == plan


@given(st.lists(EVENTS, max_size=8), st.sampled_from(["plan.json", "plan.yaml"]))
def test_a_learned_plan_is_read_again_as_it_was_written(
    events: list[dict[str, Any]], name: str
) -> None:
    plan = learned(events)
    again = load(plan_text(plan, name))
    assert again.entries == plan.entries


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"b": float("-inf")}])
def test_what_is_no_number_of_json_is_not_learned_from(value: Any) -> None:
    assert learned([sent("a", b=value)]) == Plan()


@pytest.mark.parametrize("name", ["", "\ud83d"])
def test_a_name_that_no_file_can_hold_is_not_learned(name: str) -> None:
    assert learned([sent(name)]) == Plan()


def test_types_what_is_always_there_formats_and_few_values_are_learned() -> None:
    events = [
        sent(
            "Purchase",
            amount=n if n % 2 else n + 0.5,
            plan="pro" if n % 2 else "free",
            at=f"2011-11-2{n}",
        )
        for n in range(10)
    ]
    events.append(sent("Purchase", amount=1, plan="pro", at="2011-11-23", coupon="x"))
    (entry,) = learned(events).entries
    assert entry.schema == {
        "type": "object",
        "properties": {
            "amount": {"type": "number"},
            "at": {"type": "string", "format": "date"},
            "coupon": {"type": "string"},
            "plan": {"enum": ["free", "pro"]},
        },
        "required": ["amount", "at", "plan"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "1", "plan": "pro"},
        {"amount": 1, "plan": "prp"},
        {"amount": 1},
        {"amount": 1, "plan": "pro", "new": 1},
    ],
    ids=["retyped", "changed", "removed", "added"],
)
def test_a_learned_plan_finds_what_is_changed_later(changed: dict[str, Any]) -> None:
    plan = learned([sent("a", amount=1, plan=("pro", "free")[n % 2]) for n in range(12)])
    assert findings(plan, [sent("a", **changed)]) != []


def test_learning_again_tells_what_was_added_widened_and_is_missing() -> None:
    plan = learned([sent("Gone"), *[sent("a", n=1, old=1, plan="free", s="x") for _ in range(3)]])
    learning = Learning(plan)
    for event in (sent("a", n="1", new=1, old=1, plan="free"), sent("New")):
        learning.add(event)
    assert set(learning.lesson().changes) == {
        Change(Learned.MISSING, "Gone"),
        Change(Learned.MISSING, "a", "s"),
        Change(Learned.WIDENED, "a", "n", "it is a whole number or a string"),
        Change(Learned.WIDENED, "a", "s", "it is not always there"),
        Change(Learned.ADDED, "a", "new"),
        Change(Learned.ADDED, "New"),
    }


def test_what_the_plan_says_besides_stays() -> None:
    schema = {"description": "ours", "properties": {"a": {"type": "integer", "title": "A"}}}
    before = Plan((Entry(Entity.EVENT, "a", schema), Entry(Entity.GROUP, "g", {})), beside={"v": 1})
    plan = learned([sent("a", a="x")], before)
    assert json.loads(plan_text(plan, "p.json")) == {
        "entries": [
            {
                "entityType": "event",
                "name": "a",
                "schemaJson": {
                    "description": "ours",
                    "properties": {"a": {"type": ["integer", "string"], "title": "A"}},
                },
            },
            {"entityType": "group", "name": "g", "schemaJson": {}},
        ],
        "v": 1,
    }


def test_an_object_with_a_thousand_keys_may_have_any() -> None:
    event = sent("a", **{f"k{n}": n for n in range(1_000)})
    plan = learned([event])
    assert findings(plan, [event, sent("a", other=1)]) == []
    assert plan.events["a"].properties == {}
