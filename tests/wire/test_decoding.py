from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ending import ends
from tests.wire.json_values import CONTAINERS, texts
from tests.wire.test_request import BODIES, URLS

from trackscope.wire.decoding import decode
from trackscope.wire.encoding import MAX_UNPACKED, to_base64
from trackscope.wire.finding import Face, Place
from trackscope.wire.request import TrackRequest, form_encode

EVENT = '{"event":"größe>>>???","properties":{"token":"t"}}'
VALUE = json.loads(EVENT)
DATA = form_encode(to_base64(EVENT))
EXAMPLE = (
    "http://api.mixpanel.com/track/?data=eyJldmVudCI6ICJnYW1lIiwgInByb3BlcnRpZXMi"
    "OiB7ImlwIjogIjEyMy4xMjMuMTIzLjEyMyIsICJ0b2tlbiI6ICJlM2JiNDEwMDMzMGMzNTcyMjc0"
    "MGZiOGM2ZjVhYmRkYyIsICJ0aW1lIjogMTI0NTYxMzg4NSwgImFjdGlvbiI6ICJwbGF5In19&ip=1"
)


def _get(query: str) -> TrackRequest:
    return TrackRequest("GET", f"http://h/track/?{query}")


def _post(body: bytes | str, query: str = "") -> TrackRequest:
    body = body.encode() if isinstance(body, str) else body
    return TrackRequest("POST", f"http://h/track/{query}", body=body)


def test_the_example_of_the_specification_is_read() -> None:
    decoded = decode(TrackRequest("GET", EXAMPLE))
    assert decoded.events == (
        {
            "event": "game",
            "properties": {
                "ip": "123.123.123.123",
                "token": "e3bb4100330c35722740fb8c6f5abddc",
                "time": 1245613885,
                "action": "play",
            },
        },
    )
    assert (decoded.transport, decoded.repairs, decoded.flaw) == ("query-base64", (), None)
    assert (decoded.is_batch, decoded.is_on("ip"), decoded.is_on("img")) == (False, True, False)


@pytest.mark.parametrize(
    ("request_", "transport", "repairs"),
    [
        (_get(f"data={DATA}"), "query-base64", []),
        (_get(f"data={form_encode(EVENT)}"), "query-json", ["data.raw-json"]),
        (_post(f"ip=1&data={DATA}"), "form-base64", []),
        (_post(f"data={form_encode(EVENT)}"), "form-json", ["data.raw-json"]),
        (_post(EVENT), "body-json", ["data.json-body"]),
        (_post(f" \n{EVENT}"), "body-json", ["data.json-body"]),
        (_post(gzip.compress(EVENT.encode())), "body-json-gzip", ["data.json-body", "data.gzip"]),
        (_post(gzip.compress(f"data={DATA}".encode())), "form-base64-gzip", ["data.gzip"]),
        (
            _post(gzip.compress(f"data={form_encode(EVENT)}".encode())),
            "form-json-gzip",
            ["data.raw-json", "data.gzip"],
        ),
        (_post(gzip.compress(b"{}"), f"?data={DATA}"), "query-base64", []),
        (
            _get("data=" + form_encode(base64.b64encode(gzip.compress(EVENT.encode())).decode())),
            "query-base64",
            ["data.gzip"],
        ),
    ],
)
def test_every_transport_is_read_and_named(
    request_: TrackRequest, transport: str, repairs: list[str]
) -> None:
    decoded = decode(request_)
    assert decoded.events == (VALUE,)
    assert decoded.transport == transport
    assert [repair.rule for repair in decoded.repairs] == repairs


def test_the_data_of_the_query_counts_before_that_of_the_form() -> None:
    decoded = decode(_post(f"data={form_encode('[]')}&ip=1", f"?data={DATA}&ip=0"))
    assert decoded.events == (VALUE,)
    assert (decoded.value("ip"), decoded.value("data")) == ("0", to_base64(EVENT))


def test_the_first_of_repeated_data_counts() -> None:
    assert decode(_get(f"data={DATA}&data=e30")).events == (VALUE,)


@pytest.mark.parametrize(
    ("text", "events", "is_batch"),
    [
        ("{}", ({},), False),
        ("[]", (), True),
        ("[{}]", ({},), True),
        ('[{"a":1},{"b":2}]', ({"a": 1}, {"b": 2}), True),
        ("[1,null]", (1, None), True),
    ],
)
def test_a_list_is_a_batch_and_an_object_is_one_event(
    text: str, events: tuple[Any, ...], is_batch: bool
) -> None:
    decoded = decode(_get(f"data={form_encode(to_base64(text))}"))
    assert (decoded.events, decoded.is_batch) == (events, is_batch)


@pytest.mark.parametrize(
    ("request_", "rule", "at"),
    [
        (_get(""), "data.missing", "?data"),
        (_get("ip=1"), "data.missing", "?data"),
        (_get("data"), "data.missing", "?data"),
        (_get("data=%20"), "data.missing", "?data"),
        (_post(""), "data.missing", "?data"),
        (_post("hello"), "data.missing", "?data"),
        (_get("data=e30%2A"), "data.alphabet", "?data"),
        (_get("data=e30=="), "data.padding", "?data"),
        (_get("data=/w=="), "data.utf8", "?data"),
        (_post(b'{"a":"\xff"}'), "data.utf8", "?data"),
        (_post(b"\xef\xbb\xbf{}"), "data.utf8", "?data"),
        (_post(b"\xff\xfe{\x00}\x00"), "data.utf8", "?data"),
        (_post(b"\x1f\x8bdamaged"), "data.gzip", "?data"),
        (_post(gzip.compress(bytes(MAX_UNPACKED + 1))), "data.size", "?data"),
        (_get("data=aGVsbG8="), "json.syntax", ""),
        (_get("data=eyJhIjox"), "json.syntax", ""),
        (_post("{'a': 1}"), "json.syntax", ""),
        (_post("[" * 300 + "]" * 300), "json.depth", ""),
        (_get("data=MTI="), "json.shape", ""),
        (_get("data=Imhlbi1kYXRhIg=="), "json.shape", ""),
        (_get("data=bnVsbA=="), "json.shape", ""),
    ],
)
def test_what_stops_the_reading_is_one_flaw(request_: TrackRequest, rule: str, at: str) -> None:
    decoded = decode(request_)
    assert decoded.events is None
    assert decoded.flaw is not None
    assert (decoded.flaw.rule, decoded.flaw.at) == (rule, at)


def test_gzip_in_gzip_is_read_or_refused_in_bounded_time() -> None:
    body = EVENT.encode()
    for _ in range(2000):
        body = gzip.compress(body, 1)
    decode(_post(body))


def test_a_bomb_of_bombs_is_stopped() -> None:
    with ends():
        decode(_post(gzip.compress(gzip.compress(bytes(20 * MAX_UNPACKED)))))


def test_what_is_no_utf8_is_pointed_at_in_its_base64() -> None:
    flaw = decode(_get("data=" + base64.b64encode(b'{"a":"b\xff"}').decode())).flaw
    assert flaw is not None
    assert flaw.place == Place(Face.DATA, 9)


@pytest.mark.parametrize(
    ("text", "at"), [('{"a":1,"a":NaN}', "/0/a"), ('[{},{"a":1,"a":NaN}]', "/1/a")]
)
def test_notices_point_into_the_list_of_events(text: str, at: str) -> None:
    decoded = decode(_post(text))
    assert [(each.rule, each.at) for each in decoded.notices] == [
        ("json.duplicate-key", at),
        ("json.not-finite", at),
    ]


@given(texts(CONTAINERS))
def test_any_payload_is_read_from_every_transport(text: str) -> None:
    value = json.loads(text)
    events = tuple(value) if isinstance(value, list) else (value,)
    data = form_encode(to_base64(text))
    for request in (
        _get(f"data={data}"),
        _get(f"data={form_encode(text)}"),
        _post(f"data={data}"),
        _post(text),
        _post(gzip.compress(text.encode())),
    ):
        decoded = decode(request)
        assert (decoded.events, decoded.json_text) == (events, text)


@given(st.sampled_from(["GET", "POST"]), URLS, BODIES)
def test_any_request_is_read_or_has_a_flaw(method: str, url: str, body: bytes) -> None:
    _holds_together(TrackRequest(method, url, (), body))


@given(st.binary(max_size=60), st.sampled_from([bytes, base64.b64encode, gzip.compress]))
def test_any_bytes_as_payload_are_read_or_have_a_flaw(
    body: bytes, way: Callable[[bytes], bytes]
) -> None:
    _holds_together(_post(way(body)))
    _holds_together(_post(b"data=" + way(body)))


def _holds_together(request: TrackRequest) -> None:
    decoded = decode(request)
    assert (decoded.events is None) == (decoded.flaw is not None)
    if decoded.flaw is not None:
        assert decoded.flaw.message
    if decoded.flaw is not None and decoded.flaw.place is not None:
        texts_ = {Face.DATA: decoded.data, Face.JSON: decoded.json_text}
        text = texts_[decoded.flaw.place.face]
        assert text is not None
        assert 0 <= decoded.flaw.place.offset <= len(text)


@pytest.mark.parametrize(
    "body",
    [
        b"\x00" * 5_000_000,
        b"data=" + b"%" * 5_000_000,
        b"data=" + b"%25" * 1_600_000,
        b"&" * 5_000_000,
        b"a=b&" * 1_250_000,
        b"data=" + b"A" * 5_000_001,
        b"data=" + b"AAAA\n" * 1_000_000 + b"*",
        b"{" * 5_000_000,
        b'{"a":' * 1_000_000,
        b"data=" + b"%7B" * 1_600_000,
        b"[" + b"1," * 2_000_000 + b"]",
        b"data=" + base64.b64encode(base64.b64encode(b"Z" * 2_800_000)),
    ],
    ids=lambda body: ascii(body[:12]),
)
def test_five_megabytes_of_garbage_are_refused_in_bounded_time(body: bytes) -> None:
    with ends():
        assert decode(_post(body)).events is None


def test_a_body_of_lines_with_an_event_each_is_a_batch() -> None:
    lines = b'{"event":"a","properties":{}}\n{"event":"b","properties":{}}\n'
    decoded = decode(TrackRequest("POST", "http://h/import?strict=1", (), lines))
    assert [each["event"] for each in decoded.events or ()] == ["a", "b"]
    assert (decoded.transport, decoded.is_batch) == ("body-json", True)
    assert [each.sentence for each in decoded.repairs][1:] == ["2 lines read as a list"]


def test_an_indented_object_is_no_body_of_lines() -> None:
    decoded = decode(TrackRequest("POST", "http://h/track", (), b'{\n"event": "a"\n}'))
    assert decoded.events == ({"event": "a"},)
