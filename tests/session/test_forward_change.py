"""The lines that switch forwarding: what is asked for comes back, anything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.collector.change import MAX_LINE, Change, write_change
from trackscope.errors import UsageError
from trackscope.session.forward_change import (
    Answer,
    is_forward,
    read_answer,
    read_forward,
    write_answer,
    write_forward,
)
from trackscope.session.forwarding import ForwardSettings

texts = st.text(st.characters(codec="utf-8"), max_size=20)
settings = st.builds(
    ForwardSettings,
    texts,
    st.dictionaries(texts, texts, max_size=4),
    st.frozensets(texts, max_size=4),
    st.booleans(),
    st.booleans(),
)


@given(st.none() | settings)
def test_what_is_asked_for_is_read_as_it_was_meant(asked: ForwardSettings | None) -> None:
    line = write_forward(asked)
    assert is_forward(line)
    assert line.count(b"\n") == 1
    assert read_forward(line) == asked


@given(st.builds(Answer, st.none() | settings, texts))
def test_an_answer_is_one_line_that_is_read_as_it_was_meant(answer: Answer) -> None:
    line = write_answer(answer)
    assert "\n" not in line
    assert read_answer(line) == answer


def test_other_lines_are_none_of_these() -> None:
    assert not is_forward(write_change(Change(1, strict=True)))
    assert read_answer("listening on http://127.0.0.1:8700") is None
    assert read_answer("forwarding to nowhere") is None
    assert read_answer('forwarding {"forward":{"target":1},"error":""}') is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"forward":1}',
        b'{"forward":{"target":"a"}}',
        b'{"forward":{"target":"a","tokens":[],"only":[],"accepted":true,"again":true}}',
        b'{"forward":{"target":"a","tokens":{"a":1},"only":[],"accepted":true,"again":true}}',
        b'{"forward":{"target":"a","tokens":{},"only":"a","accepted":true,"again":true}}',
        b'{"forward":null}' + b" " * MAX_LINE,
    ],
)
def test_a_line_that_nobody_wrote_is_refused(line: bytes) -> None:
    with pytest.raises(UsageError, match="does not say"):
        read_forward(line)


def test_more_than_a_line_can_hold_is_refused_before_it_is_sent() -> None:
    with pytest.raises(UsageError, match="too many"):
        write_forward(ForwardSettings("a", only=frozenset(map(str, range(20_000)))))
