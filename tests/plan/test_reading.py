from __future__ import annotations

import json
from typing import Any

import pytest

from trackscope.errors import PlanError
from trackscope.plan.plan import Entity
from trackscope.plan.reading import load

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "properties": {"amount": {"type": "number"}},
    "required": ["amount"],
}
ENTRY = {"entityType": "event", "name": "Purchase", "schemaJson": SCHEMA}


def refused(text: str) -> str:
    with pytest.raises(PlanError) as problem:
        load(text, "plan.json")
    return str(problem.value)


@pytest.mark.parametrize(
    "value",
    [
        {"entries": [ENTRY]},
        {"results": [ENTRY], "status": "ok"},
        [ENTRY],
        ENTRY,
        [{**ENTRY, "schemaJson": json.dumps(SCHEMA)}],
    ],
    ids=["request", "answer", "list", "one", "as text"],
)
def test_entries_stand_in_any_of_the_shapes_that_lexicon_knows(value: Any) -> None:
    (entry,) = load(json.dumps(value)).entries
    assert (entry.entity, entry.name, entry.required) == (Entity.EVENT, "Purchase", ("amount",))
    assert entry.properties == {"amount": {"type": "number"}}


def test_yaml_reads_as_json_does() -> None:
    text = "entries:\n- name: Purchase # the sale\n  schemaJson: {properties: {amount: {}}}\n"
    assert list(load(text).events["Purchase"].properties) == ["amount"]


def test_json_with_comments_is_read_as_yaml() -> None:
    assert list(load('[ # ours\n {"name": "a"} ]').events) == ["a"]


def test_what_stands_beside_the_entries_is_kept() -> None:
    assert load('{"entries": [], "expectations": [1]}').beside == {"expectations": [1]}


def test_profiles_and_groups_are_entries_too() -> None:
    entries = [{"entityType": "profile"}, {"entityType": "group", "name": "Company"}]
    plan = load(json.dumps(entries))
    assert [each.name for each in plan.entries] == ["$user", "Company"]
    assert plan.events == {}


def test_what_lexicon_computes_itself_is_passed_over() -> None:
    assert load('[{"entityType": "custom_event", "name": "a"}]').entries == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "plan.json: It is empty."),
        ('{"entries": [\n {"name": "a"]}', "plan.json: Line 2, column 14: a comma or"),
        ('{"a": 1}', "plan.json: There is no list of entries in it."),
        ('{"entries": [1]}', "At /entries/0 stands no entry."),
        ('[{"name": ""}]', "The entry at /0 has no name."),
        ('[{"name": "a", "entityType": "thing"}]', 'At /0/entityType stands "thing".'),
        ('[{"name": "a", "schemaJson": 3}]', "At /0/schemaJson stands no schema."),
        ('[{"name": "a", "schemaJson": "{"}]', "The text at /0/schemaJson is no JSON"),
        ('[{"name": "a"}, {"name": "a"}]', 'The event "a" stands 2 times.'),
        ('[{"name": "a", "name": "b"}]', "Line 1, column 16: the key"),
        (
            '[{"name": "a", "schemaJson": {"properties": {"x": {"type": "nunber"}}}}]',
            'The event "a": The plan at /properties/x/type is no valid schema',
        ),
    ],
)
def test_a_bad_plan_is_refused_with_its_place(text: str, sentence: str) -> None:
    assert sentence in refused(text)


def test_a_plan_of_a_hundred_megabytes_is_refused() -> None:
    assert "larger than 16 MB" in refused(" " * (100 * 1024 * 1024))


def test_deep_json_is_refused() -> None:
    assert "nested deeper" in refused("[" * 100_000)


def test_schemas_that_are_too_much_together_are_refused() -> None:
    schema = {"properties": {f"p{n}": {"pattern": "^.{1,255}$"} for n in range(90)}}
    entries = [{"name": f"e{n}", "schemaJson": schema} for n in range(10)]
    assert "are too much" in refused(json.dumps(entries))
