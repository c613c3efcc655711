from __future__ import annotations

import json
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.json_values import CONTAINERS, texts

from trackscope.wire.json_text import parse
from trackscope.wire.mending import MAX_MENDED, mended


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ('{"event": "a",}', '{"event": "a"}'),
        ('[{"event": "a"}, ]', '[{"event": "a"} ]'),
        ("{'event': 'a'}", '{"event": "a"}'),
        ("{u'event': u'a'}", '{"event": "a"}'),
        ("{'on': True, 'off': False, 'none': None}", '{"on": true, "off": false, "none": null}'),
        ('{"a": undefined}', '{"a": null}'),
        ('{event: "a"}', '{"event": "a"}'),
        ("""{'say': 'the "game"', 'it\\'s': 1}""", """{"say": "the \\"game\\"", "it's": 1}"""),
        (r"{'a': '\x41\U0001f600\n'}", r'{"a": "\u0041😀\n"}'),
        (r"{'half': '\U0000d83d'}", r'{"half": "\ud83d"}'),
        ('{"a": "two\nlines\tand a tab"}', r'{"a": "two\nlines\tand a tab"}'),
        ('{"event": "a"} and more', '{"event": "a"}'),
        ("[1, 2]]", "[1, 2]"),
        ('[{"event": "a"', '[{"event": "a"}]'),
        ('{"event": "a', '{"event": "a"}'),
        ('{"event": "a\\', '{"event": "a"}'),
        ('{"a": [1, 2,', '{"a": [1, 2]}'),
    ],
)
def test_what_was_nearly_json_becomes_what_was_meant(broken: str, meant: str) -> None:
    assert parse(broken).defect is not None
    assert mended(broken) == meant
    assert parse(meant).defect is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "nope", "hello world", '{"a" "b"}', '{"a":}', "{]", "\x00\x01", '"a'],
)
def test_where_the_meaning_cannot_be_told_nothing_is_guessed(text: str) -> None:
    assert mended(text) is None


@given(texts(CONTAINERS))
def test_good_json_stays_as_it_is(text: str) -> None:
    assert mended(text) == text


@given(CONTAINERS)
def test_a_python_value_that_was_printed_is_read(value: Any) -> None:
    text = mended(repr(value).replace("\\U0010", "\\U0000"))
    if text is not None and "\\U0010" not in repr(value) and "\\0" not in repr(value):
        assert json.loads(text) == value


@given(st.text() | st.text(alphabet="{}[]\"':,\\ntrue1 "))
def test_any_text_is_mended_to_json_or_not_at_all(text: str) -> None:
    result = mended(text)
    assert result is None or parse(result).defect is None


def test_json_that_was_cut_off_is_closed() -> None:
    random = Random(7)
    text = '[{"event": "game", "properties": {"token": "t", "list": [1, [true], {"a": null}]}}]'
    for _ in range(200):
        result = mended(text[: random.randrange(1, len(text))])
        assert result is None or isinstance(json.loads(result), list)


@pytest.mark.parametrize(
    "piece", ['"\\', "'\\", '\\"', "[{'", "[", '{"a":', " ", "a,", "x", "[1,", "-"]
)
def test_hostile_text_is_given_up_quickly(piece: str) -> None:
    text = "{" + piece * (MAX_MENDED // len(piece) - 1)
    started = time.monotonic()
    mended(text)
    assert time.monotonic() - started < 2


def test_text_beyond_the_limit_is_left_alone() -> None:
    assert mended('{"a":1,}' + " " * MAX_MENDED) is None
