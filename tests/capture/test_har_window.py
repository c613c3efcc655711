from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture import har_window
from trackscope.capture.har_window import MAX_LEVELS, ValueEnd, Window, parsed, value_at

CONTAINERS = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
).filter(lambda value: isinstance(value, (list, dict, str)))


def window_over(content: bytes, step: int = 1 << 20) -> Window:
    file = BytesIO(content)
    window = Window(lambda length: file.read(min(length, step)))
    window.grow()
    return window


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_window, "CHUNK", 3)


@given(CONTAINERS, st.booleans(), st.integers(1, 20))
def test_the_end_of_a_value_is_found_in_whatever_pieces_it_comes(
    value: Any, is_ascii: bool, step: int
) -> None:
    content = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(har_window, "CHUNK", step)
        window = window_over(content + b', {"next": 1}]', step)
        assert ValueEnd().within(window, 1 << 20) == len(content)
        assert ValueEnd().pass_by(window)
        assert window.offset == len(content)
    assert value_at(b"xy" + content + b"]}", 2) == content


@pytest.mark.parametrize("content", [b'{"a": [1', b'"abc', b'"abc\\', b'{"a": "}]\\"'])
def test_what_does_not_end_has_no_end(content: bytes) -> None:
    assert ValueEnd().within(window_over(content), 1 << 20) == -1
    assert not ValueEnd().pass_by(window_over(content))
    assert value_at(content, 0) == b""


@pytest.mark.usefixtures("small_chunks")
def test_a_value_over_the_limit_is_not_held_but_passed_by() -> None:
    content = b'{"a": "' + b"x\\\\" * 5_000 + b'"}'
    window = window_over(content + b" ]")
    assert ValueEnd().within(window, 1000) == -1
    assert ValueEnd().pass_by(window)
    assert window.offset == len(content)
    assert window.held < 10_000


@pytest.mark.usefixtures("small_chunks")
def test_an_endless_number_is_not_held() -> None:
    window = window_over(b'{"a": ' + b"9" * 5_000 + b"}]")
    assert ValueEnd().pass_by(window)
    assert window.skip(re.compile(b"")) == ord("]")
    assert len(window.data) < 100


def test_nesting_has_a_limit() -> None:
    end = ValueEnd()
    assert end.within(window_over(b"[" * (MAX_LEVELS + 1)), 1 << 20) == -1
    assert end.is_too_deep


@pytest.mark.usefixtures("small_chunks")
def test_a_window_counts_what_it_forgot() -> None:
    window = window_over(b"0123456789")
    window.place = 2
    assert window.fill(5)
    assert (window.offset, window.data[window.place : window.place + 5]) == (2, b"23456")
    assert window.find(b"89", 100) == 6
    assert window.find(b"no", 100) == -1
    assert window.skip(re.compile(rb"\d*")) == -1
    assert (window.offset, window.has_ended) == (10, True)


@given(CONTAINERS)
def test_what_the_fast_parser_reads_is_read_as_by_the_other(value: Any) -> None:
    content = json.dumps(value)
    try:
        expected = orjson.loads(content)
    except orjson.JSONDecodeError:  # halves of pairs
        expected = value
    assert parsed(content.encode()) == expected == value


def test_what_the_fast_parser_refuses_is_read_leniently() -> None:
    content = b'["\xff", "\\ud83d", "\t", Infinity]'
    assert parsed(content) == ["\udcff", "\ud83d", "\t", float("inf")]


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1,}', b"[" * 100_000 + b"]" * 100_000])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the parsers' own words)
        parsed(content)
