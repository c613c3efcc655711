from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from tests.wire.json_values import payload, pointers, written
from tests.wire.rules.asking import TRANSPORTS, carried, event, get, judged, the

from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.finding import Face, Finding, Severity
from trackscope.wire.json_text import Span, find
from trackscope.wire.place import (
    Places,
    data_of_literal,
    json_of_data,
    offsets,
    places_at,
    places_of,
    places_of_data,
    places_of_json,
)
from trackscope.wire.request import Carrier, TrackRequest, form_encode

DIRECT = [transport for transport in TRANSPORTS if not transport.endswith("-gzip")]


def _cesu8(text: str) -> bytes:
    """As old browser SDKs write emoji: each half of a pair as three bytes."""
    utf16 = text.encode("utf-16-be")
    units = [
        utf16[at : at + 2].decode("utf-16-be", "surrogatepass") for at in range(0, len(utf16), 2)
    ]
    return "".join(units).encode("utf-8", "surrogatepass")


def _cut(text: str | bytes, span: Span | None) -> Any:
    assert span is not None
    return text[span.start : span.end]


def _base64_around(data: str, span: Span) -> bytes:
    """What a range of Base64 holds, with the bits of its neighbours in the same four characters."""
    start, end = span.start // 4 * 4, -(-span.end // 4) * 4
    piece = data[start:end]
    return base64.b64decode(piece + "=" * (-len(piece) % 4))


def _requests() -> Iterator[tuple[TrackRequest, str, str]]:
    """Random payloads in each transport, with some pointer into their text."""
    for seed in range(400):
        random = Random(seed)
        value = payload(random)
        text = written(value, random)
        pointer = random.choice([each for each, _ in pointers(value)])
        yield carried(text, random.choice(DIRECT), "&ip=1"), text, pointer


def test_the_places_of_a_value_enclose_it_in_every_text() -> None:
    for request, text, pointer in _requests():
        decoded = decode(request)
        node = find(text, pointer)
        assert node is not None
        literal = _cut(text, node.value).encode()
        places = places_of_json(request, decoded, node.value)
        assert decoded.data is not None
        data = _cut(decoded.data, places.data)
        if decoded.is_base64:
            assert places.data is not None
            assert literal in _base64_around(decoded.data, places.data)
            assert len(data) <= -(-len(literal) * 4 // 3) + 2
        else:
            assert data.encode() == literal
        if decoded.transport.startswith("query"):
            assert unquote_to_bytes(_cut(request.url, places.url)) == data.encode()
            assert places.body is None
        else:
            assert unquote_to_bytes(_cut(request.body, places.body)) == data.encode() or (
                decoded.transport == "body-json" and _cut(request.body, places.body) == literal
            )
            assert places.url is None


def test_the_way_from_the_literal_text_back_to_the_json_keeps_the_value() -> None:
    for request, text, pointer in _requests():
        decoded = decode(request)
        node = find(text, pointer)
        assert node is not None
        there = places_of_json(request, decoded, node.value)
        assert there.data is not None
        back = json_of_data(decoded, there.data)
        assert back is not None
        # Four characters of Base64 hold three bytes: a character to each side may come along.
        slack = 2 if decoded.is_base64 else 0
        assert node.value.start - slack <= back.start <= node.value.start
        assert node.value.end <= back.end <= node.value.end + slack
        if decoded.transport == "body-json":
            continue
        carrier = Carrier.QUERY if there.url else Carrier.FORM
        literal = request.url if there.url else request.body.decode("latin-1")
        span = there.url or there.body
        assert span is not None
        assert data_of_literal(decoded, literal, span, carrier) == there.data


@pytest.mark.parametrize("is_base64", [True, False])
def test_cesu_8_does_not_move_the_places_behind_it(is_base64: bool) -> None:
    text = json.dumps(event(smile="a 😀😀 b", after="x", end="🎉"), ensure_ascii=False)
    body = _cesu8(text)
    data = base64.b64encode(body).decode() if is_base64 else None
    request = (
        get(data=form_encode(data)) if data else TrackRequest("POST", "http://h/track", (), body)
    )
    decoded = decode(request)
    assert decoded.json_text == text
    for pointer in ("/event", "/properties/smile", "/properties/after", "/properties/end"):
        node = find(text, pointer)
        assert node is not None
        places = places_of_json(request, decoded, node.value)
        literal = _cesu8(_cut(text, node.value))
        assert places.data is not None
        if data is not None:
            assert literal in _base64_around(data, places.data)
        else:
            assert _cut(body, places.body) == literal
        back = json_of_data(decoded, places.data)
        assert back is not None
        assert back.start <= node.value.start
        assert back.end >= node.value.end


def test_a_url_that_is_not_all_ascii_is_counted_in_characters() -> None:
    url = 'http://h/track/?n=ü&data={"event":"Größe 😀","x%C3%A9":1}&ip=1'
    request = TrackRequest("GET", url)
    decoded = decode(request)
    text = decoded.json_text
    assert text == '{"event":"Größe 😀","xé":1}'
    for pointer, literal in (("/event", '"Größe 😀"'), ("/xé", "1")):
        node = find(text, pointer)
        assert node is not None
        places = places_of_json(request, decoded, node.value)
        assert _cut(url, places.url) == literal
        assert places.url is not None
        assert data_of_literal(decoded, url, places.url, Carrier.QUERY) == node.value


def test_a_place_within_an_escape_stands_for_its_whole_character() -> None:
    request = TrackRequest("GET", "http://h/?data=%7B%22a%22%3A%22%C3%A9%22%7D")
    decoded = decode(request)
    start = request.url.index("%C3")
    for place in range(start, start + 6):
        span = Span(place, place + 1)
        assert data_of_literal(decoded, request.url, span, Carrier.QUERY) == Span(6, 7)


def test_what_lies_outside_of_data_stands_for_nothing_in_it() -> None:
    request = get(extra="&ip=1")
    decoded = decode(request)
    assert data_of_literal(decoded, request.url, Span(0, 4), Carrier.QUERY) is None
    assert data_of_literal(decoded, request.url, Span(0, 4), Carrier.FORM) is None
    end = len(request.url)
    assert data_of_literal(decoded, request.url, Span(end - 2, end), Carrier.QUERY) is None


@pytest.mark.parametrize("transport", [each for each in TRANSPORTS if each.endswith("-gzip")])
def test_inside_a_compressed_body_nothing_has_a_place(transport: str) -> None:
    request = carried(event(mp_x=1), transport, "&ip=true")
    for finding in judged(request).findings:
        places = places_of(request, decode(request), finding)
        assert places.body is None


@pytest.mark.parametrize(
    "data",
    ["eyJh%0AIjoxfQ==", "ZXlKaElqb3hmUT09", "eyJhIjoxfQ%253D%253D"],
    ids=["line break", "nested", "double-encoded"],
)
def test_where_characters_moved_only_the_json_has_a_place(data: str) -> None:
    request = get(data=data)
    decoded = decode(request)
    assert decoded.json_text == '{"a":1}'
    assert places_of_json(request, decoded, Span(5, 6)) == Places(json=Span(5, 6))
    assert json_of_data(decoded, Span(0, 4)) is None


@pytest.mark.parametrize(
    ("data", "rule", "offset"),
    [
        ("eyJh!joxfQ==", "data.alphabet", 4),
        ("eyJhIjoxfQ", "data.padding", 10),
        ("eyJh-_oxfQ==", "data.url-safe", 4),
        ("eyJh%0AIjoxfQ==", "data.whitespace", 4),
        ("eyJhIj%20xfQ==", "data.space", 6),
    ],
)
def test_a_defect_of_base64_is_pointed_at_in_data_and_url(
    data: str, rule: str, offset: int
) -> None:
    request = get(data=data)
    places = offsets(request, decode(request), the(request, rule))
    assert places["data"] == offset
    start = request.url.index("data=") + 5
    assert places["url"] == start + offset


def test_a_defect_of_the_json_is_pointed_at_in_all_texts() -> None:
    request = get('{"event":"é",}')
    places = offsets(request, decode(request), the(request, "json.syntax"))
    assert places == {"json": 13, "data": 18, "url": request.url.index("data=") + 5 + 18}


def test_bytes_that_are_no_utf_8_are_pointed_at_in_the_base64() -> None:
    body = b'{"a":"\xff"}'
    request = get(data=form_encode(base64.b64encode(body).decode()))
    places = offsets(request, decode(request), the(request, "data.utf8"))
    assert places["data"] == 8
    raw = TrackRequest("POST", "http://h/track", (), '{"é":"'.encode() + b'\xff"}')
    assert offsets(raw, decode(raw), the(raw, "data.utf8")) == {"data": 6, "body": 7}


@pytest.mark.parametrize("form", [False, True])
def test_a_finding_on_a_parameter_points_at_it(form: bool) -> None:
    request = carried(event(), "form-base64" if form else "query-base64", "&ip=true")
    places = offsets(request, decode(request), the(request, "param.value"))
    literal: str | bytes = request.body if form else request.url
    at = places["body" if form else "url"]
    assert literal[at:] in ("ip=true", b"ip=true")


def test_a_finding_on_a_property_begins_at_its_key() -> None:
    request = get('[{"event":"a","properties":{"token":"t","mp_x":"y"}}]')
    places = places_of(request, decode(request), the(request, "property.reserved-prefix"))
    assert _cut(decode(request).json_text or "", places.json) == '"mp_x":"y"'


def _finding(at: str) -> Finding:
    return Finding("x", Severity.NOTE, at, "")


@pytest.mark.parametrize("at", ["", "/0", "/1", "/0/nowhere", "/0/properties/token/x", "?nowhere"])
def test_a_finding_that_names_nothing_has_no_wrong_place(at: str) -> None:
    request = get()
    places = places_of(request, decode(request), _finding(at))
    whole = Span(0, len(decode(request).json_text or ""))
    assert places.json in (None, whole)


@pytest.mark.parametrize("face", Face)
@pytest.mark.parametrize("offset", [0, 5, 10**6])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_any_offset_has_places_or_none(face: Face, offset: int, transport: str) -> None:
    request = carried(event(), transport)
    decoded = decode(request)
    found = places_at(request, decoded, face, offset)
    for span in (found.json, found.data, found.url, found.body):
        assert span is None or span.start <= span.end
    assert isinstance(decoded, Decoded)
    if decoded.data is not None:
        places_of_data(request, decoded, Span(offset, offset + 3))
        json_of_data(decoded, Span(offset, offset + 3))
