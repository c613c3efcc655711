from __future__ import annotations

import base64
import gzip
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.json_values import payload, pointers, written

from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.editing import TRANSPORTS, with_payload, with_transport
from trackscope.wire.finding import Face, Finding, Place, Severity
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
    places_of_range,
)
from trackscope.wire.request import Carrier, TrackRequest, form_decode

SEEDS = st.integers(0, 10**9)


def _request(transport: str, text: str) -> TrackRequest:
    plain = TrackRequest("GET", "http://h/träck/?x=%41é&data=e30%3D&ip=1#top")
    return with_payload(with_transport(plain, transport), text)


def _case(transport: str, seed: int) -> tuple[TrackRequest, Decoded, Span]:
    """A request of an event at random, and the place of some value in its JSON."""
    random = Random(seed)
    value = payload(random)
    text = written(value, random)
    request = _request(transport, text)
    pointer, _ = random.choice(list(pointers(value)))
    node = find(text, pointer)
    assert node is not None
    decoded = decode(request)
    assert (decoded.transport, decoded.json_text) == (transport, text)
    return request, decoded, node.value


def _cut(text: str, span: Span | None) -> str:
    assert span is not None
    assert 0 <= span.start <= span.end <= len(text)
    return text[span.start : span.end]


def _literal(request: TrackRequest, places: Places, carrier: Carrier) -> tuple[str, Span]:
    """The text in which a range of data stands (the body one character a byte), and where."""
    span = places.url if carrier is Carrier.QUERY else places.body
    assert span is not None
    return (request.url if carrier is Carrier.QUERY else request.body.decode("latin-1")), span


def _plain(literal: str, carrier: Carrier) -> str:
    return form_decode(literal if carrier is Carrier.QUERY else literal.encode("latin-1"))


@given(st.sampled_from(TRANSPORTS), SEEDS)
def test_the_places_of_a_value_hold_it_and_little_else(transport: str, seed: int) -> None:
    request, decoded, span = _case(transport, seed)
    places = places_of_json(request, decoded, span)
    assert places.json == span
    assert decoded.data is not None
    wanted = _cut(decoded.json_text or "", span)
    data = _cut(decoded.data, places.data)
    carrier = Carrier(transport.partition("-")[0])
    literal, where = _literal(request, places, carrier)
    if carrier is Carrier.BODY:
        assert request.body[where.start : where.end] == wanted.encode()
    else:
        assert _plain(_cut(literal, where), carrier) == data
    if not decoded.is_base64:
        assert data == wanted
        return
    assert places.data is not None
    start, end = places.data.start // 4 * 4, -(-places.data.end // 4) * 4
    held = base64.b64decode(decoded.data[start:end])
    assert wanted.encode() in held
    assert len(held) <= len(wanted.encode()) + 4


@given(st.sampled_from(TRANSPORTS), SEEDS)
def test_the_way_back_leads_to_the_same_characters(transport: str, seed: int) -> None:
    request, decoded, span = _case(transport, seed)
    places = places_of_json(request, decoded, span)
    carrier = Carrier(transport.partition("-")[0])
    if carrier is not Carrier.BODY:
        literal, where = _literal(request, places, carrier)
        assert data_of_literal(decoded, literal, where, carrier) == places.data
    assert places.data is not None
    back = json_of_data(decoded, places.data)
    assert back is not None
    if not decoded.is_base64:
        assert back == span
    text = decoded.json_text or ""
    assert back.start <= span.start <= span.end <= back.end
    assert len(text[back.start : span.start].encode()) <= 2 + 3  # a character may be cut in two
    assert len(text[span.end : back.end].encode()) <= 2 + 3


@pytest.mark.parametrize("transport", TRANSPORTS)
@given(seed=SEEDS)
def test_what_is_selected_in_any_text_leads_to_the_value_it_belongs_to(
    transport: str, seed: int
) -> None:
    request, decoded, value = _case(transport, seed)
    there = places_of_json(request, decoded, value)
    for face in Face:
        span = getattr(there, face)
        if span is not None:
            back = places_of_range(request, decoded, face, span).json
            assert back is not None
            assert back.start <= value.start
            assert back.end >= value.end
            # Four characters of Base64 share three bytes: at most two of each neighbour come along.
            assert back.end - back.start <= value.end - value.start + 4


@pytest.mark.parametrize("face", Face)
def test_an_empty_range_is_nowhere_else(face: Face) -> None:
    request = _request("query-base64", '{"event":"a"}')
    assert places_of_range(request, decode(request), face, Span(3, 3)) == Places()


def test_a_range_of_a_compressed_body_is_nowhere_else() -> None:
    body = gzip.compress(b"data=" + base64.b64encode(b'{"event":"a","properties":{}}'))
    request = TrackRequest("POST", "http://h/track/", (), body)
    decoded = decode(request)
    assert decoded.events is not None
    assert places_of_range(request, decoded, Face.BODY, Span(0, 9)) == Places()


@given(SEEDS, st.sampled_from(["query-base64", "form-base64", "query-json", "form-json"]))
def test_every_character_of_data_has_its_own_place(seed: int, transport: str) -> None:
    request, decoded, _ = _case(transport, seed)
    assert decoded.data is not None
    carrier = Carrier(transport.partition("-")[0])
    random = Random(seed)
    for _ in range(5):
        start = random.randrange(len(decoded.data))
        span = Span(start, random.randrange(start + 1, len(decoded.data) + 1))
        literal, where = _literal(request, places_of_data(request, decoded, span), carrier)
        assert _plain(_cut(literal, where), carrier) == _cut(decoded.data, span)
        assert data_of_literal(decoded, literal, where, carrier) == span


@pytest.mark.parametrize("literal", ["e30=", "%65%33%30%3D", "e3%30=", "e3%30%3d", "e30"])
def test_data_is_found_however_it_was_encoded(literal: str) -> None:
    url = f"http://h/?x&data={literal}&ip=1"
    request = TrackRequest("GET", url)
    places = places_of_json(request, decode(request), Span(0, 2))
    assert form_decode(_cut(url, places.url)) in ("e30=", "e30")


def test_json_written_plainly_in_the_url_is_found_by_character() -> None:
    url = 'http://h/?data={"é":"ü%F0%9F%98%80+x"}'
    request = TrackRequest("GET", url)
    decoded = decode(request)
    node = find(decoded.json_text or "", "/é")
    assert node is not None
    places = places_of_json(request, decoded, node.value)
    assert _cut(url, places.url) == '"ü%F0%9F%98%80+x"'


def test_pairs_of_three_bytes_are_counted_as_they_came() -> None:
    body = '{"a":"\ud83d\ude00","b":1}'.encode("utf-8", "surrogatepass")
    data = base64.b64encode(body).decode()
    request = TrackRequest("GET", f"http://h/?data={data}")
    decoded = decode(request)
    node = find(decoded.json_text or "", "/b")
    assert node is not None
    places = places_of_json(request, decoded, node.value)
    assert places.data is not None
    assert body.index(b"1") == places.data.start * 3 // 4


@pytest.mark.parametrize(
    "query",
    ["data=ZTMwPQ==", "data=e%0A30=", "data=e30%253D"],
    ids=["nested", "broken", "encoded twice"],
)
def test_where_offsets_do_not_carry_over_only_the_json_has_a_place(query: str) -> None:
    request = TrackRequest("GET", f"http://h/?{query}")
    decoded = decode(request)
    assert decoded.events == ({},)
    assert places_of_json(request, decoded, Span(0, 2)) == Places(json=Span(0, 2))
    assert json_of_data(decoded, Span(0, 2)) is None


def _finding(at: str, place: Place | None = None) -> Finding:
    return Finding("some.rule", Severity.ERROR, at, "A sentence.", place)


def test_a_finding_stands_at_the_member_it_names_key_included() -> None:
    request = TrackRequest("POST", "http://h/", body=b'[{"a": 1}, {"b": [2, 3]}]')
    decoded = decode(request)
    assert places_of(request, decoded, _finding("/1/b")).body == Span(12, 23)
    assert places_of(request, decoded, _finding("/1/b/1")).body == Span(21, 22)
    assert places_of(request, decoded, _finding("/7")) == Places()
    assert offsets(request, decoded, _finding("/1/b")) == {"json": 12, "data": 12, "body": 12}


def test_a_finding_of_one_event_counts_it_as_the_first_of_a_list() -> None:
    request = _request("query-base64", '{"event": "a"}')
    decoded = decode(request)
    found = offsets(request, decoded, _finding("/0/event"))
    assert (found["json"], found["data"]) == (1, 1)
    assert request.url[found["url"] :].startswith("yJl")
    assert offsets(request, decoded, _finding("/0"))["json"] == 0


def test_a_finding_about_a_parameter_stands_at_its_piece() -> None:
    request = TrackRequest("POST", "http://h/?ip=2", body=b"x&img=1&data=e30=")
    decoded = decode(request)
    assert places_of(request, decoded, _finding("?ip")) == Places(url=Span(10, 14))
    assert places_of(request, decoded, _finding("?img")) == Places(body=Span(2, 7))
    assert places_of(request, decoded, _finding("?callback")) == Places()
    assert places_of(request, decoded, _finding("")) in (
        Places(),
        places_of(request, decoded, _finding("/0")),
    )


@pytest.mark.parametrize("face", Face)
def test_a_character_of_any_face_has_a_place_there(face: Face) -> None:
    request = _request("form-base64", '{"event": "a"}')
    decoded = decode(request)
    places = places_of(request, decoded, _finding("?data", Place(face, 1)))
    assert getattr(places, face) == Span(1, 2)
    assert places == places_at(request, decoded, face, 1)


@given(
    st.sampled_from(TRANSPORTS),
    SEEDS,
    st.sampled_from(Face),
    st.integers(0, 400),
    st.integers(0, 9),
)
def test_no_place_in_any_face_raises(
    transport: str, seed: int, face: Face, start: int, length: int
) -> None:
    request, decoded, _ = _case(transport, seed)
    span = Span(start, start + length)
    places_at(request, decoded, face, start)
    places_of_json(request, decoded, span)
    places_of_data(request, decoded, span)
    json_of_data(decoded, span)
    data_of_literal(decoded, request.url, span, Carrier.QUERY)
    data_of_literal(decoded, request.body.decode("latin-1"), span, Carrier.FORM)


def test_a_large_payload_is_placed_quickly_enough_to_type() -> None:
    text = json.dumps([{"event": "größe", "properties": {"n": n}} for n in range(3000)])
    request = _request("query-base64", text)
    decoded = decode(request)
    places = places_of(request, decoded, _finding("/2999/properties/n"))
    assert places.url is not None
    assert json_of_data(decoded, places.data or Span(0, 0)) is not None
