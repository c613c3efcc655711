from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.seeds import BODY, DATA, EVENT, URL

from trackscope.capture import described
from trackscope.capture.found import Captured
from trackscope.wire.decoding import decode

TRACK = "https://api.mixpanel.com/track"


def _read(value: Any) -> list[Captured]:
    text = json.dumps(value)
    assert described.holds(text)
    return list(described.read(text, "http://unused/"))


def _events(found: list[Captured]) -> list[Any]:
    return [event for each in found for event in decode(each.request).events or ()]


def test_a_collection_of_postman_is_read_folders_too() -> None:
    form = [{"key": "data", "value": DATA}, {"key": "ip", "value": "1", "disabled": True}]
    requests = [
        {
            "method": "POST",
            "url": {"raw": TRACK},
            "body": {"mode": "urlencoded", "urlencoded": form},
        },
        {"method": "POST", "url": TRACK, "body": {"mode": "raw", "raw": json.dumps([EVENT])}},
        {"method": "GET", "header": [{"key": "A", "value": "b"}], "url": {"raw": URL}},
    ]
    item = [{"request": requests[0]}, {"item": [{"request": each} for each in requests[1:]]}]
    found = _read({"info": {}, "item": item})
    assert _events(found) == [EVENT] * 3
    assert found[0].position == "at /item/0/request"
    assert found[0].request.body == f"data={DATA.replace('=', '%3D')}".encode()
    assert found[2].request.headers == (("A", "b"),)


def test_a_variable_in_a_url_is_kept_and_noted() -> None:
    [found] = _read({"method": "GET", "url": f"{{{{host}}}}/track?data={DATA}"})
    assert found.request.url.startswith("{{host}}/track")
    assert found.notes == ("a variable in the URL is kept as it is written",)


def test_an_export_of_insomnia_has_its_query_beside_the_url() -> None:
    request = {
        "_type": "request", "method": "POST", "url": f"{TRACK}?a=1",
        "parameters": [{"name": "verbose", "value": "1"}, {"name": "x", "disabled": True}],
        "body": {"mimeType": "x", "params": [{"name": "data", "value": DATA}]},
    }  # fmt: skip
    [found] = _read({"resources": [request]})
    assert found.request.url == f"{TRACK}?a=1&verbose=1"
    assert _events([found]) == [EVENT]


def test_a_session_of_charles_is_read_with_its_answer() -> None:
    entry = {
        "method": "POST", "scheme": "https", "host": "api.mixpanel.com", "path": "/track",
        "query": "verbose=1", "times": {"start": "2026-11-23T10:00:00+01:00"},
        "request": {"header": {"headers": [{"name": "X", "value": "y"}]}, "body": {"text": BODY}},
        "response": {"status": 200, "header": {"headers": []}, "body": {"text": "1"}},
    }  # fmt: skip
    [found] = _read([entry])
    assert found.request.url == f"{TRACK}?verbose=1"
    assert found.request.headers == (("X", "y"),)
    assert found.request.body == BODY.encode()
    assert found.at == 1795424400
    assert found.reply is not None
    assert (found.reply.status, found.reply.body) == (200, b"1")


def test_a_recorders_target_gets_its_host_and_scheme() -> None:
    packed = base64.b64encode(b"data=\xff").decode()
    line = {"method": "POST", "target": "/track", "headers": [["Host", "h"]], "body_b64": packed}
    [found] = _read({**line, "listener": "https"})
    assert (found.request.url, found.request.body) == ("https://h/track", b"data=\xff")
    assert found.request.headers == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"mode": "file", "file": {"src": "a.json"}}, "in a file"),
        ({"mode": "formdata", "formdata": [{"key": "data"}]}, "multipart"),
        ({"mimeType": "x", "fileName": "a.json"}, "in a file"),
    ],
)
def test_a_body_that_is_elsewhere_is_named_as_missing(body: Any, words: str) -> None:
    [found] = _read({"method": "POST", "url": TRACK, "body": body})
    assert words in found.problem
    assert found.request.body == b""


def test_damaged_base64_of_a_body_is_named() -> None:
    [found] = _read({"method": "POST", "url": TRACK, "body_base64": "a"})
    assert "damaged" in found.problem


def test_secrets_are_left_out_and_noted() -> None:
    [found] = _read({"method": "GET", "url": URL, "headers": {"Cookie": "a", "X": "y"}})
    assert found.request.headers == (("X", "y"),)
    assert found.notes == ("Cookie is left out: it is a secret",)


def test_events_and_urls_anywhere_within_are_found() -> None:
    big = {"event": "x", "properties": {"n": 10**30}}
    found = _read(
        {"meta": {"url": URL}, "batch": [EVENT, big], "one": {"two": EVENT}, "data": DATA}
    )
    assert _events(found) == [EVENT, EVENT, big, EVENT, EVENT]
    assert [each.position for each in found] == [
        "at /meta/url",
        "at /batch",
        "at /one/two",
        "at /data",
    ]


@pytest.mark.parametrize("text", ['{"a": 1}', json.dumps({"url": URL}), "[1]", "{", "hello"])
def test_other_json_describes_no_request(text: str) -> None:
    assert not described.holds(text)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (1.5, 1.5), ("1.5", 1.5), ("1970-01-01T00:01:00Z", 60), ("1970-01-01", 0), ("x", None),
        (True, None), (10**400, None), ("inf", None), ("nan", None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_moments_are_seconds_or_dates(given: Any, seconds: float | None) -> None:
    assert described.moment(given) == seconds


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([URL, BODY, "POST", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "method",
                    "url",
                    "raw",
                    "target",
                    "host",
                    "path",
                    "scheme",
                    "headers",
                    "header",
                    "body",
                    "postData",
                    "text",
                    "params",
                    "request",
                    "response",
                    "status",
                    "name",
                    "value",
                    "at",
                    "times",
                    "start",
                    "event",
                    "properties",
                    "body_base64",
                    "parameters",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=15,
)


@given(VALUES)
def test_no_value_can_break_the_reading(value: Any) -> None:
    for found in described.found_in(value):
        decode(found.request)
        assert found.position
