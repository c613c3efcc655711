"""Tests of the colours of data."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from trackscope.gui.widgets.syntax import SYNTAX, base64_spans, http_spans, json_spans

LINE = '{"key \\" x": "a \\\\", "n": -1.5e3, "t": true, "l": [null]}'


def roles(text: str, start: int, end: int) -> list[str]:
    result = [""] * len(text)
    for low, high, role in json_spans(text, start, end, 0):
        result[low:high] = [role] * (high - low)
    return result


def test_json_has_its_five_kinds_of_tokens() -> None:
    found = {(LINE[low:high], role) for low, high, role in json_spans(LINE, 0, len(LINE), 0)}
    assert ('"key \\" x"', "key") in found
    assert ('"a \\\\"', "string") in found
    assert ("-1.5e3", "number") in found
    assert {("true", "literal"), ("null", "literal"), ("{", "punctuation")} <= found


@pytest.mark.parametrize("place", range(1, len(LINE)))
def test_a_soft_break_anywhere_changes_no_colour(place: int) -> None:
    whole = roles(LINE, 0, len(LINE))
    first = roles(LINE, 0, place)[:place]
    assert first + roles(LINE, place, len(LINE))[place:] == whole


@pytest.mark.parametrize("language", sorted(SYNTAX))
@given(st.text('{}[]":\\ a1\n=', max_size=30), st.data())
def test_spans_lie_in_order_within_the_stretch(
    language: str, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = start
    for low, high, _role in SYNTAX[language](text, start, end, text.rfind("\n", 0, start) + 1):
        assert at <= low < high <= end
        at = high


def test_header_names_are_coloured_up_to_the_body() -> None:
    text = "HTTP/1.1 200 OK\nContent-Length: 1\n\nA: 1"
    assert list(http_spans(text, 16, 33, 16)) == [(16, 30, "key"), (30, 31, "punctuation")]
    assert list(http_spans(text, 35, 39, 35)) == []


def test_padding_is_set_off() -> None:
    assert list(base64_spans("QQ==", 0, 4, 0)) == [(2, 4, "punctuation")]
