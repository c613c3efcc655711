"""Any exchange comes back equal, and rows that are none are refused."""

from __future__ import annotations

import json
import math
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.history.conftest import exchange

from trackscope.capture.exchange import Exchange, Origin
from trackscope.errors import DamagedHistoryError
from trackscope.history import rows
from trackscope.history.history import History
from trackscope.history.query import query_of
from trackscope.wire.finding import Face, Finding, Place, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

# Every code point, lone surrogates and NUL included.
texts = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    ["\ud83d\ude00", "\x00a\x00", "\udc80", "é\ud800"]
)
headers = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
verdicts = st.sampled_from([0, 1, None])
times = st.floats(0, 1e12)
findings = st.builds(
    Finding,
    texts,
    st.sampled_from(Severity),
    texts,
    texts,
    st.none() | st.builds(Place, st.sampled_from(Face), st.integers(0, 2**70)),
    st.none(),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
exchanges = st.builds(
    Exchange,
    st.builds(TrackRequest, texts, texts, headers, st.binary(max_size=50)),
    st.sampled_from(Origin),
    times,
    st.none() | st.builds(Reply, st.integers(0, 999), headers, st.binary(max_size=50)),
    st.none(),
    target=texts,
    took_ms=st.none() | times,
    failure=st.none() | texts,
    verdict=verdicts,
    predicted=verdicts,
    findings=st.lists(findings, max_size=3).map(tuple),
    era=texts,
    strict=st.booleans(),
    peer=texts,
    request_id=st.none() | texts,
    names=st.lists(texts, max_size=30).map(tuple),
    stored=st.none() | st.lists(st.dictionaries(texts, json_values), max_size=2).map(tuple),
    note=texts,
    source=texts,
    position=texts,
    page=texts,
)


@settings(max_examples=200)
@given(st.lists(exchanges, min_size=1, max_size=4))
def test_any_exchange_comes_back_equal(written: list[Exchange]) -> None:
    with closing(History.in_memory()) as history:
        ids = history.append_many(written)
        for id_, each in zip(ids, written, strict=True):
            loaded = history.load(id_)
            assert loaded == replace(each, id=id_)
            assert loaded.stored == each.stored
        for row in history.page():
            assert row.events == len(written[row.id - 1].names)


@given(texts, texts)
def test_any_text_can_be_searched_for(note: str, search: str) -> None:
    with closing(History.in_memory()) as history:
        history.append(exchange(note=note))
        history.page(query_of(search))
        for word in note.split():
            if word.isascii() and word.isalnum():
                assert history.count(query_of(word)) == 1


def test_columns_are_in_the_order_of_the_statement() -> None:
    values = rows.to_columns(exchange(request_id="the id"))
    assert len(values) == len(rows.COLUMNS)
    assert values[rows.REQUEST_ID] == "the id"


@pytest.mark.parametrize(
    "value",
    [math.nan, [math.inf, None], 10**30, -1e300, 1e16, "\ud83d", "null", {"a": [[[{}] * 3]] * 3}],
)
def test_a_stored_event_has_any_value_that_was_read(value: object) -> None:
    event = {"event": "game", "properties": {"value": value}}
    *_, text, _ = rows.stored_columns(1, [event], ())
    assert repr(json.loads(rows.text_of(text))) == repr([event])


def test_fixes_are_not_kept_since_they_are_worked_out_again() -> None:
    assert rows.findings_json([Finding("a.b", Severity.NOTE, "/0", "text")]) == (
        '[["a.b","note","/0","text"]]'
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("origin", "stolen"),
        ("body", 10**15),
        ("headers", "[" * 100_000),
        ("headers", '[["only a name"]]'),
        ("findings", '[["rule"]]'),
        ("findings", '[["a.b","fatal","",""]]'),
        ("names", "{"),
        ("verdict", "one"),
        ("reply_headers", None),
        ("at", "today"),
    ],
)
def test_a_row_that_is_no_exchange_is_named_as_unreadable(column: str, value: object) -> None:
    values = list(rows.to_columns(exchange()))
    values[rows.COLUMNS.index(column)] = value
    with pytest.raises(DamagedHistoryError, match="Exchange 7 "):
        rows.to_exchange((7, *values, None, None))
