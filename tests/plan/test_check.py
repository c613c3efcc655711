from __future__ import annotations

import math
from typing import Any

import pytest

from trackscope.plan.check import MAX_FINDINGS, Checker
from trackscope.plan.finding import PlanFinding
from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.wire.era import RULES

SCHEMA: dict[str, Any] = {
    "properties": {
        "amount": {"type": "number", "minimum": 0},
        "plan": {"enum": ["free", "pro"]},
        "sku": {"type": "string", "pattern": "^[a-z]+$"},
        "mail": {"type": "string", "format": "email"},
        "items": {"type": "array", "items": {"properties": {"price": {"type": "number"}}}},
        "id": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    },
    "required": ["amount"],
    "additionalProperties": False,
}
CHECKER = Checker(Plan((Entry(Entity.EVENT, "Purchase", SCHEMA),)))


def event(name: str = "Purchase", /, **properties: Any) -> dict[str, Any]:
    known = {"token": "t", "distinct_id": "u", "time": 1, "$insert_id": "x", "mp_lib": "web"}
    return {"event": name, "properties": {**known, "amount": 1, **properties}}


def only(checked: tuple[PlanFinding, ...]) -> PlanFinding:
    (finding,) = checked
    return finding


def test_an_event_that_follows_the_plan_has_no_finding() -> None:
    everything = event(plan="pro", sku="a", mail="a@b.io", items=[{"price": 1}], id=3)
    assert CHECKER.findings(everything) == ()


@pytest.mark.parametrize(
    ("properties", "rule", "at", "message"),
    [
        ({"amount": "12"}, "type", "amount", '"amount" is the string "12"; the plan expects a'),
        ({"amount": math.nan}, "type", "amount", "nan, which is no number of JSON"),
        ({"amount": -1}, "range", "amount", "is the number -1; the plan expects at least 0"),
        ({"plan": "x"}, "enum", "plan", 'expects "free" or "pro"'),
        ({"plan": "Pro"}, "enum", "plan", 'perhaps "pro" is meant'),
        ({"sku": "A"}, "pattern", "sku", "a value that matches ^[a-z]+$"),
        ({"mail": "ann"}, "format", "mail", "a value in the format email"),
        ({"items": [{}, {"price": "1"}]}, "type", "items/1/price", "items/1/price is the string"),
        ({"id": None}, "type", "id", '"id" is null; the plan expects a string or a whole number'),
        ({"itmes": "a"}, "extra-property", "itmes", 'not in the plan; perhaps "items" is meant'),
        ({"zzz": "a"}, "extra-property", "zzz", 'the property "zzz" is not in the plan'),
    ],
)
def test_a_value_that_is_not_as_planned_is_told_with_its_place(
    properties: dict[str, Any], rule: str, at: str, message: str
) -> None:
    finding = only(CHECKER.findings(event(**properties), 2))
    assert (finding.rule, finding.at) == (f"plan.{rule}", f"/2/properties/{at}")
    assert message in finding.message
    assert finding.event == "Purchase"
    assert finding.rule in RULES


def test_a_missing_property_is_told_with_the_name_that_may_be_meant_for_it() -> None:
    sent = event(amuont=1)
    del sent["properties"]["amount"]
    missing, extra = CHECKER.findings(sent)
    assert (missing.rule, missing.at) == ("plan.required", "/0/properties/amount")
    assert missing.nearest == "amuont"
    assert (extra.rule, extra.nearest) == ("plan.extra-property", "amount")


def test_an_event_that_is_not_planned_is_told_with_the_nearest_name() -> None:
    finding = only(CHECKER.findings(event("purchase")))
    assert (finding.rule, finding.at, finding.nearest) == (
        "plan.unplanned",
        "/0/event",
        "Purchase",
    )
    assert only(CHECKER.findings(event("Login"))).nearest == ""


def test_what_sdks_send_by_themselves_is_not_unplanned() -> None:
    assert CHECKER.findings(event("$identify")) == ()


@pytest.mark.parametrize("value", [None, 3, "x", [], {"event": 3}, {"properties": {}}])
def test_what_is_no_event_is_not_for_the_plan_to_say(value: Any) -> None:
    assert CHECKER.findings(value) == ()


@pytest.mark.parametrize("properties", [None, 3, []])
def test_an_event_without_properties_lacks_what_is_required(properties: Any) -> None:
    sent = {"event": "Purchase", "properties": properties}
    assert only(CHECKER.findings(sent)).rule == "plan.required"


def test_half_an_emoji_is_checked_as_any_text() -> None:
    assert only(CHECKER.findings(event(sku="\ud83d"))).rule == "plan.pattern"
    assert only(CHECKER.findings(event("Purchase", **{"\ud83d": 1}))).rule == "plan.extra-property"


def test_the_value_of_a_secret_is_not_told() -> None:
    plan = Plan((Entry(Entity.EVENT, "a", {"properties": {"token": {"enum": ["other"]}}}),))
    finding = only(Checker(plan).findings(event("a", token="e3bc4100330c")))
    assert finding.got == "a string"
    assert "e3bc" not in finding.message


def test_a_hostile_event_has_a_bounded_number_of_findings() -> None:
    found = CHECKER.findings(event(items=[{"price": "x"}] * 100_000))
    assert len(found) == MAX_FINDINGS
    extra = CHECKER.findings(event("Purchase", **{f"p{n}": 1 for n in range(10_000)}))
    assert len(extra) == MAX_FINDINGS


def test_a_pattern_that_takes_too_long_is_a_finding() -> None:
    schema = {"properties": {"a": {"pattern": r"(?:(?=(a*))\1)*b"}}}
    plan = Plan((Entry(Entity.EVENT, "a", schema),))
    finding = only(Checker(plan).findings(event("a", a="a" * 5_000)))
    assert finding.rule == "plan.pattern"
    assert "takes less long to compare" in finding.message


def test_what_must_not_be_there_is_told_by_its_name() -> None:
    plan = Plan((Entry(Entity.EVENT, "a", {"properties": {"pattern": False}}),))
    finding = only(Checker(plan).findings(event("a", pattern=1)))
    assert finding.message == '"pattern" is the number 1; the plan expects no such property'


def test_values_as_deep_as_they_are_read_are_checked() -> None:
    deep: Any = 1
    for _ in range(198):
        deep = {"a": deep}
    plan = Plan((Entry(Entity.EVENT, "a", {"properties": {"x": {"enum": [1, "\U0001f600"]}}}),))
    for value in (deep, {"\ud83d": deep}):
        assert only(Checker(plan).findings(event("a", x=value))).rule == "plan.enum"


def test_big_numbers_are_checked() -> None:
    assert CHECKER.findings(event(amount=10**400)) == ()
    assert only(CHECKER.findings(event(amount=-(10**400)))).rule == "plan.range"


def test_an_update_of_a_profile_need_not_set_what_is_required() -> None:
    schema = {"properties": {"plan": {"enum": ["free"]}}, "required": ["plan"]}
    checker = Checker(
        Plan((Entry(Entity.PROFILE, "$user", schema), Entry(Entity.GROUP, "Company", schema)))
    )
    assert checker.profile_findings({"$token": "t", "$set": {"$email": "a"}}) == ()
    user = only(checker.profile_findings({"$token": "t", "$set_once": {"plan": "x"}}, 1))
    assert (user.rule, user.at) == ("plan.enum", "/1/$set_once/plan")
    group = {"$group_key": "Company", "$group_id": "a", "$set": {"plan": "x"}}
    assert only(checker.profile_findings(group)).event == "Company"
    assert checker.profile_findings({"$group_key": "Team", "$set": {"plan": "x"}}) == ()


def test_findings_of_one_kind_are_told_by_their_property() -> None:
    first, second = CHECKER.findings(event(items=[{"price": "1"}, {"price": "2"}]))
    assert first.property == second.property == "/items/*/price"
