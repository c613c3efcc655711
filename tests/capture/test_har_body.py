from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.har_body import MAX_ANSWER, MAX_BODY, Body, answered, sent
from trackscope.wire.request import TrackRequest, params

TEXTS = st.text(st.characters(codec="utf-8"))
FIELDS = st.lists(st.tuples(TEXTS.filter(bool), TEXTS), max_size=5)
EVENT = json.dumps({"event": "a+b c", "properties": {"token": "t", "url": "http://h/?x=%20"}})


def none(name: str) -> bytes | None:
    return None


def post(**fields: Any) -> Body:
    return sent({"mimeType": "application/x-www-form-urlencoded", **fields}, none)


def pairs(body: bytes) -> list[tuple[str, str]]:
    return [(each.name, each.value) for each in params(TrackRequest("POST", "http://h/", (), body))]


@given(TEXTS)
def test_text_is_the_body(text: str) -> None:
    if not text.startswith("\x1f"):
        assert post(text=text).content == text.encode()


@given(st.binary(min_size=1))
def test_base64_is_undone(content: bytes) -> None:
    text = base64.b64encode(content).decode()
    assert post(text=text, encoding="base64").content == content


def test_bytes_that_mitmproxy_escapes_come_back() -> None:
    packed = gzip.compress(b"{}", mtime=0)
    assert post(text=packed.decode("utf-8", "surrogateescape")).content == packed


def test_gzip_written_as_one_character_a_byte_comes_back() -> None:
    packed = gzip.compress(b"{}", mtime=0)
    assert post(text=packed.decode("latin-1")).content == packed


def test_gzip_that_was_decoded_as_text_is_told_to_be_lost() -> None:
    packed = gzip.compress(b"{}" * 100, mtime=0)
    assert "bytes of it are lost" in post(text=packed.decode("utf-8", "replace")).problem


def test_base64_that_is_none_is_kept_and_told() -> None:
    body = post(text="data=e30=", encoding="base64")
    assert body.content == b"data=e30="
    assert "is not" in body.problem


@given(FIELDS)
def test_a_form_is_put_together_from_decoded_parameters(fields: list[tuple[str, str]]) -> None:
    fields = [("data", EVENT), *fields]
    body = post(params=[{"name": name, "value": value} for name, value in fields])
    assert pairs(body.content) == fields
    assert body.notes


@given(
    st.lists(st.tuples(TEXTS.filter(bool), TEXTS), max_size=5), st.sampled_from([quote, quote_plus])
)
def test_parameters_that_are_encoded_are_taken_as_they_are(
    fields: list[tuple[str, str]], encode: Any
) -> None:
    fields = [("data", EVENT), *fields]
    listed = [
        {"name": encode(name, safe=""), "value": encode(value, safe="")} for name, value in fields
    ]
    wire = "&".join(f"{each['name']}={each['value']}" for each in listed)
    assert post(params=listed).content == wire.encode()


def test_base64_among_parameters_keeps_its_plus() -> None:
    body = post(text="", params=[{"name": "data", "value": "eyJ+/w=="}, {"name": "ip", "value": 1}])
    assert pairs(body.content) == [("data", "eyJ+/w=="), ("ip", "1")]


def test_multipart_is_said_to_be_missing() -> None:
    listed = [{"name": "file", "fileName": "a.png"}]
    body = sent({"mimeType": "multipart/form-data; boundary=x", "params": listed}, none)
    assert (body.content, bool(body.problem)) == (b"", True)


def test_a_body_over_the_limit_is_cut_and_told() -> None:
    body = post(text="x" * (MAX_BODY + 1))
    assert len(body.content) == MAX_BODY
    assert "larger than 10 MB" in body.problem


@pytest.mark.parametrize(
    "value", [None, 5, [], "x", {}, {"text": 5}, {"params": 5}, {"params": [5, None]}, {"_file": 5}]
)
def test_wrong_types_are_no_body(value: Any) -> None:
    assert sent(value, none) == Body()
    assert answered(value, "", none) == Body()


def test_an_answer_is_unpacked_where_the_capture_has_it_packed() -> None:
    text = base64.b64encode(gzip.compress(b"1")).decode()
    assert answered({"text": text, "encoding": "base64"}, "gzip", none) == Body(b"1")


def test_a_damaged_answer_is_left_packed_and_told() -> None:
    packed = gzip.compress(b"1")[:-3]
    text = base64.b64encode(packed).decode()
    body = answered({"text": text, "encoding": "base64"}, "gzip", none)
    assert body.content == packed
    assert "left packed" in body.notes[0]


def test_brotli_is_left_and_told() -> None:
    text = base64.b64encode(b"\x0b\x00\x80\x31\x03").decode()
    body = answered({"text": text, "encoding": "base64"}, "br", none)
    assert body.content == b"\x0b\x00\x80\x31\x03"
    assert "no reader for br" in body.notes[0]
    assert answered({"text": "1"}, "br", none) == Body(b"1", is_unpacked=False)


def test_of_a_long_answer_the_beginning_is_kept() -> None:
    body = answered({"text": "x" * (MAX_ANSWER + 5)}, "", none)
    assert (len(body.content), len(body.notes)) == (MAX_ANSWER, 1)


def test_form_bodies_of_urlencode_are_read_back() -> None:
    fields = [("data", EVENT), ("ip", "1")]
    assert pairs(post(text=urlencode(fields)).content) == fields
