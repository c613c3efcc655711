from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.wire.json_values import texts

from trackscope.wire.json_layout import compact, indented


@given(texts())
def test_layouts_hold_the_same_value_in_the_same_order(text: str) -> None:
    value = json.dumps(json.loads(text))
    assert json.dumps(json.loads(compact(text))) == value
    assert json.dumps(json.loads(indented(text))) == value


@given(texts())
def test_layouts_lead_to_each_other(text: str) -> None:
    assert compact(indented(text)) == compact(text)
    assert indented(compact(text)) == indented(text)
    assert compact(compact(text)) == compact(text)


@given(texts())
def test_a_layout_is_the_one_the_standard_library_writes(text: str) -> None:
    value = json.loads(text)
    if json.dumps(value, separators=(",", ":")) == compact(text):  # no other way of writing it
        assert indented(text) == json.dumps(value, indent=2)


@pytest.mark.parametrize(
    "literal", ["1.10", "1E5", "-0", '"\\u0041\\/"', '"a, b: [c] {d}"', '"\\"  "', "NaN", "1e999"]
)
def test_every_literal_stays_as_it_was_written(literal: str) -> None:
    assert compact(f'{{ "a" : [ {literal} ] }}') == f'{{"a":[{literal}]}}'
    assert indented(f'{{"a":{literal}}}') == f'{{\n  "a": {literal}\n}}'


def test_repeated_keys_stay() -> None:
    assert compact('{ "a": 1, "a": 2 }') == '{"a":1,"a":2}'


def test_empty_brackets_stay_together() -> None:
    assert indented('{"a": { }, "b": [\n]}', 4) == '{\n    "a": {},\n    "b": []\n}'
