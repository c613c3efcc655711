from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.shape import may_be_meant, may_track, recognise, why_not
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import TrackRequest, is_form, params

EVENT = "eyJldmVudCI6IngiLCJwcm9wZXJ0aWVzIjp7fX0%3D"


@pytest.mark.parametrize(
    "url",
    [
        f"http://h/track/?data={EVENT}",
        f"https://proxy.example/mp/track?data={EVENT}",
        f"https://proxy.example/collect?data={EVENT}",
        "http://h/engage?data=eyIkdG9rZW4iOiJ0In0=",
        "http://h/track/?data=eyJldmVudCI6Ingi",
        "http://h/track/?data=%7Bbroken",
        "http://h/track/?img=1&ip=1",
        "https://api.mixpanel.com/track?data=hello-world",
        "http://127.0.0.1:8700/track/",
        "http://[::1]:8700/track/",
        "http://localhost:8700/groups/?data=x",
    ],
)
def test_a_request_of_the_protocol_is_told_by_path_or_payload(url: str) -> None:
    assert why_not(TrackRequest("GET", url)) == ""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://h/", "no tracking request"),
        ("http://h/tracks?data=x", "no tracking request"),
        ("http://stats.example/collect?data=eyJhIjoxfQ==", "no tracking request"),
        ("https://api.mixpanel.com/decide/?verbose=1", "no tracking request"),
        ("http://pixel.example/track/?id=42&data=hello-world", "a path of the protocol"),
        ("http://pixel.example/track?id=42", "a path of the protocol"),
        ("http://mixpanel.com.evil.example/track?x=1", "a path of the protocol"),
    ],
)
def test_other_requests_are_passed_over_with_a_reason(url: str, reason: str) -> None:
    assert why_not(TrackRequest("GET", url)).startswith(reason)


def test_another_vendors_event_on_the_same_path_is_passed_over() -> None:
    body = b'{"event": "x", "properties": {}, "writeKey": "k"}'
    assert why_not(TrackRequest("POST", "https://api.segment.example/v1/track", (), body))


def test_a_preflight_carries_no_event() -> None:
    assert why_not(TrackRequest("OPTIONS", "http://h/track/")) == "OPTIONS carries no event"


def test_a_broken_request_may_be_meant_when_it_stands_alone() -> None:
    assert may_be_meant(TrackRequest("GET", "http://h/collect?data=x"))
    assert not may_be_meant(TrackRequest("GET", "http://h/?a=b"))


def test_what_was_read_to_recognise_a_request_is_passed_on() -> None:
    seen = recognise(TrackRequest("GET", f"http://h/track/?data={EVENT}"))
    assert seen.seen is not None
    assert (seen.reason, seen.seen.names, seen.decoded) == ("", ["x"], None)
    decoded = recognise(TrackRequest("GET", f"http://h/track/?data={EVENT}#a"))
    assert decoded.decoded is not None
    assert (decoded.reason, decoded.seen) == ("", None)
    assert recognise(TrackRequest("GET", "http://h/")) == ("no tracking request", None, None)


def test_a_host_that_stands_in_is_a_strangers() -> None:
    request = TrackRequest("GET", "http://api.mixpanel.com/groups")
    assert recognise(request).reason == ""
    assert recognise(request, has_host=False).reason == "a path of the protocol, but no event"


def test_an_escaped_name_of_data_is_looked_into() -> None:
    assert why_not(TrackRequest("GET", f"http://h/collect?%64ata={EVENT}")) == ""


def test_bytes_that_may_track_are_told_from_others_without_reading_them(captures: Path) -> None:
    assert not may_track(b'"GET /health?version=2&q=track HTTP/1.1" 200 5 "http://h/"')
    with (captures / "requests.jsonl").open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            body = base64.b64decode(record["body_b64"])
            request = TrackRequest(record["method"], f"http://h{record['target']}", (), body)
            assert may_track(request.url.encode() + b" " + body) or why_not(request)


def test_every_recorded_request_with_events_counts(captures: Path) -> None:
    with (captures / "requests.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            body = base64.b64decode(record["body_b64"])
            request = TrackRequest(record["method"], f"http://h{record['target']}", (), body)
            if record["expected"]["events"]:
                assert why_not(request) == "", record["id"]
            if record["expected"]["endpoint"] in (None, "decide", "flags"):
                assert why_not(request), record["id"]


PATHS = st.sampled_from(
    ["/track", "/track/", "/a/engage//", "/groups", "/import", "/tracker", "/t\track", "/", ""]
)
NAMES = st.sampled_from(["data", "d%61ta", "da%74a", "%64%61%74%61", "metadata", "ip", "date"])
RECORDS = st.sampled_from(
    [{"event": "a", "properties": {}}, {"$token": "a"}, {"type": "a"}, [{"$token": "b"}, 5]]
)
HARD = json.dumps({"\u0065vent": "a", "properties": {}}).replace("event", "\\u0065vent")


@st.composite
def requests(draw: st.DrawFn) -> TrackRequest:
    record = json.dumps(draw(RECORDS))
    value = draw(st.sampled_from([record, HARD, to_base64(record), "e30=", "[]"]))
    field = f"{draw(NAMES)}={quote(value)}"
    host = draw(st.sampled_from(["https://api.mixpanel.com", "http://h.example", "HTTP://a@[::1]"]))
    query = draw(st.sampled_from(["", "?", f"?{field}", "?ip=1", f"?a=b&{field}#c", "#/track"]))
    packed = gzip.compress(value.encode())
    form = field.encode()
    body = draw(st.sampled_from([b"", form, value.encode(), packed, b"a&" + form]))
    return TrackRequest("POST" if body else "GET", f"{host}{draw(PATHS)}{query}", (), body)


@given(requests(), st.sampled_from(["json", "ascii", "slashes", "escaped", "base64", "params"]))
def test_what_may_not_be_a_tracking_request_is_none(request: TrackRequest, form: str) -> None:
    post: dict[str, Any] = {"text": request.body.decode("utf-8", "surrogateescape")}
    if form == "base64":
        post = {"text": base64.b64encode(request.body).decode(), "encoding": "base64"}
    elif form == "params" and request.body and is_form(request):
        post = {"params": [{"name": each.name, "value": each.value} for each in params(request)]}
    raw = json.dumps({"url": request.url, "postData": post}, ensure_ascii=form != "json")
    if form == "slashes":
        raw = raw.replace("/", "\\/")
    elif form == "escaped":
        raw = re.sub(r"(?<!\\)[&=<>']", lambda match: f"\\u{ord(match.group()):04x}", raw)
    if not why_not(request):
        assert may_track(raw.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    "raw",
    [
        b'"url": "https://cdn.example/tracking/tracker.js?metadatum=1&v=%C3%BC"',
        b'GET /a.js?groupset=1 HTTP/1.1" 200 "https://shop.example/imports" "Mozilla/5.0 (X11)"',
        b'"text": "{\\"events\\": [{\\"event_properties\\": {}, \\"token\\": \\"a\\"}]}"',
    ],
)
def test_noise_is_seen_to_be_none(raw: bytes) -> None:
    assert not may_track(raw)
