"""Secrets are found by their keys, wherever an exchange names one."""

from __future__ import annotations

import base64
import json

import pytest

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.known_secrets import known_secrets, payload_in
from trackscope.session.masking import Masking
from trackscope.wire.encoding import to_base64
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest, form_encode

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
EVENT = json.dumps({"event": "a", "properties": {"token": TOKEN}})
GET = "http://h/track/?data="


def found(request: TrackRequest, reply: Reply | None = None) -> set[str]:
    return set(known_secrets(Exchange(request, Origin.OPENED, 0, reply), Masking()))


@pytest.mark.parametrize(
    "request_",
    [
        TrackRequest("GET", GET + form_encode(to_base64(EVENT))),
        TrackRequest("GET", GET + form_encode(EVENT)),
        TrackRequest("POST", "http://h/track", (), b"data=" + to_base64(EVENT).encode()),
        TrackRequest("POST", "http://h/import", (), EVENT.encode()),
        TrackRequest("GET", f"http://h/decide/?token={TOKEN}"),
        TrackRequest("GET", f"http://{TOKEN}:@h/"),
        TrackRequest("GET", "http://h/", (("Referer", f"http://h/?token={TOKEN}"),)),
        TrackRequest("GET", "http://h/?redirect=" + form_encode(GET + to_base64(EVENT))),
        TrackRequest("GET", GET + form_encode(json.dumps({"x": EVENT}))),
        TrackRequest("GET", GET + form_encode(json.dumps({"token": {"x": [TOKEN]}}))),
        TrackRequest("GET", GET + form_encode("{broken" + EVENT)),
    ],
    ids=["base64", "json", "form", "body", "parameter", "user", "referer", "link", "text", "inner",
         "broken"],
)  # fmt: skip
def test_a_token_is_found(request_: TrackRequest) -> None:
    assert found(request_) == {TOKEN}


def test_credentials_are_found_whole_and_in_their_parts() -> None:
    packed = base64.b64encode(b"account:password").decode()
    header = ("Authorization", f"Basic {packed}")
    assert found(TrackRequest("GET", "http://h/", (header,))) == {
        f"Basic {packed}", packed, "account", "password",
    }  # fmt: skip


def test_an_answer_s_cookies_and_tokens_are_found() -> None:
    reply = Reply(200, (("Set-Cookie", "session=1234"),), b'{"token": "abcdef"}')
    assert found(TrackRequest("GET", "http://h/"), reply) == {"session=1234", "abcdef"}


def test_short_values_and_the_protocol_s_words_are_not_looked_for_elsewhere() -> None:
    for value in ('"short"', '"import"', "12345678", "true", "null", '""'):
        text = f'{{"event":"a","properties":{{"token":{value}}}}}'
        assert found(TrackRequest("GET", GET + form_encode(text))) == set()


def test_a_text_is_a_payload_only_where_it_is_an_object_or_a_list() -> None:
    assert payload_in(EVENT) == (EVENT, False, json.loads(EVENT))
    assert payload_in(to_base64(EVENT)) == (EVENT, True, json.loads(EVENT))
    for text in ("example of a text", '"a string in quotes"', "[broken, json]", "{}", "eyJ"):
        assert payload_in(text) is None
