from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.rebuilt import NOTE, from_export, is_export
from trackscope.session.lines import request_line
from trackscope.wire.decoding import decode
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import FORM_TYPE, TrackRequest, form_encode

FORM = (("Content-Type", FORM_TYPE),)
EVENTS = st.dictionaries(
    st.text(max_size=5),
    st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    max_size=4,
)


def _rebuilt(request: TrackRequest, **more: Any) -> TrackRequest:
    line = {**request_line(request, decode(request), 1, ()), **more}
    text = json.dumps(line)
    assert is_export(line)
    return from_export(line, text).request


@given(st.lists(EVENTS, max_size=3), st.sampled_from(["query", "form", "body"]), st.booleans())
def test_events_parameters_and_transport_come_back(
    events: list[dict[str, Any]], carrier: str, is_base64: bool
) -> None:
    text = json.dumps(events)
    data = form_encode(to_base64(text) if is_base64 else text)
    request = {
        "query": TrackRequest("GET", f"http://h:8080/track?data={data}&ip=1"),
        "form": TrackRequest("POST", "http://h/engage", FORM, f"data={data}&ip=1".encode()),
        "body": TrackRequest("POST", "http://h/import?ip=1", (), text.encode()),
    }[carrier]
    first, second = decode(request), decode(_rebuilt(request))
    assert second.events == first.events
    assert second.transport == first.transport
    assert second.value("ip") == "1"


def test_numbers_travel_as_they_are_written() -> None:
    line = '{"method": "GET", "host": "h", "endpoint": "/track", "params": {}, "transport": '
    line += '"query-base64", "events": [{"n": 1.50, "m": 123456789012345678901234567890}]}'
    request = from_export(json.loads(line), line).request
    assert decode(request).json_text == '{"n": 1.50, "m": 123456789012345678901234567890}'


def test_it_is_noted_that_the_request_is_not_the_literal_one() -> None:
    line = request_line(TrackRequest("GET", "http://h/track?data=e30="), decode(
        TrackRequest("GET", "http://h/track?data=e30=")), 0, ())  # fmt: skip
    assert from_export(line, json.dumps(line)).notes == (NOTE,)


def test_events_that_were_unknown_are_named_as_missing() -> None:
    request = TrackRequest("GET", "http://h/track?data=!&ip=1")
    line = request_line(request, decode(request), 0, ())
    found = from_export(line, json.dumps(line))
    assert "could not be read" in found.problem
    assert found.request.url == "http://h/track?ip=1"


def test_with_its_url_a_line_is_the_literal_request() -> None:
    request = TrackRequest("POST", "http://h/track?x=%41", (("A", "b"),), b"data=e30=")
    headers = [list(pair) for pair in request.headers]
    literal = {"url": request.url, "headers": headers, "body": request.body.decode()}
    assert _rebuilt(request, **literal) == request


@pytest.mark.parametrize("missing", ["method", "endpoint", "params", "transport", "events"])
def test_other_objects_are_no_export(missing: str) -> None:
    keys = {"method": "GET", "endpoint": "", "params": {}, "transport": "", "events": []}
    assert is_export(keys)
    assert not is_export({key: value for key, value in keys.items() if key != missing})
    assert not is_export({**keys, "method": None})
