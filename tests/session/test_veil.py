"""Secrets are replaced in whatever spelling they stand in a text."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.session.masking import Masking
from trackscope.session.veil import Veil
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import form_decode

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
VEIL = Veil(Masking(), {TOKEN: "e3bc…dc"})


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(4))
def test_a_secret_within_base64_is_replaced_at_every_alignment(before: int, after: int) -> None:
    raw = b"x" * before + TOKEN.encode() + b"y" * after
    for packed in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        hidden = VEIL.plain(f"say {packed.decode()}")
        assert "e3bc…dc" in hidden
        # Of the characters around it, those that it decides alone are gone.
        assert base64.b64encode(raw).decode()[4:-4] not in hidden
        assert len(hidden) <= len("say e3bc…dc") + 4 + 8


@pytest.mark.parametrize(
    "spelling",
    [
        TOKEN,
        TOKEN.upper(),
        base64.b64encode(TOKEN.upper().encode()).decode()[:42],
        TOKEN.encode().hex(),
        TOKEN.encode().hex().upper(),
        "".join(f"%{byte:02x}" for byte in TOKEN.encode()),
        quote("".join(f"%{byte:02X}" for byte in TOKEN.encode())),
    ],
    ids=["plain", "capitals", "capitals in Base64", "hex", "upper hex", "percent", "twice"],
)
def test_a_secret_is_replaced_in_every_spelling(spelling: str) -> None:
    assert VEIL.plain(f"a {spelling} b") == "a e3bc…dc b"


@given(st.text(), st.text())
def test_what_holds_no_secret_stays_exactly_as_it_is(before: str, after: str) -> None:
    text = f"{before}http://h/?a={after}"
    assert VEIL.text(text) == text
    assert VEIL.text(f"{before}{TOKEN}{after}").count(TOKEN) == 0


def test_the_longest_of_secrets_that_begin_alike_is_replaced() -> None:
    veil = Veil(Masking(), {"secret": "1", "secretly": "2"})
    assert veil.plain("secretly, secret") == "2, 1"


def test_json_keeps_everything_but_what_is_hidden() -> None:
    text = f'{{ "a" : 1.50, "token":"{TOKEN}","token" : 12, "n":NaN, "l":["x {TOKEN}"] }}'
    assert VEIL.json(text) == (
        '{ "a" : 1.50, "token":"e3bc…dc","token" : "…", "n":NaN, "l":["x e3bc…dc"] }'
    )
    assert VEIL.json("{broken") is None


def test_what_stands_within_a_hidden_value_is_hidden_too() -> None:
    text = '{"token":{"a":[1,"b",null,true]},"b":2}'
    assert VEIL.json(text) == '{"token":{"a":["…","…",null,"…"]},"b":2}'


def test_a_key_that_is_a_secret_is_replaced() -> None:
    assert VEIL.json(f'{{"{TOKEN}":{{"x":1}}}}') == '{"e3bc…dc":{"x":1}}'


def test_payloads_within_texts_are_rewritten_in_their_own_form() -> None:
    inner = '{"event":"a","properties":{"token":"another-token-of-this"}}'
    hidden = VEIL.json(inner)
    assert hidden is not None
    assert json.loads(hidden)["properties"]["token"] == "anot…is"
    assert VEIL.text(inner) == hidden
    assert VEIL.text(to_base64(inner)) == to_base64(hidden)
    link = VEIL.text(f"see http://h/track/?data={to_base64(inner)}&ip=1")
    assert form_decode(link) == f"see http://h/track/?data={to_base64(hidden)}&ip=1"


def test_what_is_packed_too_often_is_hidden_whole() -> None:
    text = json.dumps({"token": TOKEN})
    for _ in range(6):
        text = json.dumps({"a": text})
    hidden = VEIL.text(text)
    assert TOKEN not in hidden
    assert "…" in hidden


def test_data_is_encoded_anew_with_its_padding() -> None:
    payload = f'{{"event":"a","properties":{{"token":"{TOKEN}"}}}}'
    hidden = VEIL.data(to_base64(payload).rstrip("="))
    assert hidden == to_base64(payload.replace(TOKEN, "e3bc…dc"))
    assert VEIL.data(payload) == payload.replace(TOKEN, "e3bc…dc")
    assert VEIL.data("hello") is None
    assert VEIL.data(" ") == " "
    assert VEIL.data("e30") == "e30"
