"""Reading records that may be anything."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.collector.records import finite, insert_id_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
NAMES = st.sampled_from(["event", "properties", "token", "$token", "$insert_id"])
RECORDS = VALUES | st.dictionaries(NAMES, VALUES | st.dictionaries(NAMES, VALUES))


@given(RECORDS)
def test_any_record_has_an_insert_id_or_none(record):
    assert isinstance(insert_id_of(record), str)


@given(VALUES)
def test_what_is_finite_is_json_and_the_same_but_for_numbers_that_json_has_not(value):
    text = json.dumps(finite(value), allow_nan=False)
    same = json.loads(json.dumps(value), parse_constant=lambda _: None)
    assert json.loads(text) == same


@pytest.mark.parametrize(
    ("record", "insert_id"),
    [
        ({"properties": {"$insert_id": "x"}}, "x"),
        ({"properties": {"$insert_id": 1}}, ""),
        ({"properties": []}, ""),
        ({"$insert_id": "x"}, ""),
    ],
)
def test_an_insert_id_is_a_text_among_the_properties(record, insert_id):
    assert insert_id_of(record) == insert_id
