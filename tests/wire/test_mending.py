from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ending import ends
from tests.wire.json_values import CONTAINERS, texts

from trackscope.wire.json_text import parse
from trackscope.wire.mending import MAX_MENDED, mended


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"event": "a",}', {"event": "a"}),
        ("[1, 2, ]", [1, 2]),
        ("{'event': 'a'}", {"event": "a"}),
        ("{'event': True, 'n': None}", {"event": True, "n": None}),
        ('{"event": True, "n": undefined}', {"event": True, "n": None}),
        ('{event: "a"}', {"event": "a"}),
        ('{"event": "a"', {"event": "a"}),
        ('[{"event": "a"', [{"event": "a"}]),
        ('{"event": "a', {"event": "a"}),
        ('{"a": [1, 2', {"a": [1, 2]}),
        ('{"event": "a"} ', {"event": "a"}),
        ('{"event": "a"}}', {"event": "a"}),
        ('{"event": "a"};', {"event": "a"}),
        ('{"event": "a"} {"event": "b"}', {"event": "a"}),
        ('{"a": {"b": 1,},}', {"a": {"b": 1}}),
        ('{"a": "x, ]", }', {"a": "x, ]"}),
        ("{u'event': u'a'}", {"event": "a"}),
        ("""{'say': 'the "game"', 'it\\'s': 1}""", {"say": 'the "game"', "it's": 1}),
        (r"{'a': '\x41\U0001f600\n', 'half': '\U0000d83d'}", {"a": "A😀\n", "half": "\ud83d"}),
        ('{"a": "two\nlines\tand a tab"}', {"a": "two\nlines\tand a tab"}),
        ('{"event": "a\\', {"event": "a"}),
    ],
)
def test_what_was_nearly_json_is_mended(text: str, value: object) -> None:
    result = mended(text)
    assert result is not None
    assert json.loads(result) == value


@pytest.mark.parametrize("text", ["", "hello, world", "}", "{]", '{"a": }', "{" * 300, "<html>"])
def test_what_cannot_be_told_is_left(text: str) -> None:
    assert mended(text) is None


@given(texts(CONTAINERS))
def test_what_is_json_stays_as_it_is(text: str) -> None:
    assert mended(text) == text


@given(texts(CONTAINERS), st.integers(0, 10**6))
def test_json_that_was_cut_off_becomes_json_or_is_left(text: str, seed: int) -> None:
    result = mended(text[: seed % (len(text) + 1)])
    assert result is None or parse(result).defect is None


@given(st.text("{}[]\",:'\\u012aeE+-. \nTrueNoneundefi", max_size=30))
def test_mending_never_raises(text: str) -> None:
    result = mended(text)
    assert result is None or parse(result).defect is None


@pytest.mark.parametrize(
    "text",
    ["{" * 200_000, '{"a": ' + "(" * 200_000, '"' + "\\" * 200_000, "-" * 200_000, "a " * 130_000],
    ids=["braces", "parentheses", "backslashes", "minus", "words"],
)
def test_long_garbage_is_given_up_in_bounded_time(text: str) -> None:
    with ends():
        mended(text)


def test_a_text_beyond_the_limit_is_not_tried() -> None:
    assert mended("[1,]" + " " * MAX_MENDED) is None
