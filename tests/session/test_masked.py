"""No secret is left in anything of an exchange, and it opens as the same events."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.session import recorded
from tests.wire.json_values import VALUES

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.known_secrets import WORDS
from trackscope.session.masked import LEFT_OUT, Masked, masked
from trackscope.session.masking import Masking, mask, masking_of
from trackscope.wire.decoding import decode
from trackscope.wire.editing import TRANSPORTS, with_payload, with_transport
from trackscope.wire.encoding import to_bytes
from trackscope.wire.finding import Face, Finding, Place, Severity
from trackscope.wire.reply import PIXEL, Reply
from trackscope.wire.request import TrackRequest, params

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
EVENT = {"event": "a", "properties": {"token": TOKEN, "n": 1.5, "x": f"of {TOKEN}"}}
BARE = TrackRequest("GET", "http://h/track/?ip=1")


def hidden(request: TrackRequest, masking: Masking | None = None, **fields: Any) -> Masked:
    exchange = Exchange(request, Origin.OPENED, 12.5, id=3, **fields)
    return masked(exchange, masking or Masking())


def carrying(payload: Any, transport: str = "query-base64") -> TrackRequest:
    return with_transport(with_payload(BARE, json.dumps(payload)), transport)


def traces(exchange: Exchange, secret: str = TOKEN) -> list[str]:
    """The spellings of a secret that an exchange still has somewhere."""
    raw = to_bytes(secret)
    cores = [base64.b64encode(bytes(before) + raw).decode()[4:-4] for before in range(3)]
    text = repr(asdict(exchange))
    return [each for each in (secret, quote(secret, safe=""), raw.hex(), *cores) if each in text]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_payload_is_encoded_anew_in_the_transport_it_has(transport: str) -> None:
    request = carrying([EVENT, EVENT], transport)
    found = hidden(request)
    again = decode(found.exchange.request)
    assert found.is_whole
    assert (again.transport, again.repairs) == (decode(request).transport, decode(request).repairs)
    event = {"event": "a", "properties": {"token": "e3bc…dc", "n": 1.5, "x": "of e3bc…dc"}}
    assert again.events == (event, event)
    assert traces(found.exchange) == []


def test_a_compressed_body_stays_compressed() -> None:
    headers = (("Content-Encoding", "gzip"), ("Content-Length", "1"))
    packed = gzip.compress(carrying(EVENT, "form-base64").body)
    found = hidden(TrackRequest("POST", "http://h/track", headers, packed)).exchange.request
    assert gzip.decompress(found.body).startswith(b"data=")
    assert decode(found).events is not None
    assert decode(found).events[0]["properties"]["token"] == "e3bc…dc"  # type: ignore[index]  # read
    assert found.header("Content-Length") == str(len(found.body))


@pytest.mark.parametrize(
    "request_",
    [
        TrackRequest("GET", "http://h/track/?data=" + base64.b64encode(b"{'token").decode()),
        TrackRequest("GET", f"http://h/track/?data=%7Bbroken {TOKEN}&ip=1"),
        TrackRequest("POST", "http://h/track/", (), b"\x1f\x8b" + TOKEN.encode()),
        TrackRequest("POST", "http://h/track/", (), b'{"token": "' + TOKEN.encode()),
        TrackRequest("POST", "http://h/track/", (), gzip.compress(gzip.compress(TOKEN.encode()))),
        TrackRequest("POST", "http://h/", (), b'--x\r\nname="token"\r\n\r\n' + TOKEN.encode()),
        TrackRequest("POST", "http://h/track/", (), b"data=\xff" + TOKEN.encode()),
    ],
    ids=["base64", "json", "gzip", "body", "twice packed", "multipart", "bytes"],
)  # fmt: skip
def test_a_payload_that_cannot_be_read_is_left_out_and_the_note_says_so(
    request_: TrackRequest,
) -> None:
    finding = Finding("json.syntax", Severity.ERROR, "", "x", Place(Face.JSON, 5))
    found = hidden(request_, verdict=0, findings=(finding,), note="mine")
    assert not found.is_whole
    assert traces(found.exchange) == []
    assert found.exchange.note == f"mine {LEFT_OUT}"
    assert found.exchange.findings == (replace(finding, place=None),)


def test_parameters_and_headers_of_secrets_are_masked_wherever_they_are() -> None:
    url = f"http://me:{TOKEN}@h/{TOKEN}?api_key={TOKEN}&ip=1&%74oken={TOKEN}&redirect=http%3A//g/{TOKEN}#{TOKEN}"
    headers = (("Cookie", f"a={TOKEN}"), ("Referer", f"http://h/?x={TOKEN}"), ("X-Y", "z"))
    found = hidden(TrackRequest("GET", url, headers)).exchange
    assert traces(found) == []
    assert found.request.url.startswith("http://h/e3bc%E2%80%A6dc?api_key=e3bc%E2%80%A6dc&ip=1&")
    assert {each.name: each.value for each in params(found.request)} == {
        "api_key": "e3bc…dc", "ip": "1", "token": "e3bc…dc", "redirect": "http://g/e3bc…dc",
    }  # fmt: skip
    assert found.request.header("X-Y") == "z"


def test_everything_beside_the_request_is_masked_too() -> None:
    finding = Finding("x", Severity.ERROR, f"/0/{TOKEN}", f"no {TOKEN}")
    reply = Reply(
        200,
        (("Set-Cookie", "session"), ("Location", f"/{TOKEN}")),
        f'{{"error":"{TOKEN}"}}'.encode(),
    )
    found = hidden(
        carrying(EVENT),
        reply=reply,
        findings=(finding,),
        names=(TOKEN,),
        stored=({"event": "a", "properties": {"token": TOKEN}},),
        failure=f"to {TOKEN}",
        note=TOKEN,
        source=f"{TOKEN}.har",
        position=TOKEN,
        page=f"http://h/?{TOKEN}",
        target=f"http://u:{TOKEN}@h",
    ).exchange
    assert traces(found) == []
    assert found.reply is not None
    assert json.loads(found.reply.body) == {"error": "e3bc…dc"}
    assert found.target == "http://h"


def test_an_answer_that_is_no_text_stays_unless_a_secret_may_be_in_it() -> None:
    for body, kept in (
        (PIXEL, PIXEL),
        (b"\xff" + TOKEN.encode(), b""),
        (gzip.compress(TOKEN.encode()), b""),
    ):
        reply = hidden(carrying(EVENT), reply=Reply(200, (), body)).exchange.reply
        assert reply is not None
        assert reply.body == kept


def test_what_holds_no_secret_stays_byte_for_byte() -> None:
    request = TrackRequest(
        "POST", "http://h/track/?a=b+c%2f&&x", (("A", "b"),), b"data=%7b%22a%22:1}&&verbose=1"
    )
    found = hidden(request, reply=Reply(200, (("B", "c"),), b"1"), note="n")
    assert found.exchange == Exchange(
        request, Origin.OPENED, 12.5, Reply(200, (("B", "c"),), b"1"), id=3, note="n"
    )


def test_chosen_properties_are_replaced_by_a_hash_everywhere() -> None:
    event = {"event": "a", "properties": {"token": TOKEN, "Email": "ann@example.com", "age": 41}}
    masking = masking_of(include_secrets=True, chosen=["email", "AGE"], salt=b"s")
    request = carrying(event)
    request = replace(request, url=f"{request.url}&u=ann%40example.com")
    found = hidden(request, masking).exchange
    properties = (decode(found.request).events or ({},))[0]["properties"]
    assert properties["token"] == TOKEN
    assert properties["Email"] == masking.stand_in("email", "ann@example.com")
    assert properties["age"] == masking.stand_in("age", "41")
    assert traces(found, "ann@example.com") == []


@given(
    st.dictionaries(st.text(), VALUES, max_size=4),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=6).filter(
        lambda token: token.strip() and token not in WORDS
    ),
    st.sampled_from(TRANSPORTS),
    st.integers(0, 3),
)
@example({"a": "x"}, "e3bc+/=& %", "query-json", 1)
def test_a_token_that_stands_anywhere_survives_nowhere(
    properties: dict[str, Any], token: str, transport: str, shift: int
) -> None:
    packed = base64.b64encode(b"x" * shift + to_bytes(token) + b"yy").decode()
    inner = {**properties, "token": token, "b": packed, "h": to_bytes(token).hex(), "u": [token]}
    request = carrying({"event": f"of {token}", "properties": inner}, transport)
    found = hidden(request).exchange
    assert decode(found.request).events is not None
    assert token not in repr(decode(found.request).events)
    assert to_bytes(token).hex() not in repr(found)
    core = base64.b64encode(b"x" * shift + to_bytes(token) + b"yy").decode()[4:-4]
    assert len(core) < 6 or core not in repr(decode(found.request).events)


@recorded.HERE
def test_every_recorded_request_opens_as_the_same_events_without_its_tokens() -> None:
    for exchange in recorded.exchanges():
        before = decode(exchange.request)
        tokens = {
            value
            for event in before.events or ()
            for value in _tokens(event)
            if isinstance(value, str) and len(value) > 12
        }
        found = masked(exchange, Masking())
        after = decode(found.exchange.request)
        assert found.is_whole
        assert len(after.events or ()) == len(before.events or ())
        assert after.transport == before.transport
        for token in tokens:
            assert traces(found.exchange, token) == []
        expected = [_expected(event, tokens) for event in before.events or ()]
        assert json.dumps(list(after.events or ())) == json.dumps(expected)


def _tokens(event: Any) -> list[Any]:
    properties = event.get("properties")
    inner = properties if isinstance(properties, dict) else {}
    return [event.get("$token"), inner.get("token")]


def _expected(value: Any, tokens: set[str], key: str = "") -> Any:
    """The value as it should read, worked out on the value instead of on its text."""
    if isinstance(value, dict):
        return {name: _expected(inner, tokens, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_expected(inner, tokens, key) for inner in value]
    if key in ("token", "$token") and value not in (None, ""):
        return mask(str(value))
    if isinstance(value, str):
        for token in tokens:
            value = value.replace(token, mask(token))
    return value
