from __future__ import annotations

import pytest

from trackscope.capture import script
from trackscope.capture.found import Captured
from trackscope.wire.request import TrackRequest

FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON_TYPE = ("Content-Type", "application/json")


def _one_python(text: str) -> Captured:
    assert script.python_place(text) >= 0
    [captured] = script.read_python(text, "")
    return captured


def _one_javascript(text: str) -> Captured:
    assert script.javascript_place(text) >= 0
    [captured] = script.read_javascript(text, "")
    return captured


@pytest.mark.parametrize(
    ("call", "request_"),
    [
        ("requests.get('http://h/track?data=x')", TrackRequest("GET", "http://h/track?data=x")),
        (
            "httpx.get('http://h/track', params={'data': 'a b', 'ip': 1})",
            TrackRequest("GET", "http://h/track?data=a+b&ip=1"),
        ),
        (
            "requests.post(\n  'http://h/track',\n  data={'data': json.dumps({'a': 1})},\n)",
            TrackRequest("POST", "http://h/track", (FORM,), b"data=%7B%22a%22%3A+1%7D"),
        ),
        (
            "session.post(url='http://h/track', json=[{'event': 'é'}])",
            TrackRequest("POST", "http://h/track", (JSON_TYPE,), b'[{"event": "\\u00e9"}]'),
        ),
        (
            "httpx.request('PUT', 'http://h/track', content=b'\\xff', headers=[('A', 'b')])",
            TrackRequest("PUT", "http://h/track", (("A", "b"),), b"\xff"),
        ),
        (
            "requests.post('http://h/track', 'data=x', headers={'A': 'b'})",
            TrackRequest("POST", "http://h/track", (("A", "b"),), b"data=x"),
        ),
    ],
)
def test_a_call_of_httpx_or_requests_is_read(call: str, request_: TrackRequest) -> None:
    captured = _one_python(f"import httpx\nr = {call}\nprint(r.text)")
    assert captured.request == request_
    assert captured.notes == ()


@pytest.mark.parametrize(
    ("call", "request_"),
    [
        ('fetch("http://h/track?data=x")', TrackRequest("GET", "http://h/track?data=x")),
        (
            "fetch('http://h/track', {method: 'post', body: 'é'})",
            TrackRequest(
                "POST",
                "http://h/track",
                (("Content-Type", "text/plain;charset=UTF-8"),),
                "é".encode(),
            ),
        ),
        (
            "fetch(`http://h/track`, {body: JSON.stringify({a: 1}), method: 'POST',\n"
            "  headers: {'Content-Type': 'application/json'}})",
            TrackRequest("POST", "http://h/track", (JSON_TYPE,), b'{"a":1}'),
        ),
        (
            'fetch("http://h/track", {"headers": {"accept": "*/*"}, "body": null,'
            ' "method": "GET", "credentials": "omit"}); ;',
            TrackRequest("GET", "http://h/track", (("accept", "*/*"),)),
        ),
    ],
)
def test_a_fetch_is_read(call: str, request_: TrackRequest) -> None:
    captured = _one_javascript(f"const r = await {call}")
    assert captured.request == request_
    assert captured.notes == ()


def test_a_beacon_is_read_as_the_post_that_it_sends() -> None:
    captured = _one_javascript("navigator.sendBeacon('http://h/track/?ip=1', 'data=e30%3D');")
    kind = ("Content-Type", "text/plain;charset=UTF-8")
    assert captured.request == TrackRequest("POST", "http://h/track/?ip=1", (kind,), b"data=e30%3D")
    assert list(script.read_javascript("navigator.sendBeacon(url, body)", "")) == []


def test_what_the_script_computes_is_noted() -> None:
    text = "requests.post('http://h/track', data=body, headers={'A': a, 'B': 'b'}, auth=me)"
    captured = _one_python(text)
    assert captured.request == TrackRequest("POST", "http://h/track", (("B", "b"),))
    assert captured.notes == (
        "auth= is left out",
        "the header A is computed by the script: it is missing",
        "the body is computed by the script: it is missing",
    )
    assert _one_javascript("fetch('http://h/track', options)").notes == (
        "the options are computed by the script: they are missing",
    )


def test_calls_whose_url_is_computed_are_counted_but_not_read() -> None:
    text = "fetch(url);\nfetch('http://h/track');\nfetch("
    [captured] = script.read_javascript(text, "")
    assert captured.position == "call 2"
    assert text[slice(*captured.span or ())] == "fetch('http://h/track')"


def test_half_a_character_in_a_body_is_kept_as_bytes() -> None:
    [captured] = script.read_javascript(r'fetch("http://h/", {method: "POST", body: "\ud83d"})', "")
    assert captured.request.body == b"\xed\xa0\xbd"
