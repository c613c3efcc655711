from __future__ import annotations

import gzip
import json
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.json_values import event, payload, written
from tests.wire.test_request import BODIES, REQUESTS, URLS

from trackscope.wire.decoding import decode
from trackscope.wire.edit import (
    AddMember,
    Edit,
    RemoveMember,
    RenameMember,
    SetData,
    SetMember,
    SetParam,
    SetPayload,
    SetTransport,
)
from trackscope.wire.editing import (
    TRANSPORTS,
    apply_edits,
    with_data,
    with_param,
    with_payload,
    with_transport,
)
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import Carrier, TrackRequest, params

EVENT = '{"event": "game", "properties": {"token": "t", "n": 1.10}}'
CODE = to_base64(EVENT).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")

PLAIN = st.text("ad?&=#+%é😀 /", max_size=6)
SMALL = st.text("ad?&=#+%é😀\ud800 /", max_size=6)
EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.builds(SetParam, SMALL | st.just("data"), st.none() | SMALL),
    st.builds(SetData, SMALL),
    st.builds(SetTransport, st.sampled_from(TRANSPORTS)),
    st.builds(SetPayload, SMALL | st.just(EVENT)),
    st.builds(SetMember, st.sampled_from(["", "/0", "/0/event", "/x"]), st.just("1")),
    st.builds(AddMember, st.sampled_from(["", "/0", "/0/event", "/x"]), SMALL, st.just("1")),
    st.builds(RemoveMember, st.sampled_from(["", "/0", "/0/event", "/x"])),
    st.builds(RenameMember, st.sampled_from(["", "/0", "/0/event", "/x"]), SMALL),
)


def _others(request: TrackRequest) -> list[tuple[str, str]]:
    return [(each.name, each.value) for each in params(request) if each.name != "data"]


def _of(transport: str, text: str) -> TrackRequest:
    """A request with strange parameters around its payload."""
    plain = TrackRequest("GET", "http://h/track/?x=%41&data=e30%3D&y+z&ip=1&ip=0&=#top")
    return with_payload(with_transport(plain, transport), text)


@pytest.mark.parametrize(
    ("url", "edit", "after"),
    [
        ("http://h/track/", SetParam("ip", "1"), "http://h/track/?ip=1"),
        ("http://h/track/?", SetParam("ip", "1"), "http://h/track/?ip=1"),
        ("http://h/track/#top", SetParam("ip", "1"), "http://h/track/?ip=1#top"),
        ("http://h/track/?a#top", SetParam("ip", "1"), "http://h/track/?a&ip=1#top"),
        ("http://h/track/#?a", SetParam("ip", "1"), "http://h/track/?ip=1#?a"),
        ("http://h/track/?ip=0&a=%41", SetParam("ip", "1"), "http://h/track/?ip=1&a=%41"),
        ("http://h/?ip=0&a&ip=2", SetParam("ip", "1"), "http://h/?ip=1&a"),
        ("http://h/?ip=0&a&ip=2", SetParam("ip", None), "http://h/?a"),
        ("http://h/?ip=0", SetParam("ip", None), "http://h/"),
        ("http://h/?ip=0&ip=1&ip=2", SetParam("ip", None), "http://h/"),
        ("http://h/?ip=0#top", SetParam("ip", None), "http://h/#top"),
        ("http://h/?a&ip=0#top", SetParam("ip", None), "http://h/?a#top"),
        ("http://h/?a=1", SetParam("ip", None), "http://h/?a=1"),
        ("http://h/?a", SetParam("b c", "é&="), "http://h/?a&b%20c=%C3%A9%26%3D"),
        ("http://h/", SetData("e30="), "http://h/?data=e30%3D"),
        ("http://h/?ip=1", SetData("e30="), "http://h/?data=e30%3D&ip=1"),
        ("http://h/?ip=1&data=x&a", SetData("e30="), "http://h/?ip=1&data=e30%3D&a"),
        ("é?ü=ö&data=x", SetPayload("{}"), "é?ü=ö&data=e30%3D"),
        ("http://h/?data={}&a", SetPayload("[]"), "http://h/?data=%5B%5D&a"),
    ],
)
def test_an_edit_splices_its_own_part_of_the_url(url: str, edit: Edit, after: str) -> None:
    assert apply_edits(TrackRequest("GET", url), [edit]).url == after


@pytest.mark.parametrize(
    ("body", "edit", "after"),
    [
        (b"data=x&ip=0", SetParam("ip", "1"), b"data=x&ip=1"),
        (b"ip=0&data=x", SetParam("ip", None), b"data=x"),
        (b"data=x&ip=0", SetParam("ip", None), b"data=x"),
        (b"a=%41&data=x&a=\xff", SetData("e30="), b"a=%41&data=e30%3D&a=\xff"),
        (b"a=1", SetData("e30="), b"data=e30%3D&a=1"),
        (b"", SetData("e30="), b"data=e30%3D"),
        (b'{"event": 1}', SetPayload("{}"), b"{}"),
        (b'[{"a": 1.10}]', AddMember("/0", "b", "2"), b'[{"a": 1.10,"b": 2}]'),
    ],
)
def test_an_edit_splices_its_own_part_of_the_body(body: bytes, edit: Edit, after: bytes) -> None:
    request = TrackRequest("POST", "http://h/track/?z", body=body)
    edited = apply_edits(request, [edit])
    assert (edited.body, edited.url) == (after, "http://h/track/?z")


@given(REQUESTS, PLAIN, PLAIN)
def test_a_parameter_that_was_set_counts_and_the_others_stay(
    request: TrackRequest, name: str, value: str
) -> None:
    edited = with_param(request, name, value)
    assert [each.value for each in params(edited) if each.name == name] == [value]
    others = [(each.name, each.value) for each in params(request) if each.name != name]
    assert [(each.name, each.value) for each in params(edited) if each.name != name] == others


@given(REQUESTS, SMALL)
def test_a_parameter_that_was_removed_is_gone_and_the_others_stay(
    request: TrackRequest, name: str
) -> None:
    edited = with_param(request, name, None)
    expected = [(each.name, each.value) for each in params(request) if each.name != name]
    assert [(each.name, each.value) for each in params(edited)] == expected


@given(st.integers(0, 10**6), st.sampled_from(TRANSPORTS), st.sampled_from(TRANSPORTS))
def test_a_payload_goes_to_another_transport_and_back(seed: int, here: str, there: str) -> None:
    random = Random(seed)
    text = written(payload(random), random)
    request = _of(here, text)
    moved = with_transport(request, there)
    assert (decode(request).transport, decode(moved).transport) == (here, there)
    back = with_transport(moved, here)
    for each in (request, moved, back):
        assert decode(each).json_text == text
        assert sorted(_others(each)) == sorted(_others(request))
    if here.partition("-")[0] == there.partition("-")[0]:  # only another encoding
        assert [each.name for each in params(moved)] == [each.name for each in params(request)]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_transport_it_has_already_changes_nothing(transport: str) -> None:
    request = _of(transport, EVENT)
    assert with_transport(request, transport) is request


def test_a_form_has_its_content_type_and_a_query_none() -> None:
    headers = (("X-A", "1"), ("content-type", "text/plain"), ("Content-Length", "9"))
    request = TrackRequest("GET", f"http://h/track/?data={CODE}", headers)
    form = with_transport(request, "form-base64")
    assert form.headers == (("X-A", "1"), ("Content-Type", "application/x-www-form-urlencoded"))
    assert (form.method, form.url) == ("POST", "http://h/track/")
    assert with_transport(form, "query-base64") == TrackRequest(
        "GET", f"http://h/track/?data={CODE}", (("X-A", "1"),)
    )


@given(st.integers(0, 10**6), st.sampled_from(TRANSPORTS))
def test_the_payload_that_was_set_is_the_payload(seed: int, transport: str) -> None:
    random = Random(seed)
    request = _of(transport, EVENT)
    text = written(payload(random), random)
    edited = with_payload(request, text)
    assert (decode(edited).json_text, decode(edited).transport) == (text, transport)
    assert _others(edited) == _others(request)
    assert (edited.method, edited.headers) == (request.method, request.headers)


@given(st.sampled_from(TRANSPORTS), st.data())
def test_members_are_edited_in_every_transport(transport: str, data: st.DataObject) -> None:
    value = event(Random(data.draw(st.integers(0, 10**6))))
    is_batch = data.draw(st.booleans())
    request = _of(transport, json.dumps([value] if is_batch else value))
    edits: list[Edit] = [
        SetMember("/0/event", '"a"'),
        AddMember("/0/properties", "new~/", "[1.50]"),
        RenameMember("/0/properties/new~0~1", "newer"),
        RemoveMember("/0/properties/token"),
    ]
    edited = apply_edits(request, edits)
    del value["properties"]["token"]
    value = {**value, "event": "a", "properties": {**value["properties"], "newer": [1.5]}}
    assert decode(edited).events == (value,)
    assert "[1.50]" in (decode(edited).json_text or "")
    assert decode(edited).is_batch == is_batch
    assert _others(edited) == _others(request)


def test_what_is_edited_in_a_compressed_body_goes_on_uncompressed() -> None:
    body = gzip.compress(f"a=1&data={CODE}".encode())
    request = TrackRequest("POST", "http://h/track/", (("Content-Encoding", "gzip"),), body)
    edited = apply_edits(request, [SetMember("/0/event", '"b"')])
    assert decode(edited).transport == "form-base64"
    assert decode(edited).json_text == EVENT.replace("game", "b")
    assert edited.header("content-encoding") is None
    assert _others(edited) == [("a", "1")]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("body", [f"a=1&data={CODE}", EVENT])
def test_a_compressed_body_travels_every_other_way(body: str, transport: str) -> None:
    request = TrackRequest("POST", "http://h/track/", body=gzip.compress(body.encode()))
    moved = with_transport(request, transport)
    assert (decode(moved).transport, decode(moved).json_text) == (transport, EVENT)
    assert _others(moved) == ([("a", "1")] if body[0] == "a" else [])


@pytest.mark.parametrize("body", [b"\x1f\x8bdamaged", b"\xff\xfe", b"\x1f\x8b"])
def test_a_payload_replaces_what_cannot_be_read(body: bytes) -> None:
    request = TrackRequest("POST", "http://h/track/", body=body)
    assert decode(with_payload(request, EVENT)).json_text == EVENT


@pytest.mark.parametrize("text", ["", "{", "hello", "\ud800", '{"a": "\ud83d\ude00"}'])
def test_a_broken_payload_can_be_sent_in_every_transport(text: str) -> None:
    for transport in TRANSPORTS:
        with_payload(_of(transport, EVENT), text)


@given(URLS, BODIES, st.sampled_from(["GET", "POST", "PUT"]), st.lists(EDITS, max_size=4))
def test_edits_of_any_request_raise_nothing_but_that_a_pointer_leads_nowhere(
    url: str, body: bytes, method: str, edits: list[Edit]
) -> None:
    with suppress(LookupError):
        edited = apply_edits(TrackRequest(method, url, (), body), edits)
        decode(edited)


@given(REQUESTS)
def test_every_transport_can_be_given_to_any_request(request: TrackRequest) -> None:
    for transport in TRANSPORTS:
        moved = with_transport(request, transport)
        if decode(request).json_text is not None and decode(request).events is not None:
            assert decode(moved).transport == transport
            assert decode(moved).events == decode(request).events


def test_data_is_set_where_it_travels() -> None:
    request = TrackRequest("POST", "http://h/?data=x", body=b"a=1&data=y")
    edited = with_data(request, "z")
    assert [(each.value, each.carrier) for each in params(edited) if each.name == "data"] == [
        ("z", Carrier.QUERY)
    ]
