from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.literal import UNKNOWN, LiteralReader, NotLiteralError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip


def _value(text: str, *, python: bool) -> Any:
    return LiteralReader(text, 0, python=python).value(0)


@given(VALUES)
def test_what_python_writes_is_read_back(value: Any) -> None:
    assert _value(repr(value), python=True) == value


@given(VALUES)
def test_what_json_writes_is_read_back_as_javascript(value: Any) -> None:
    assert _value(json.dumps(value), python=False) == value


@given(st.binary())
def test_bytes_are_read_back(value: bytes) -> None:
    assert _value(repr(value), python=True) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a' 'b'", "ab"),
        ("'a' + \"b\"", "ab"),
        ("('a'\n  # note\n  'b')", "ab"),
        ("b'a' b'b'", b"ab"),
        ("r'\\n'", "\\n"),
        ("'''a\n'b'''", "a\n'b"),
        ("'\\q\\\n'", "\\q"),
        ("{'a': 1,}", {"a": 1}),
        ("(1, 2)", [1, 2]),
        ("(1,)", [1]),
        ("'é'.encode('utf-8')", "é".encode()),
        ("json.dumps({'a': None})", '{"a": null}'),
        ("base64.b64encode(b'a').decode()", "YQ=="),
        ("urlencode({'a': 'b c', 'd': 1})", "a=b+c&d=1"),
    ],
)
def test_python_is_read_without_running_it(text: str, value: Any) -> None:
    assert _value(text, python=True) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, 'b': [true, null,], }", {"a": 1, "b": [True, None]}),
        ("`a\n'b'`", "a\n'b'"),
        ("'\\q\\x41\\u{1F600}\\ud83d\\ude00'", "qA😀😀"),
        ("/* x */ 'a' // y\n + 'b'", "ab"),
        ("JSON.stringify({a: 'é'})", '{"a":"é"}'),
        ("JSON.stringify({a: 1}, null, 2)", '{"a":1}'),
        ("new URLSearchParams({a: 'b&c'})", "a=b%26c"),
        ("new URLSearchParams({a: 'b'}).toString()", "a=b"),
        ("btoa(JSON.stringify([1]))", "WzFd"),
        ("encodeURIComponent('a b')", "a%20b"),
        ("new TextEncoder().encode('é')", "é".encode()),
        ("Uint8Array.from(atob('/w=='), (each) => each.charCodeAt(0))", b"\xff"),
    ],
)
def test_javascript_is_read_without_running_it(text: str, value: Any) -> None:
    assert _value(text, python=False) == value


@pytest.mark.parametrize("text", ["name", "f(1)", "'a", "{a", "[1", "`${x}`", "'a' + b", "", "-"])
def test_what_only_running_would_tell_is_no_literal(text: str) -> None:
    with pytest.raises(NotLiteralError):
        _value(text, python=False)


def test_nesting_is_bounded() -> None:
    with pytest.raises(NotLiteralError):
        _value("[" * 100_000, python=True)


def test_arguments_beside_an_unknown_one_are_read() -> None:
    reader = LiteralReader("url, f(')', [1]), 2, a='b', c=d[0])!", 0, python=True)
    assert reader.arguments() == ([UNKNOWN, UNKNOWN, 2], {"a": "b", "c": UNKNOWN})
    assert reader.text[reader.place] == "!"


def test_a_computed_member_does_not_spoil_the_others() -> None:
    reader = LiteralReader("{a: x.y(1, {b: 2}), c: 3, ...rest})", 0, python=False)
    assert reader.arguments() == ([UNKNOWN], {})
    reader = LiteralReader("{a: x.y(1, {b: 2}), c: 3})", 0, python=False)
    assert reader.arguments() == ([{"a": UNKNOWN, "c": 3}], {})
