from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Callable
from random import Random
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ending import ends
from tests.wire.json_values import payload, texts, written

from trackscope.wire.encoding import (
    MAX_UNPACKED,
    Repair,
    decode_utf8,
    percent_decoded,
    raw_bytes,
    to_base64,
    to_bytes,
    unpack,
    unwrap,
)
from trackscope.wire.json_text import parse
from trackscope.wire.request import form_decode, form_encode

EVENT = '{"event":"größe>>>???","properties":{"token":"t"}}'
CODE = to_base64(EVENT)
PLUS_AND_SLASH = [place for place, character in enumerate(CODE) if character in "+/"]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _rules(data: str) -> list[tuple[str, int]]:
    return [(repair.rule, repair.count) for repair in unwrap(data).repairs]


@given(texts())
def test_any_json_comes_back_from_base64_character_by_character(text: str) -> None:
    assert base64.b64decode(to_base64(text), validate=True) == text.encode()
    if text[:1] not in '0123456789-"ntf':  # bare values may happen to be Base64 themselves
        assert unwrap(to_base64(text)).text == text
        assert unwrap(to_base64(text)).repairs == ()


@given(st.text(max_size=30))
def test_any_text_goes_through_base64_and_the_form(text: str) -> None:
    data = to_base64('{"a":"' + text)
    assert form_decode(form_encode(data)) == data
    assert unwrap(data).text == '{"a":"' + text
    assert form_decode(form_encode(text)) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [("e30=", "{}"), ("W10=", "[]"), ("eyJhIjoxfQ==", '{"a":1}'), ("eyJhIjoxMn0=", '{"a":12}')],
)
def test_what_follows_the_alphabet_and_is_padded_needs_no_repair(data: str, text: str) -> None:
    found = unwrap(data)
    assert (found.text, found.repairs, found.defect, found.is_direct) == (text, (), None, True)


@pytest.mark.parametrize(
    ("data", "rule", "offset"),
    [
        ("QUJD====", "data.padding", 4),
        ("QUJD=", "data.padding", 4),
        ("e30==", "data.padding", 4),
        ("e3=0", "data.padding", 2),
        ("e30=e30=", "data.padding", 3),
        ("=e30", "data.padding", 0),
        ("e30=x", "data.padding", 3),
        ("eyJhI", "data.padding", 5),
        ("eyJhIjoxf", "data.padding", 9),
        ("e30*", "data.alphabet", 3),
        ("e30é", "data.alphabet", 3),
        ("hello, world", "data.alphabet", 5),
        ("e3\x000", "data.alphabet", 2),
        ("e3%0", "data.alphabet", 2),
        ("e３0", "data.alphabet", 1),
        ("e30=\udcff", "data.padding", 3),
        ("\udcff", "data.alphabet", 0),
    ],
)
def test_what_is_no_base64_is_refused_at_its_place(data: str, rule: str, offset: int) -> None:
    found = unwrap(data)
    assert found.text is None
    assert found.defect is not None
    assert (found.defect.rule, found.defect.offset) == (rule, offset)
    found.defect.message.encode("utf-8")  # a sentence that can be printed


@pytest.mark.parametrize(
    ("data", "offset"), [("e30\nA*BC", 5), ("\te\n30*A", 5), ("  e30A*BC", 6), ("e-30\nA**C", 6)]
)
def test_a_defect_keeps_its_place_behind_what_was_removed(data: str, offset: int) -> None:
    found = unwrap(data)
    assert found.defect is not None
    assert (found.defect.rule, found.defect.offset) == ("data.alphabet", offset)


@pytest.mark.parametrize(
    ("data", "repairs"),
    [
        (CODE.rstrip("="), [Repair("data.padding", CODE.count("="), len(CODE.rstrip("=")))]),
        (
            CODE.replace("+", "-").replace("/", "_"),
            [Repair("data.url-safe", len(PLUS_AND_SLASH), PLUS_AND_SLASH[0])],
        ),
        (CODE.replace("+", " "), [Repair("data.space", CODE.count("+"), CODE.find("+"))]),
        (f" {CODE}", [Repair("data.whitespace", 1, 0)]),
        (f"{CODE} ", [Repair("data.whitespace", 1, len(CODE))]),
        (f"\r\n{CODE}\r\n", [Repair("data.whitespace", 4, 0)]),
        (f"{CODE[:20]}\n{CODE[20:]}", [Repair("data.whitespace", 1, 20)]),
        (f"{CODE[:20]}\r\n{CODE[20:]}\r\n", [Repair("data.whitespace", 4, 20)]),
        (quote(CODE, safe=""), [Repair("data.double-encoded", 1)]),
        (quote(quote(CODE, safe=""), safe=""), [Repair("data.double-encoded", 2)]),
        (to_base64(CODE), [Repair("data.nested", 1)]),
        (to_base64(to_base64(to_base64(CODE))), [Repair("data.nested", 3)]),
        (EVENT, [Repair("data.raw-json", 1, 0)]),
        (_base64(gzip.compress(EVENT.encode())), [Repair("data.gzip", 1)]),
    ],
)
def test_every_repair_is_named_counted_and_placed(data: str, repairs: list[Repair]) -> None:
    assert "+" in CODE
    assert "=" in CODE
    assert unwrap(data).text == EVENT
    assert list(unwrap(data).repairs) == repairs


def test_lines_that_were_wrapped_and_indented_lose_their_blanks() -> None:
    code = to_base64('{"event": "something longer", "properties": {}}')
    data = "".join(f"    {code[at : at + 16]}\n" for at in range(0, len(code), 16))
    assert unwrap(data).text == '{"event": "something longer", "properties": {}}'
    assert {rule for rule, _ in _rules(data)} == {"data.whitespace"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n    ", "\n\t", "\n  \n  "])
@pytest.mark.parametrize("width", [7, 16, 40])
def test_plus_signs_that_became_blanks_survive_wrapped_lines(end: str, width: int) -> None:
    data = CODE.replace("+", " ")
    wrapped = end.join(data[at : at + width] for at in range(0, len(data), width))
    assert unwrap(wrapped).text == EVENT


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n    "])
def test_an_escape_that_a_line_break_split_is_put_together(end: str) -> None:
    data = quote(CODE, safe="")
    for at in range(1, len(data)):
        found = unwrap(data[:at] + end + data[at:])
        assert found.text == EVENT
        assert {"data.whitespace", "data.double-encoded"} == {each.rule for each in found.repairs}


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_percent_encoded_json_within_base64_is_read(layers: int) -> None:
    data = to_base64(quote(EVENT, safe=""))
    for _ in range(layers):
        data = to_base64(data)
    found = unwrap(data)
    assert (found.text, found.is_direct) == (EVENT, False)
    expected = [("data.double-encoded", 1), ("data.nested", layers)]
    assert _rules(data) == expected[: 1 + bool(layers)]


def test_the_same_repair_in_several_layers_is_told_once() -> None:
    inner = quote(CODE.rstrip("="), safe="")
    data = quote(to_base64(inner), safe="")
    assert unwrap(data).text == EVENT
    assert _rules(data) == [("data.double-encoded", 2), ("data.padding", 2), ("data.nested", 1)]


def test_blanks_within_one_line_were_plus_signs() -> None:
    assert _rules("eyJhIjoi8J+YgH4 In0=".replace("+", " ")) == [("data.space", 2)]


def test_layers_beyond_the_limit_are_left() -> None:
    data = EVENT
    for _ in range(7):
        data = to_base64(data)
    found = unwrap(data)
    assert found.text is None or found.text != EVENT
    assert _rules(data) == []


def test_a_percent_sign_in_readable_json_is_content() -> None:
    found = unwrap('{"a":"100%25"}')
    assert found.text == '{"a":"100%25"}'
    assert not found.is_base64


def test_json_encoded_twice_as_a_form_gets_its_spaces_back() -> None:
    assert unwrap("%7B%22a%22%3A+%22b%2Bc%22%7D").text == '{"a": "b+c"}'


@pytest.mark.parametrize("data", ["aGVsbG8=", "MTIz", "dHJ1ZQ=="])
def test_base64_of_a_short_word_is_not_peeled_further(data: str) -> None:
    assert unwrap(data).text == base64.b64decode(data).decode()


def test_gzip_in_base64_is_no_place_for_offsets() -> None:
    assert not unwrap(_base64(gzip.compress(b"{}"))).is_direct


def test_gzip_that_is_cut_off_is_a_defect() -> None:
    found = unwrap(_base64(gzip.compress(EVENT.encode())[:-9]))
    assert found.defect is not None
    assert (found.defect.rule, found.defect.message) == ("data.gzip", "the gzip data is cut off")


def test_gzip_with_a_wrong_checksum_is_a_defect() -> None:
    packed = bytearray(gzip.compress(EVENT.encode()))
    packed[-5] ^= 255
    with pytest.raises(ValueError, match="damaged"):
        unpack(bytes(packed))


def test_a_gzip_bomb_is_stopped_at_the_limit() -> None:
    bomb = gzip.compress(bytes(4 * MAX_UNPACKED))
    with ends():
        found = unwrap(_base64(bomb))
    assert found.defect is not None
    assert found.defect.message == "unpacked, the payload is larger than 10 MB"
    assert unpack(gzip.compress(bytes(MAX_UNPACKED))) == bytes(MAX_UNPACKED)


@pytest.mark.parametrize(
    ("body", "offset", "word"),
    [
        (b"\xef\xbb\xbf{}", 0, "byte order mark"),
        ("{}".encode("utf-16"), 0, "UTF-16"),
        ("{}".encode("utf-16-le"), 0, "UTF-16"),
        ("{}".encode("utf-16-be"), 0, "UTF-16"),
        (b'{"a":"\xff"}', 6, "0xFF"),
        (b'{"a":"\xc3"}', 6, "0xC3"),
        (b'{"\xc3\xa9":"\xe9"}', 7, "byte 7"),
        (b'{"a":"\xed\xa0\xbd"}', 6, "lone surrogate"),
        (b'{"a":"\xed\xb8\x80"}', 6, "lone surrogate"),
        (b'{"a":"\xed\xb8\x80\xed\xa0\xbd"}', 6, "lone surrogate"),
        (b'{"\xf0\x9f\x98\x80":"\xed\xa0\xbd\xed\xb8\x80\xed\xa0\xbd"}', 15, "lone surrogate"),
    ],
)
def test_what_is_no_utf8_is_refused_at_its_byte(body: bytes, offset: int, word: str) -> None:
    text, _, defect = decode_utf8(body)
    assert text is None
    assert defect is not None
    assert (defect.rule, defect.offset) == ("data.utf8", offset)
    assert word in defect.message
    assert unwrap(_base64(body)).defect == defect


def test_pairs_of_three_bytes_are_joined_and_counted() -> None:
    body = '{"a":"\ud83d\ude00 and \ud83d\ude01"}'.encode("utf-8", "surrogatepass")
    found = unwrap(_base64(body))
    assert found.text == '{"a":"😀 and 😁"}'
    assert [(repair.rule, repair.count) for repair in found.repairs] == [("data.cesu8", 2)]


@given(st.text(st.characters(), max_size=20))
def test_texts_with_halves_of_pairs_have_bytes(text: str) -> None:
    assert to_bytes(text).decode("utf-8", "surrogatepass") == text


@given(st.binary(max_size=60))
def test_raw_bytes_gives_back_what_the_form_held(body: bytes) -> None:
    assert raw_bytes(form_decode(quote(body, safe=""))) == body


@given(st.text(st.characters(), max_size=60) | st.text("eyJhIW10+/-_= \n%2BD3", max_size=60))
def test_unwrap_never_raises_and_gives_a_text_or_a_defect(data: str) -> None:
    found = unwrap(data)
    assert (found.text is None) == (found.defect is not None)
    if found.defect is not None and found.defect.offset is not None:
        assert 0 <= found.defect.offset <= len(data)
    for repair in found.repairs:
        assert repair.count > 0
        assert repair.sentence
        assert repair.offset is None or 0 <= repair.offset <= len(data)


@pytest.mark.parametrize(
    "data",
    [" " * 2_000_000, "=" * 2_000_000, "%25" * 700_000, "e30 " * 500_000, "e30\n" * 500_000 + "*"],
    ids=["blanks", "equals", "percent", "spaces", "lines"],
)
def test_long_garbage_is_refused_in_bounded_time(data: str) -> None:
    with ends():
        unwrap(data)


# What happens to `data` on its way, each with the rule that names its repair.


def _wrapped(data: str, random: Random) -> str:
    width = random.choice([16, 60, 64, 72, 76])
    end = random.choice(["\n", "\r\n", "\n    ", "\n\t"])
    return end.join(data[at : at + width] for at in range(0, len(data), width))


def _cesu8(text: str) -> str:
    return re.sub(
        "[\U00010000-\U0010ffff]",
        lambda found: _pair(found.group()),
        text,
    )


def _pair(character: str) -> str:
    high, low = divmod(ord(character) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


DAMAGES: dict[str, Callable[[str, Random], str]] = {
    "data.space": lambda data, random: data.replace("+", " "),
    "data.padding": lambda data, random: data.rstrip("="),
    "data.url-safe": lambda data, random: data.replace("+", "-").replace("/", "_"),
    "data.whitespace": _wrapped,
    "data.double-encoded": lambda data, random: quote(data, safe=""),
    "data.nested": lambda data, random: to_base64(data),
}


def _damaged(text: str, random: Random) -> tuple[str, list[str]]:
    """The text as `data` after up to three damages; those that changed something, in order."""
    chosen = random.sample(["data.cesu8", *DAMAGES], random.randint(1, 3))
    applied = []
    if "data.cesu8" in chosen:
        if _cesu8(text) != text:
            applied.append("data.cesu8")
        text = _cesu8(text)
    data = to_base64(text)
    for rule in chosen:
        if rule in DAMAGES and (damaged := DAMAGES[rule](data, random)) != data:
            data = damaged
            applied.append(rule)
    return data, applied


def _failure(seed: int) -> str | None:
    random = Random(seed)
    value = payload(random)
    data, applied = _damaged(written(value, random), random)
    found = unwrap(data)
    if parse(found.text or "").value != value:
        return f"{seed}: {applied} was not undone: {found.defect}"
    missing = set(applied) - {repair.rule for repair in found.repairs}
    return f"{seed}: {sorted(missing)} is not named after {applied}" if missing else None


def test_what_happens_to_data_on_its_way_is_undone_and_named() -> None:
    failures = [failure for seed in range(2000) if (failure := _failure(seed))]
    assert len(failures) <= 20, "\n".join(failures)


@pytest.mark.parametrize("before", range(4))
def test_what_is_long_is_percent_decoded_as_what_is_short(before: int) -> None:
    text = "x" * before + "%25%C3%A9a%" * 30_000
    assert percent_decoded(text) == unquote(text)
