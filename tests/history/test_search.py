"""Queries find what a plain look at every exchange finds, however far the index is."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.history.conftest import asked, exchange, names

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term
from trackscope.history.search import has_value
from trackscope.wire.decoding import decode
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.sender import sender_of

WORDS = ("sign", "Signed", "UP", "über", "Überall", "2011", "game")
RULES = ("time.far", "time.missing", "token.missing")


def request_of(host: str, method: str, events: list[dict[str, object]]) -> TrackRequest:
    return TrackRequest(method, f"http://{host}/track/?data={quote(json.dumps(events))}")


words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
values = st.sampled_from([1, 1.0, True, None, "1", "true", "Signed up", 2011, [1, "a"], {"a": 1}])
events = st.builds(
    lambda name, token, sdk, extra: {"event": name, "properties": {"token": token, **sdk, **extra}},
    words,
    st.sampled_from(["e3bc", "ABCD"]),
    st.sampled_from([{}, {"mp_lib": "node"}, {"mp_lib": "web", "$lib_version": "2.83"}]),
    st.dictionaries(st.sampled_from(["plan", "Plan", "n", "$os"]), values, max_size=2),
)
requests = st.builds(
    request_of,
    st.sampled_from(["api.one.com", "h:1"]),
    st.sampled_from(["GET", "POST"]),
    st.lists(events, max_size=2),
)
findings = st.builds(Finding, st.sampled_from(RULES), st.sampled_from(Severity), st.just(""), words)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    request = draw(requests)
    return Exchange(
        request,
        draw(st.sampled_from(Origin)),
        float(draw(st.integers(0, 20))),
        draw(st.none() | st.just(Reply(200, (), b"1"))),
        verdict=draw(st.sampled_from([0, 1, None])),
        predicted=draw(st.sampled_from([0, 1, None])),
        findings=tuple(draw(st.lists(findings, max_size=2))),
        names=tuple(event["event"] for event in decode(request).events or ()),
        note=draw(st.sampled_from(["", "my note", "see #Bug and #later", "über"])),
        source=draw(st.sampled_from(["", "a one.har"])),
        page=draw(st.sampled_from(["", "http://x/Signed", "game"])),
        target=draw(st.sampled_from(["", "Staging"])),
    )


def term_of(field: Field, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Term]:
    return st.builds(Term, st.just(field), texts, st.booleans())


beginnings = words | st.sampled_from(["s", "si", "SIGN up", "ü", "no", "api", "one", "e3", "ab"])
times = st.integers(-1, 21).map(float).map(str)
terms = st.one_of(
    *(
        term_of(field, beginnings)
        for field in (Field.TEXT, Field.EVENT, Field.TOKEN, Field.HOST, Field.SOURCE, Field.PAGE)
    ),
    term_of(
        Field.PROPERTY,
        st.sampled_from(
            (
                "plan",
                "Plan",
                "plan=1",
                "n=1.0",
                "n=true",
                "plan=Signed up",
                "$os=null",
                'n=[1, "a"]',
                'plan={"a":1}',
                "n=2011",
                "plan=",
                "nothing=1",
                "token=e3bc",
            )
        ),
    ),
    term_of(Field.VERDICT, st.sampled_from(["1", "0", "none"])),
    term_of(Field.HAS, st.sampled_from(["finding", "error", "warning", "note", "answer", "tag"])),
    term_of(Field.RULE, st.sampled_from(["time.", "time.far", "TOKEN", "time_", "x"])),
    term_of(Field.SENDER, st.sampled_from(["node", "MIXPANEL-browser", "r 2.8", "%", "go"])),
    term_of(Field.METHOD, st.sampled_from(["get", "POST", "PUT"])),
    term_of(Field.ORIGIN, st.sampled_from(list(Origin)).map(str)),
    term_of(Field.TAG, st.sampled_from(["bug", "Later", "see"])),
    term_of(Field.AFTER, times),
    term_of(Field.BEFORE, times),
)
queries = st.lists(terms, max_size=3).map(tuple).map(Query)


def _properties(exchange: Exchange) -> list[dict[str, object]]:
    return [event["properties"] for event in decode(exchange.request).events or ()]


def _texts(exchange: Exchange, field: Field) -> str:
    tokens = [str(each["token"]) for each in _properties(exchange)]
    host = exchange.request.url.split("/")[2]
    match field:
        case Field.EVENT:
            return " ".join(exchange.names)
        case Field.TOKEN:
            return " ".join(tokens)
        case Field.HOST:
            return host
        case Field.SOURCE:
            return exchange.source
        case Field.PAGE:
            return exchange.page
        case _:
            values = [list(each.values()) for each in _properties(exchange)]
            plain = re.findall(r"[^\[\]{},:\"]+", json.dumps(values, ensure_ascii=False))
            payload = [each for each in plain if each.strip() not in ("true", "null")]
            messages = [each.message for each in exchange.findings]
            named = [*exchange.names, *tokens, host, exchange.source, exchange.page]
            own = ["http track", exchange.note, exchange.target]
            return " ".join((*named, *own, *messages, *payload))


def _begins_words(exchange: Exchange, term: Term) -> bool:
    there = re.findall(r"\w+", _texts(exchange, term.field).lower())
    return all(any(each.startswith(word) for each in there) for word in term.value.lower().split())


def meets(exchange: Exchange, term: Term) -> bool:
    """What the table in `trackscope.history.query` says, without any index."""
    severities = {str(each.severity) for each in exchange.findings}
    match term.field:
        case Field.PROPERTY:
            name, is_with_value, value = term.value.partition("=")
            return (
                has_value(exchange, name, value)
                if is_with_value
                else any(name in each for each in _properties(exchange))
            )
        case Field.VERDICT:
            is_unanswered = exchange.origin is Origin.OPENED and exchange.reply is None
            verdict = exchange.verdict
            if verdict is None and is_unanswered:
                verdict = exchange.predicted
            return str(verdict).lower() == term.value
        case Field.HAS:
            return {
                "finding": bool(severities & {"error", "warning"}),
                "note": bool(exchange.note),
                "answer": exchange.reply is not None,
                "tag": "#" in exchange.note,
            }.get(term.value, term.value in severities)
        case Field.RULE:
            return any(each.rule.startswith(term.value.lower()) for each in exchange.findings)
        case Field.SENDER:
            sender = sender_of(exchange.request, decode(exchange.request))
            return sender.name is not None and term.value.lower() in sender.title
        case Field.METHOD:
            return exchange.request.method == term.value.upper()
        case Field.ORIGIN:
            return exchange.origin == term.value
        case Field.TAG:
            return f"#{term.value.lower()}" in exchange.note.lower().split()
        case Field.AFTER:
            return exchange.at >= float(term.value)
        case Field.BEFORE:
            return exchange.at < float(term.value)
        case _:
            return _begins_words(exchange, term)


def expected(kept: list[Exchange], query: Query) -> list[int | None]:
    return [
        each.id
        for each in kept
        if all(meets(each, term) is not term.is_not for term in query.terms)
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(exchanges(), max_size=8), queries, st.integers(0, 8), st.integers(0, 3))
def test_a_query_finds_what_a_look_at_every_exchange_finds(
    written: list[Exchange], query: Query, indexed: int, deleted: int
) -> None:
    with closing(History.in_memory()) as history:
        ids = history.append_many(written)
        if indexed:
            history.index(indexed)
        history.delete(ids[:deleted])
        kept = list(history.each())
        wanted = expected(kept, query)
        assert history.ids(query).ids.tolist() == wanted
        assert history.ids(query, newest_first=True).ids.tolist() == wanted[::-1]
        assert [row.id for row in history.page(query, limit=2)] == wanted[::-1][:2]
        assert history.count(query) == len(wanted)
        assert [each.id for each in history.each(query)] == wanted
        line = history.timeline(query, 3)
        assert sum(b.ones + b.zeros + b.others for b in line.buckets) == len(wanted)


@settings(max_examples=100, deadline=None)
@given(exchanges(), st.sampled_from(["", "game #x", "über alles"]), queries)
def test_a_note_written_to_an_indexed_exchange_counts_at_once(
    written: Exchange, note: str, query: Query
) -> None:
    with closing(History.in_memory()) as history:
        id_ = history.append(written)
        history.index()
        history.set_note(id_, note)
        wanted = expected([replace(written, id=id_, note=note)], query)
        assert history.ids(query).ids.tolist() == wanted


def test_pages_of_ids_go_on_where_the_one_before_ended(history: History) -> None:
    history.append_many(exchange(f"e{n % 2}") for n in range(20))
    query = asked((Field.EVENT, "e1"))
    first = history.ids(query, limit=4)
    second = history.ids(query, first.after_id, limit=10)
    assert first.ids.tolist() + second.ids.tolist() == list(range(2, 21, 2))
    assert second.after_id is None
    newest = history.ids(query, limit=3, newest_first=True, upto_id=16)
    assert newest.ids.tolist() == [16, 14, 12]
    assert history.ids(query, newest.after_id, newest_first=True).ids.tolist() == [10, 8, 6, 4, 2]


def test_values_are_checked_in_steps(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackscope.history.listing.MAX_CHECKS", 3)
    history.append_many(exchange(f"e{n}") for n in range(7))
    query = asked((Field.PROPERTY, "distinct_id=Bob"))
    assert history.count(query) == 0
    query = asked((Field.PROPERTY, "distinct_id=Ann"))
    page = history.ids(query)
    assert (page.ids.tolist(), page.after_id) == ([1, 2, 3], 3)
    assert history.count(query) == len(history.page(query)) == 7


@pytest.mark.parametrize("value", ['"', "*", "a AND (", "{x} : y", "^z", "-", "\0", "\ud800", "😶"])
def test_no_text_is_taken_for_an_expression(history: History, value: str) -> None:
    history.append(exchange("other"))
    for field in (Field.TEXT, Field.EVENT, Field.RULE, Field.TAG, Field.METHOD, Field.PROPERTY):
        assert history.count(asked((field, value))) == 0


def test_names_too_long_for_the_index_are_told_apart(history: History) -> None:
    long = "x" * 500
    history.append_many(
        exchange(
            request=TrackRequest(
                "GET", f"http://h/track/?data=%7B%22properties%22:%7B%22{name}%22:1%7D%7D"
            )
        )
        for name in (f"{long}a", f"{long}b")
    )
    assert history.ids(asked((Field.PROPERTY, f"{long}b"))).ids.tolist() == [2]


def test_words_of_a_payload_that_is_broken_are_found(history: History) -> None:
    broken = TrackRequest("GET", "http://h/track/?data=%7B%22event%22:%22Level+Up%22,,")
    history.append(exchange("", request=broken, names=()))
    assert history.count(asked((Field.TEXT, "level up"))) == 1


def test_what_the_collector_stored_is_found_after_the_exchange_was_indexed(
    history: History,
) -> None:
    id_ = history.append(exchange())
    history.index()
    history.add_stored(
        id_,
        [{"event": "game", "properties": {"ip": "10.0.0.7"}}],
        [Finding("event.duplicate", Severity.WARNING, "", "again")],
    )
    assert (
        names(history, (Field.TEXT, "10.0.0.7"))
        == names(history, (Field.RULE, "event."))
        == ["game"]
    )
