from __future__ import annotations

from typing import Any

import pytest

from trackscope.errors import PlanError
from trackscope.plan.schema import compiled


def refused(schema: dict[str, Any]) -> str:
    with pytest.raises(PlanError) as problem:
        compiled(schema)
    return str(problem.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://json-schema.org/draft/2020-12/schema",
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-04/schema#",
        "",
    ],
)
def test_the_drafts_in_use_are_known(address: str) -> None:
    validator = compiled({"$schema": address, "properties": {"a": {"type": "string"}}})
    assert validator.is_valid({"a": "x"})
    assert not validator.is_valid({"a": 1})


@pytest.mark.parametrize("reference", ["http://127.0.0.1:9/x", "file:///etc/passwd", "other.json"])
def test_nothing_is_fetched(reference: str) -> None:
    assert "nothing is fetched" in refused({"properties": {"a": {"$ref": reference}}})
    assert "is not known here" in refused({"$schema": f"{reference}#"})


def test_references_within_the_schema_are_followed() -> None:
    schema = {"properties": {"a": {"$ref": "#/$defs/text"}}, "$defs": {"text": {"type": "string"}}}
    assert not compiled(schema).is_valid({"a": 1})


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"properties": {"a": {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
    ],
)
def test_a_schema_that_refers_to_itself_is_refused(schema: dict[str, Any]) -> None:
    assert "refers to itself" in refused(schema)


def test_references_that_multiply_are_refused() -> None:
    twice = {
        f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
        for n in range(20)
    }
    schema = {"$ref": "#/$defs/d0", "$defs": {**twice, "d20": {"type": "string"}}}
    assert "is too large to be checked" in refused(schema)


def test_patterns_that_would_fill_the_memory_are_refused() -> None:
    heavy = {"properties": {f"p{n}": {"pattern": "^.{1,255}$"} for n in range(1_000)}}
    assert "is too large to be checked" in refused(heavy)
    usual = {"properties": {f"p{n}": {"pattern": "^[a-z]{1,30}$"} for n in range(500)}}
    assert compiled(usual).is_valid({"p1": "a"})


def test_deep_schemas_are_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(150):
        schema = {"not": schema}
    assert "nested deeper than 60 levels" in refused(schema)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^(a+)+$", "a" * 100_000 + "b"),
        (r"^(a|aa)+$", "a" * 100_000 + "b"),
        (r"^(?=(a+)+$)(\w+\s?)*\1$", "a" * 20_000 + "!"),
        (r"(.*)(.*)(.*)\1\2\3x", "a" * 20_000),
    ],
)
def test_a_pattern_that_would_run_for_ever_ends_as_an_error(pattern: str, text: str) -> None:
    assert not compiled({"properties": {"a": {"pattern": pattern}}}).is_valid({"a": text})


def test_a_pattern_that_takes_too_much_memory_is_refused() -> None:
    schema = {"properties": {"a": {"pattern": "(?:(?:a{1000}){1000}){1000}"}}}
    assert "/properties/a/pattern is no valid schema" in refused(schema)


def test_patterns_may_look_ahead() -> None:
    validator = compiled({"properties": {"a": {"pattern": "^(?!internal_)[a-z_]+$"}}})
    assert validator.is_valid({"a": "ours"})
    assert not validator.is_valid({"a": "internal_x"})


@pytest.mark.parametrize(
    "limit",
    [
        {"additionalProperties": False},
        {"unevaluatedProperties": False},
        {"propertyNames": {"pattern": "^[A-Z]"}},
    ],
)
def test_what_sdks_add_is_allowed_where_nothing_else_is(limit: dict[str, Any]) -> None:
    validator = compiled({"properties": {"A": True}, **limit})
    known = {"token": "t", "time": 1, "distinct_id": "u", "mp_lib": "web", "$browser": "x"}
    assert validator.is_valid({"A": 1, **known})
    assert not validator.is_valid({"a": 1, **known})


def test_what_is_planned_of_an_implicit_property_counts() -> None:
    validator = compiled({"properties": {"time": {"type": "integer"}}, "required": ["time"]})
    assert not validator.is_valid({"time": "now"})
    assert not validator.is_valid({})


@pytest.mark.parametrize("schema", [{"title": "\ud83d"}, {"properties": {"\ud83d": True}}])
def test_half_an_emoji_is_refused(schema: dict[str, Any]) -> None:
    assert "has half an emoji in it" in refused(schema)
