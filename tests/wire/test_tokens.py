"""Other tokens in a request, and everything else as it was."""

from __future__ import annotations

import base64
import gzip
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.json_values import LAYOUTS, VALUES, event, payload, written

from trackscope.wire.decoding import decode
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import Carrier, TrackRequest, form_encode, params
from trackscope.wire.tokens import ANY, with_tokens

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
JSON = (("Content-Type", "application/json"),)
MAP = {"old": "new", "gone": "new"}


def carried(text: str, transport: str) -> TrackRequest:
    """A request with this JSON text as its payload, beside other parameters."""
    carrier, form, *packed = transport.split("-")
    data = form_encode(to_base64(text) if form == "base64" else text)
    if carrier == "query":
        return TrackRequest("GET", f"http://h/track/?a=1&data={data}&token=old&_=2")
    body = text.encode() if carrier == "body" else f"verbose=1&data={data}&ip=0".encode()
    headers: tuple[tuple[str, str], ...] = JSON if carrier == "body" else FORM
    if packed:
        body, headers = gzip.compress(body), (*headers, ("Content-Encoding", "gzip"))
    return TrackRequest("POST", "http://h/track/?token=old&x=old", headers, body)


TRANSPORTS = (
    "query-base64", "query-json", "form-base64", "form-json", "body-json", "form-base64-gzip",
    "form-json-gzip", "body-json-gzip",
)  # fmt: skip


def records(tokens: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Events and profiles whose properties have anything in them, words of the protocol too."""
    names = st.sampled_from(["token", "$token", "properties", "event", "old"])
    values = VALUES | tokens | st.dictionaries(names, tokens, max_size=2)
    properties = st.dictionaries(names | st.text(max_size=3), values, max_size=4)
    events = st.fixed_dictionaries(
        {"event": st.text(max_size=4), "properties": properties},
        optional={"token": tokens, "extra": values},
    )
    profiles = st.fixed_dictionaries({"$token": tokens, "$set": properties})
    return events | profiles


RECORDS = records(st.sampled_from(["old", "gone", "other", "new"]))
PAYLOADS = RECORDS | st.lists(RECORDS, min_size=1, max_size=3)


def mapped(record: dict[str, Any]) -> dict[str, Any]:
    """The record as it should be: its own tokens and those of its properties replaced."""
    new = {key: MAP.get(value, value) if _is_token(key, value) else value
           for key, value in record.items()}  # fmt: skip
    properties = new.get("properties")
    if isinstance(properties, dict):
        new["properties"] = {
            key: MAP.get(value, value) if _is_token(key, value) else value
            for key, value in properties.items()
        }
    return new


def _is_token(key: str, value: Any) -> bool:
    return key in ("token", "$token") and isinstance(value, str)


@given(PAYLOADS, st.sampled_from(TRANSPORTS), LAYOUTS)
def test_tokens_are_replaced_in_every_transport_and_nothing_else(
    value: Any, transport: str, layout: dict[str, Any]
) -> None:
    request = carried(json.dumps(value, **layout), transport)
    before, after = decode(request), decode(with_tokens(request, MAP))
    wanted = [mapped(each) for each in (value if isinstance(value, list) else [value])]
    assert list(after.events or ()) == wanted
    assert after.is_batch is before.is_batch
    assert after.transport.removesuffix("-gzip") == before.transport.removesuffix("-gzip")
    assert [(each.name, each.value) for each in after.params if each.name != "data"] == [
        (each.name, "new" if each.name == "token" else each.value)
        for each in before.params
        if each.name != "data"
    ]


@given(st.integers(), st.sampled_from(TRANSPORTS))
def test_a_request_without_a_token_to_replace_stays_byte_for_byte(
    seed: int, transport: str
) -> None:
    random = Random(seed)
    request = carried(written(payload(random), random), transport)
    assert with_tokens(request, {"not there": "x"}) == request


@given(st.integers(), st.sampled_from(TRANSPORTS))
def test_the_text_around_a_token_keeps_its_layout(seed: int, transport: str) -> None:
    random = Random(seed)
    one = event(random)
    token = one["properties"]["token"]
    text = written(one, random)
    after = decode(with_tokens(carried(text, transport), {token: "é"}))
    assert (after.json_text or "").replace('"é"', f'"{token}"', 1) == text


def test_lines_stay_lines() -> None:
    body = b'{"event":"a","properties":{"token":"old"}}\n\n{"event":"b", "properties":{}}\r\n'
    request = TrackRequest("POST", "http://h/import?strict=1", JSON, body)
    assert with_tokens(request, MAP).body == body.replace(b"old", b"new")
    assert with_tokens(request, {"x": "y"}) is request


def test_each_repeat_of_a_key_is_replaced() -> None:
    text = '{"event":"a","properties":{"token":"old","token":"gone"}}'
    after = decode(with_tokens(carried(text, "form-base64"), MAP))
    assert after.json_text == '{"event":"a","properties":{"token":"new","token":"new"}}'


def test_of_repeated_data_one_is_left() -> None:
    text = '{"event":"a","properties":{"token":"other"}}'
    kept, old = to_base64(text), to_base64(text.replace("other", "old"))
    request = TrackRequest("POST", f"http://h/track?data={kept}", FORM, f"data={old}".encode())
    found = [each for each in params(with_tokens(request, MAP)) if each.name == "data"]
    assert [(each.carrier, each.value) for each in found] == [(Carrier.QUERY, kept)]


def test_an_escaped_token_is_the_token_it_stands_for() -> None:
    after = decode(with_tokens(carried(r'{"$token":"\u006fld","$set":{}}', "query-json"), MAP))
    assert after.events == ({"$token": "new", "$set": {}},)


def test_any_stands_for_those_that_are_not_named() -> None:
    text = '[{"event":"a","properties":{"token":"old"}},{"event":"a","properties":{"token":"x"}}]'
    after = decode(with_tokens(carried(text, "body-json"), {"old": "new", ANY: "rest"}))
    tokens = [each["properties"]["token"] for each in after.events or ()]
    assert tokens == ["new", "rest"]


@pytest.mark.parametrize(
    ("user", "mapping", "wanted"),
    [("old:", MAP, "new:"), ("old", MAP, "new"), ("secret:pw", MAP | {ANY: "x"}, "secret:pw")],
)
def test_credentials_name_the_other_project_too(
    user: str, mapping: dict[str, str], wanted: str
) -> None:
    headers = (("Authorization", f"Basic {base64.b64encode(user.encode()).decode()}"),)
    request = TrackRequest("POST", "http://h/import", headers, b"[]")
    value = with_tokens(request, mapping).header("authorization") or ""
    assert base64.b64decode(value.removeprefix("Basic ")).decode() == wanted


@pytest.mark.parametrize("value", ["Bearer old", "Basic ???", "Basic /w==", "Basic"])
def test_other_credentials_stay_as_they_are(value: str) -> None:
    request = TrackRequest("POST", "http://h/import", (("Authorization", value),), b"[]")
    assert with_tokens(request, MAP) == request


@pytest.mark.parametrize(
    "target", ["http://h/track/?data=xx", "http://h/track/", "http://h/?data=1"]
)
def test_what_cannot_be_read_is_not_touched(target: str) -> None:
    with pytest.raises(LookupError, match="cannot be read"):
        with_tokens(TrackRequest("GET", target), MAP)
