"""Every way in which SDKs are known to send reaches the store whole (wire-facts, §4)."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from tests.collector.conftest import base64_of, event

from trackscope.wire.decoding import decode

FORM = "application/x-www-form-urlencoded"
EVENTS = [event("Signed Up", plan="pro+ ~~??>>"), event("caf\u00e9")]
DATA = base64_of(EVENTS)
JSON = json.dumps(EVENTS)
LINES = "\n".join(map(json.dumps, EVENTS))


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as one of the SDKs makes it."""

    method: str
    target: str
    content_type: str = ""
    body: bytes = b""
    coding: str = ""


def form(data: str, more: str = "") -> bytes:
    return f"data={data}{more}".encode()


WAYS = {
    "query, escaped": Sent("GET", f"/track/?data={quote(DATA, safe='')}&ip=1&_=1322050000000"),
    "query, plus as it is": Sent("GET", f"/track?data={DATA}"),
    "query, JSON": Sent("GET", f"/track?data={quote(JSON)}"),
    "form, escaped": Sent("POST", "/track/?ip=1", FORM, form(quote(DATA, safe=""))),
    "form, plus as it is": Sent("POST", "/track", FORM, form(DATA)),
    "form, JSON with + for blanks": Sent(
        "POST", "/track", FORM, form(quote(JSON, safe="").replace("%20", "+"), "&ip=0")
    ),
    "form after other parameters": Sent("POST", "/track", FORM, b"test=1&ip=1&" + form(DATA)),
    "form of no stated type": Sent("POST", "/track", "", form(quote(DATA, safe=""))),
    "beacon": Sent("POST", "/track/?ip=1", "text/plain;charset=UTF-8", form(quote(DATA, safe=""))),
    "gzip around a form": Sent(
        "POST", "/track", f"{FORM};charset=utf8", gzip.compress(form(DATA)), "gzip"
    ),
    "JSON": Sent("POST", "/track?verbose=0", "application/json", JSON.encode()),
    "gzip around JSON": Sent(
        "POST", "/track", "application/json", gzip.compress(JSON.encode()), "gzip"
    ),
    "gzip that is not announced": Sent(
        "POST", "/track", "application/octet-stream", gzip.compress(JSON.encode())
    ),
    "lines of JSON": Sent("POST", "/import", "application/x-ndjson", LINES.encode()),
    "gzip around lines": Sent(
        "POST", "/import", "application/x-ndjson", gzip.compress(LINES.encode()), "gzip"
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_events_arrive_whole_and_are_answered_1(client, collector, store, way):
    headers = {"Authorization": "Basic dDo="} if way.target == "/import" else {}
    if way.content_type:
        headers["Content-Type"] = way.content_type
    if way.coding:
        headers["Content-Encoding"] = way.coding
    answer = await client.request(way.method, way.target, content=way.body, headers=headers)
    assert answer.content == b"1", store.exchanges[0].findings
    [kept] = store.exchanges
    assert list(decode(kept.request).events or ()) == EVENTS
    assert kept.request.body == way.body
    await collector.drained()
    assert store.processed == [1]


@pytest.mark.parametrize(
    ("asked", "content_type", "body"),
    [
        ("img=1", "image/gif", b"GIF89a"),
        ("callback=mixpanel._jsc%5B7%5D", "text/javascript; charset=utf-8", b"mixpanel._jsc[7](1)"),
        ("verbose=1", "application/json", b'{"status": 1'),
    ],
)
async def test_pixels_and_script_tags_get_what_they_ask_for(
    client, store, asked, content_type, body
):
    answer = await client.get(f"/track/?data={quote(DATA, safe='')}&{asked}")
    assert answer.headers["content-type"] == content_type
    assert answer.content.startswith(body)
    assert store.exchanges[0].verdict == 1
