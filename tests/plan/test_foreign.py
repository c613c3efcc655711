from __future__ import annotations

import json
from typing import Any

import pytest

from trackscope.errors import PlanError
from trackscope.plan.plan import PROFILE_NAME, Entity
from trackscope.plan.reading import load

INNER: dict[str, Any] = {
    "type": "object",
    "properties": {"total": {"type": "number"}},
    "required": ["total"],
}
CALL: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {"context": {}, "traits": {"type": "object"}, "properties": INNER},
    "required": ["properties"],
}

SEGMENT_PUBLIC = {
    "data": {
        "rules": [
            {"type": "TRACK", "key": "Order Completed", "version": 1, "jsonSchema": CALL},
            {"type": "COMMON", "key": None, "version": 1, "jsonSchema": {"type": "object"}},
            {"type": "IDENTIFY", "key": None, "version": 1, "jsonSchema": CALL},
        ],
        "pagination": {"current": "MA=="},
    }
}
SEGMENT_CONFIG = {
    "name": "workspaces/w/tracking-plans/rs_1",
    "display_name": "Web",
    "rules": {
        "events": [{"name": "Order Completed", "description": "paid", "version": 1, "rules": CALL}],
        "identify_traits": [],
    },
}
RUDDERSTACK = {
    "name": "Web",
    "events": [
        {
            "name": "Order Completed",
            "eventType": "track",
            "identitySection": "properties",
            "rules": {**CALL, "$schema": ""},
        },
        {"name": "", "eventType": "page", "rules": CALL},
    ],
}


@pytest.mark.parametrize(
    "value", [SEGMENT_PUBLIC, SEGMENT_CONFIG, RUDDERSTACK], ids=["public", "config", "rudderstack"]
)
def test_what_a_track_call_must_have_is_what_the_event_must_have(value: Any) -> None:
    plan = load(json.dumps(value))
    assert list(plan.events) == ["Order Completed"]
    entry = plan.events["Order Completed"]
    assert entry.properties == {"total": {"type": "number"}}
    assert entry.required == ("total",)


def test_the_description_of_an_event_is_kept() -> None:
    (entry,) = load(json.dumps(SEGMENT_CONFIG)).entries
    assert entry.schema["description"] == "paid"
    assert entry.schema["$schema"] == CALL["$schema"]


def test_the_traits_of_identify_are_the_profile() -> None:
    (profile,) = load(json.dumps(SEGMENT_PUBLIC)).of(Entity.PROFILE).values()
    assert (profile.name, profile.schema["type"]) == (PROFILE_NAME, "object")


def test_a_schema_that_is_not_on_a_whole_call_is_taken_as_it_is() -> None:
    plan = load(json.dumps({"rules": [{"name": "a", "rules": INNER}]}))
    assert plan.events["a"].required == ("total",)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([{"type": "PAGE", "jsonSchema": {}}], "It has no rule on a track"),
        ([{"type": "TRACK", "key": "a", "jsonSchema": 3}], "In rule 1 stands no schema."),
        ([{"type": "TRACK", "key": None, "jsonSchema": {}}], "In rule 1 the event has no name"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(rules: Any, sentence: str) -> None:
    with pytest.raises(PlanError) as problem:
        load(json.dumps({"rules": rules}))
    assert sentence in str(problem.value)
