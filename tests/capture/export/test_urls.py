"""A URL an exchange, which opens again as the same parameters and events."""

from __future__ import annotations

import gzip
import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.detect import read_text
from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.export import urls
from trackscope.wire.decoding import decode
from trackscope.wire.editing import TRANSPORTS, with_payload, with_transport
from trackscope.wire.request import TrackRequest, params

EVENT = {"event": "a b", "properties": {"token": "t", "x": "é+/=&?#"}}
CHARACTERS = st.characters(exclude_characters="&#", exclude_categories=["Cs"])
BARE = TrackRequest("GET", "http://h.io/track/?ip=1&verbose=1")


def text_of(*requests: TrackRequest) -> str:
    file = BytesIO()
    urls.write([Exchange(request, Origin.OPENED, 0) for request in requests], file)
    return file.getvalue().decode("ascii")


def read(text: str) -> list[TrackRequest]:
    return [each.request for each in read_text(text, hosts={"h.io"}).requests]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_transport_becomes_a_get_with_the_same_events(transport: str) -> None:
    request = with_transport(with_payload(BARE, json.dumps(EVENT)), transport)
    again, _ = read(text_of(request, request))
    assert (again.method, again.body) == ("GET", b"")
    assert decode(again).events == (EVENT,)
    assert {(each.name, each.value) for each in params(again) if each.name != "data"} == {
        ("ip", "1"),
        ("verbose", "1"),
    }


def test_a_compressed_body_is_unpacked_into_the_query() -> None:
    request = TrackRequest("POST", BARE.url, (), gzip.compress(json.dumps([EVENT]).encode()))
    (again,) = read(text_of(request))
    assert decode(again).events == (EVENT,)


def test_a_get_keeps_its_literal_url() -> None:
    url = "http://h.io/track/?data=eyJ9&ip=1&x=a+b%2f:c!d"
    assert text_of(TrackRequest("GET", url)).splitlines()[1] == url


@given(
    st.lists(st.tuples(st.text("ab"), st.text(CHARACTERS))),
    st.sampled_from(["/track/", "/track", "/a'b/track"]),
)
def test_any_url_is_read_again_with_the_same_parameters(
    pairs: list[tuple[str, str]], path: str
) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs)
    request = TrackRequest("GET", f"http://h.io{path}?data=e30&{query}")
    (again,) = read(text_of(request))
    wanted = [(each.name, each.value) for each in params(request)]
    assert [(each.name, each.value) for each in params(again)] == wanted


def test_a_request_without_data_gets_none() -> None:
    request = TrackRequest("POST", "http://h.io/track/", (), b"ip=1")
    assert text_of(request).splitlines()[1] == "http://h.io/track/?ip=1"


def test_what_has_no_url_that_means_the_same_is_counted_and_said() -> None:
    preflight = TrackRequest("OPTIONS", BARE.url)
    relative = TrackRequest("GET", "/track/?data=e30")
    file = BytesIO()
    exchanges = [Exchange(each, Origin.OPENED, 0) for each in (preflight, relative, preflight)]
    left_out = urls.write(exchanges, file)
    assert sorted(left_out.values()) == [1, 2]
    assert b"# 2 left out: OPTIONS carries no event but its URL would\n" in file.getvalue()
