"""Sending exchanges again: what it would come to, and what goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.session.exchanges import NOW, event, exchange_of, request_of

from trackscope.capture.exchange import Exchange, Origin
from trackscope.sender.outgoing import prepare
from trackscope.session.draft import Document
from trackscope.session.resending import (
    LOADED_AT_ONCE,
    MOST_FORESEEN,
    Foresight,
    documents,
    foresee,
    question,
    resent,
    warning,
    with_time,
)
from trackscope.session.target import COLLECTOR, Target
from trackscope.wire.decoding import decode
from trackscope.wire.era import rule_book
from trackscope.wire.request import TrackRequest

BOOK = rule_book()
LOCAL = Target(COLLECTOR, "http://127.0.0.1:8700")
FAR = Target("Mixpanel", "https://api.mixpanel.com")
OLD = NOW - 10 * 86_400
"""Ten days before."""


def loading(*requests: TrackRequest) -> Callable[[int], Exchange]:
    return lambda id_: exchange_of(requests[id_ % len(requests)])


def test_it_is_foreseen_how_many_are_refused_for_their_time() -> None:
    load = loading(request_of(event()), request_of([event(), event(time=int(OLD))]))
    assert foresee(range(4), load, BOOK, NOW) == Foresight(4, 4, 6, 2)


def test_of_very_many_only_the_first_are_looked_at() -> None:
    seen = foresee(range(MOST_FORESEEN + 9), loading(request_of(event())), BOOK, NOW)
    assert (seen.requests, seen.seen) == (MOST_FORESEEN + 9, MOST_FORESEEN)
    assert question(seen, LOCAL).startswith("Send 5,009 requests with 5,000 events or more to ")


def test_the_question_says_how_much_goes_where() -> None:
    assert question(Foresight(1, 1, 1, 0), FAR) == ("Send 1 request with 1 event to Mixpanel?")


def test_the_warning_says_what_speaks_against_it() -> None:
    assert warning(Foresight(4, 4, 6, 0), LOCAL, BOOK) == ""
    assert warning(Foresight(400, 400, 6, 312), LOCAL, BOOK) == (
        "312 of 400 are older than 48 hours: they will be answered 0."
    )
    assert warning(Foresight(4, 4, 6, 0), FAR, BOOK).startswith("This leaves your machine")


def test_a_request_goes_elsewhere_byte_for_byte() -> None:
    request = request_of(
        event(text="ü  "), is_post=True, url="https://api.mixpanel.com/track/?x=%2e"
    )
    again = resent(request, LOCAL.base)
    assert again.url == "http://127.0.0.1:8700/track/?x=%2e"
    assert again.body == request.body
    assert again.method == "POST"


def test_headers_of_the_connection_and_secrets_stay_behind() -> None:
    headers = (
        ("Host", "old"), ("User-Agent", "sdk"), ("Cookie", "s"), ("X-Request-Id", "1"),
        ("Content-Encoding", "gzip"), ("Content-Length", "3"),
    )  # fmt: skip
    again = resent(TrackRequest("POST", "http://h/track", headers), LOCAL.base)
    assert again.headers == (("User-Agent", "sdk"), ("Content-Encoding", "gzip"))


def test_only_times_that_are_too_old_become_now() -> None:
    request = request_of([event(time=int(OLD)), event(time=int(NOW) - 60), event(time=int(OLD))])
    changed = decode(with_time(request, BOOK, NOW)).events
    assert changed is not None
    times = [each["properties"]["time"] for each in changed]
    assert times == [int(NOW), int(NOW) - 60, int(NOW)]


def test_nothing_else_of_a_request_changes_with_its_time() -> None:
    text = '{ "event":"a", "properties":{"token":"t","time":1,"x":1.10} }'
    changed = decode(with_time(request_of(text), BOOK, NOW))
    assert changed.json_text == text.replace('"time":1,', f'"time":{int(NOW)},')
    fresh = request_of(event())
    assert with_time(fresh, BOOK, NOW) is fresh


async def test_all_are_read_in_their_order() -> None:
    ids = range(2 * LOADED_AT_ONCE + 3)
    requests = [request_of(event(f"e{n}")) for n in ids]
    found: list[Document] = []
    async for each in documents(ids, loading(*requests), LOCAL, book=BOOK):
        found.append(each)
    assert [each.decoded.events for each in found] == [decode(each).events for each in requests]
    assert {each.request.url.partition("/track")[0] for each in found} == {LOCAL.base}


@pytest.mark.parametrize(("origin", "kept"), [(Origin.RECEIVED, "Ã©"), (Origin.SENT, "é")])
async def test_a_header_goes_out_in_the_bytes_in_which_it_was_sent(
    origin: Origin, kept: str
) -> None:
    request = replace(request_of(event()), headers=(("X-Name", kept),))
    exchange = replace(exchange_of(request), origin=origin)
    (document,) = [each async for each in documents([1], lambda _: exchange, LOCAL, book=BOOK)]
    assert b"X-Name: " + "é".encode() in prepare(document.request).wire


async def test_old_times_become_now_on_demand() -> None:
    load = loading(request_of(event(time=int(OLD))))
    async for each in documents([0], load, LOCAL, book=BOOK, now=lambda: NOW):
        assert each.value_at("/0/properties/time") == int(NOW)
