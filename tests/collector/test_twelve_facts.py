"""The twelve facts that decide whether a collector works with real SDKs (wire-facts, §0).

Each request stands as the named SDK writes it on the wire; only the events are short.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.collector.conftest import Wire
from tests.collector.memory_store import MemoryStore

from trackscope.collector.server import Collector
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.wire.decoding import decode
from trackscope.wire.era import ERAS

Ask = Callable[..., Awaitable[tuple[bytes, bytes]]]
"""Sends a head and a body, and comes back with the answer's head and body."""

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
DATA = b"eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiZTNiYzQxIn19"
EVENT = {"event": "game", "properties": {"token": "e3bc41"}}
ODD_EVENT = {"event": "game", "properties": {"odd": "x~~~???>>>", "token": "e3bc41"}}


@pytest.fixture
def ask(collector: Collector, connect: Callable[[Collector], Awaitable[Wire]]) -> Ask:
    return lambda head, body=b"": _exchange(connect(collector), head, body)


async def _exchange(connecting: Awaitable[Wire], head: bytes, body: bytes) -> tuple[bytes, bytes]:
    wire = await connecting
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    wire.send(head + length + b"\r\n" + body)
    answered_head, _, answered_body = (await wire.answer()).partition(b"\r\n\r\n")
    return answered_head, answered_body


def arrived(store: MemoryStore) -> list[Any]:
    """The events of all requests that were answered with 1, as they were sent."""
    return [
        event
        for kept in store.exchanges
        if kept.verdict == 1
        for event in decode(kept.request).events or ()
    ]


async def test_1_parameters_may_sit_in_the_form_body_not_only_in_the_query(ask, store):
    # mixpanel-python 5.4.1
    head, body = await ask(
        b"POST /track HTTP/1.1\r\nHost: localhost\r\nUser-Agent: python-requests/2.34.2\r\n"
        b"Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\n" + FORM,
        b"data=%7B%22event%22%3A%22game%22%2C%22properties%22%3A%7B%22token%22%3A%22e3bc41%22%7D%7D"
        b"&verbose=1&ip=0",
    )
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"status": 1, "error": None}
    assert arrived(store) == [EVENT]


@pytest.mark.parametrize(
    "data",
    [
        b"%7B%22event%22%3A%22game%22%2C%22properties%22%3A%7B%22token%22%3A%22e3bc41%22%7D%7D",
        b"%5B%7B%22event%22%3A+%22game%22%2C+%22properties%22%3A+%7B%22token%22%3A+%22e3bc41%22%7D%7D%5D",
        DATA,
    ],
    ids=["JSON", "a list with a + for each blank", "Base64"],
)
async def test_2_data_is_base64_or_raw_json_with_the_same_parameter_name(ask, store, data):
    # mixpanel-python 5.4.1 and 4.8.4, mixpanel-java 1.7.0
    _, body = await ask(b"POST /track HTTP/1.1\r\nHost: localhost\r\n" + FORM, b"data=" + data)
    assert (body, arrived(store)) == (b"1", [EVENT])


async def test_3_a_raw_plus_in_a_form_body_belongs_to_the_base64(ask, store):
    # mixpanel-node 0.24.0, a batch
    _, body = await ask(
        b"POST /track?ip=0&verbose=0 HTTP/1.1\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nHost: localhost\r\n"
        b"Connection: keep-alive\r\n",
        b"data=eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7Im9kZCI6Inh+fn4/Pz8+Pj4iLCJ0b2tlbiI6ImUzYmM0"
        b"MSJ9fQ==",
    )
    assert (body, arrived(store)) == (b"1", [ODD_EVENT])


@pytest.mark.parametrize("era", ERAS)
async def test_4_the_url_safe_alphabet_is_accepted_by_all_eras_but_2011(
    start_collector, connect, era
):
    # mixpanel-ruby's generate_tracking_url without its pixel; the text of 2011 has + and / only
    store = MemoryStore()
    collector = await start_collector(store=store, era=era)
    _, body = await _exchange(
        connect(collector),
        b"GET /track/?data=eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7Im9kZCI6Inh-fn4_Pz8-Pj4iLCJ0b2tl"
        b"biI6ImUzYmM0MSJ9fQ==&ip=1 HTTP/1.1\r\nHost: localhost\r\n",
        b"",
    )
    assert decode(store.exchanges[0].request).events == (ODD_EVENT,)
    assert body == (b"0" if era == "2011" else b"1")


async def test_5_a_form_may_come_as_text_plain_from_a_beacon(ask, store):
    # mixpanel-browser 2.65.0, leaving the page
    _, body = await ask(
        b"POST /track/?verbose=1&ip=1&_=1322050000000 HTTP/1.1\r\nHost: localhost\r\n"
        b"Connection: keep-alive\r\nContent-Type: text/plain;charset=UTF-8\r\nAccept: */*\r\n"
        b"Origin: http://127.0.0.1:33503\r\nSec-Fetch-Mode: no-cors\r\n",
        b"data=W3siZXZlbnQiOiJnYW1lIiwicHJvcGVydGllcyI6eyJ0b2tlbiI6ImUzYmM0MSJ9fV0%3D",
    )
    assert json.loads(body)["status"] == 1
    assert arrived(store) == [EVENT]


@pytest.mark.parametrize("is_packed", [False, True])
async def test_6_a_body_may_be_a_bare_json_array_with_options_in_the_query(ask, store, is_packed):
    # mixpanel-swift, with and without useGzipCompression
    body = b'[{"event":"game","properties":{"token":"e3bc41"}}]'
    _, answer = await ask(
        b"POST /track/?ip=1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Accept-Encoding: gzip\r\n" + (b"Content-Encoding: gzip\r\n" if is_packed else b""),
        gzip.compress(body) if is_packed else body,
    )
    assert (answer, arrived(store)) == (b"1", [EVENT])


async def test_7_gzip_can_wrap_the_whole_form(ask, store):
    # mixpanel-java 1.7.0
    _, body = await ask(
        b"POST /track?ip=0 HTTP/1.1\r\nContent-Encoding: gzip\r\n"
        b"Content-Type: application/x-www-form-urlencoded;charset=utf8\r\n"
        b"User-Agent: Java/17.0.15\r\nHost: localhost\r\nConnection: keep-alive\r\n",
        gzip.compress(
            b"data=W3siZXZlbnQiOiJnYW1lIiwicHJvcGVydGllcyI6eyJ0b2tlbiI6ImUzYmM0MSJ9fV0%3D"
        ),
    )
    assert (body, arrived(store)) == (b"1", [EVENT])


@pytest.mark.parametrize("path", [b"/track", b"/track/"])
async def test_8_with_and_without_slash_is_one_resource_and_no_redirect(ask, store, path):
    head, body = await ask(b"GET " + path + b"?data=" + DATA + b" HTTP/1.1\r\nHost: localhost\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert (body, arrived(store)) == (b"1", [EVENT])


async def test_9_cors_echoes_the_origin_and_allows_credentials(ask, store):
    # mixpanel-browser 2.38.0: no preflight, and Base64 that is not escaped
    head, body = await ask(
        b"POST /track/?ip=1&_=1322050000000 HTTP/1.1\r\nHost: localhost\r\n"
        b"Connection: keep-alive\r\n" + FORM + b"Accept: */*\r\nOrigin: http://127.0.0.1:33503\r\n"
        b"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n",
        b"data=" + DATA,
    )
    lines = head.split(b"\r\n")
    assert b"Access-Control-Allow-Origin: http://127.0.0.1:33503" in lines
    assert b"Access-Control-Allow-Credentials: true" in lines
    assert b"Vary: Origin" in lines
    assert (body, arrived(store)) == (b"1", [EVENT])


@pytest.mark.parametrize(("data", "answer"), [(DATA, b"1"), (b"e30=", b"0")])
async def test_10_the_answer_is_literally_one_character_without_verbose(ask, data, answer):
    # mixpanel-node 0.24.0, a single event
    head, body = await ask(
        b"GET /track?ip=0&verbose=0&data=" + data + b" HTTP/1.1\r\nHost: localhost\r\n"
        b"Connection: keep-alive\r\n"
    )
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"Content-Length: 1" in head.split(b"\r\n")
    assert body == answer


async def test_11_emoji_from_the_browser_arrive_as_halves_and_are_joined(ask, store):
    # mixpanel-browser 2.83.0: the Base64 holds ED A0 BD ED B8 80
    _, body = await ask(
        b"POST /track/?ip=1&_=1322050000000 HTTP/1.1\r\nHost: localhost\r\n" + FORM,
        b"data=eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7ImVtb2ppIjoiZSDtoL3tuIAiLCJ0b2tlbiI6ImUzYmM0"
        b"MSJ9fQ%3D%3D",
    )
    assert body == b"1"
    assert arrived(store)[0]["properties"]["emoji"] == "e 😀"
    assert "data.cesu8" in {each.rule for each in store.exchanges[0].findings}


async def test_12_lone_surrogates_arrive_as_json_escapes_and_reach_the_disk(
    start_collector, connect, tmp_path
):
    # mixpanel-browser 2.83.0: a string that was cut in the middle of an emoji
    journal = Journal.open(tmp_path / "history.db")
    collector = await start_collector(store=journal)
    _, body = await _exchange(
        connect(collector),
        b"POST /track/?ip=0&_=1322050000000 HTTP/1.1\r\nHost: localhost\r\n" + FORM,
        b"data=eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7ImN1dCI6Inh4eFx1ZDgzZCIsInRva2VuIjoiZTNiYzQx"
        b"In19",
    )
    await collector.stop()
    await journal.close()
    history = History.open(tmp_path / "history.db")
    [kept] = history.each()
    history.close()
    assert (body, kept.verdict) == (b"1", 1)
    assert kept.stored is not None
    assert kept.stored[0]["properties"]["cut"] == "xxx\ud83d"
