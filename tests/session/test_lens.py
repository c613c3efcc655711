"""Every face shows the same request, and any text of a face makes a request."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.session.conftest import document

from trackscope.session.lens import BodyLens, DataLens, JsonLens, Lens, UrlLens
from trackscope.wire.decoding import decode
from trackscope.wire.editing import TRANSPORTS, with_transport
from trackscope.wire.request import TrackRequest

LENSES = (UrlLens(), BodyLens(), DataLens(), JsonLens())
REQUESTS = st.sampled_from(
    [with_transport(document().request, transport) for transport in TRANSPORTS]
)


@given(REQUESTS, st.sampled_from(LENSES), st.text())
def test_any_text_of_any_face_makes_a_request(
    request_: TrackRequest, lens: Lens, text: str
) -> None:
    applied = lens.apply(text, request_)
    lens.render(applied, decode(applied))


@given(REQUESTS, st.sampled_from(LENSES))
def test_a_face_that_is_given_its_own_text_changes_nothing(
    request_: TrackRequest, lens: Lens
) -> None:
    text = lens.render(request_, decode(request_)).text
    if text is not None:
        again = lens.apply(text, request_)
        assert decode(again).events == decode(request_).events


@given(REQUESTS, st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_typed_as_json_is_read_back_as_it_was_typed(
    request_: TrackRequest, name: str
) -> None:
    text = f'{{"event": {json.dumps(name)}, "properties": {{"token": "t"}}}}'
    applied = JsonLens().apply(text, request_)
    assert JsonLens().render(applied, decode(applied)).text == text


def test_a_broken_payload_is_shown_with_its_flaw() -> None:
    applied = JsonLens().apply('{"event": ', document().request)
    rendered = JsonLens().render(applied, decode(applied))
    assert rendered.text == '{"event": '
    assert rendered.flaw is not None
    assert rendered.flaw.rule == "json.syntax"


def test_broken_base64_leaves_the_json_without_a_text() -> None:
    applied = DataLens().apply("eyJ!", document().request)
    rendered = JsonLens().render(applied, decode(applied))
    assert rendered.text is None
    assert rendered.flaw is not None
    assert rendered.flaw.rule == "data.alphabet"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"data=%FF", b"", "data=é".encode()])
def test_the_body_comes_back_byte_for_byte(body: bytes) -> None:
    request = TrackRequest("POST", "http://h/track/", (), body)
    text = BodyLens().render(request, decode(request)).text
    assert text is not None
    assert BodyLens().apply(text, request).body == body
