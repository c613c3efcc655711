"""What is worked out of an exchange to find it by."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.history.conftest import exchange
from tests.history.test_rows import exchanges, json_values, texts

from trackscope.capture.exchange import Exchange
from trackscope.history import facts
from trackscope.history.facts import facts_of, mark_of, number_of, properties_of, tags_in, term_of
from trackscope.history.query import Field
from trackscope.wire.request import TrackRequest


def of(payload: Any, **fields: Any) -> facts.Facts:
    url = f"http://h/track/?data={quote(json.dumps(payload))}"
    return facts_of(exchange(request=TrackRequest("GET", url), **fields))


def values_of(found: facts.Facts, field: Field) -> set[str]:
    return {value for each, value in found.terms if each is field}


@given(exchanges)
def test_any_exchange_has_facts(each: Exchange) -> None:
    found = facts_of(each)
    assert found.flags.startswith(facts.ALL)
    assert all(word.encode().decode() == word for word in found.words)


@given(json_values)
def test_any_payload_has_facts(payload: Any) -> None:
    of([payload, {"event": "e", "properties": payload}, {"$token": "t", "$set": payload}])


def test_a_profile_has_the_properties_that_its_operations_are_about() -> None:
    found = of({"$token": "e3bc", "$distinct_id": "Ann", "$set": {"plan": "free"}})
    assert values_of(found, Field.PROPERTY) == {"plan"}
    assert values_of(found, Field.TOKEN) == {"e3bc"}
    assert properties_of(["no", "event"]) == []


def test_values_are_found_at_any_depth_and_flags_are_not() -> None:
    found = of({"event": "e", "properties": {"a": [{"b": ["deep", 2.5, 7]}, True, None]}})
    assert set(found.words[-1].split()) >= {"deep", "2.5", "7"}
    assert not set(found.words[-1].split()) & {"true", "True", "null", "None"}


def test_an_exchange_with_too_many_words_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MAX_TEXT", 10)
    assert facts.CUT not in of({"event": "e", "properties": {"a": "x" * 10}}).flags
    assert facts.CUT in of({"event": "e", "properties": {"a": "x" * 11}}).flags


def test_a_request_too_large_to_be_decoded_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MAX_DECODED", 10)
    found = of({"event": "e", "properties": {"a": "word"}})
    assert facts.CUT in found.flags
    assert values_of(found, Field.PROPERTY) == set()


@pytest.mark.parametrize(
    ("note", "tags"),
    [
        ("", set()),
        ("no tag", set()),
        ("#Bug, and #later.", {"bug", "later"}),
        ("a#b # ##x", {"#x"}),
        ("#über-1", {"über-1"}),
    ],
)
def test_tags_are_the_words_behind_a_hash(note: str, tags: set[str]) -> None:
    assert tags_in(note) == tags


@given(st.integers(0, 2**62))
def test_a_mark_tells_its_number(number: int) -> None:
    assert number_of(mark_of(number)) == number


@given(texts)
def test_a_term_is_text_that_any_file_takes(value: str) -> None:
    assert term_of(value).encode().decode() == term_of(value)
    assert len(term_of(value * 1000)) <= facts.MAX_TERM
