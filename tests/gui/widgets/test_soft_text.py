"""Tests of the text that is broken softly for display."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from trackscope.gui.widgets.soft_text import CHUNK, WHOLE_MAX, SoftText, visible

LINES = st.text("ab\n", max_size=40)
LONG = st.integers(0, 3 * WHOLE_MAX).map(lambda length: "x" * length)
TEXTS = st.lists(st.one_of(LINES, LONG), max_size=4).map("".join)


def check(soft: SoftText) -> None:
    """The chunks make up the text, none is too long, and only lines end with a newline."""
    parts = []
    for chunk in range(soft.chunk_count):
        part = soft.text[soft.start(chunk) : soft.end(chunk)]
        assert "\n" not in part
        assert len(part) <= WHOLE_MAX
        is_last = chunk == soft.chunk_count - 1
        parts.append(part + ("" if is_last or soft.is_soft(chunk) else "\n"))
        assert chunk == soft.chunk_at(soft.start(chunk))
    assert "".join(parts) == soft.text


@given(TEXTS, st.data())
def test_any_replacement_gives_the_same_as_on_a_string(text: str, data: st.DataObject) -> None:
    soft = SoftText()
    soft.replace(0, 0, text)
    check(soft)
    for _ in range(3):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        new = data.draw(TEXTS)
        text = text[:start] + new + text[end:]
        count = soft.chunk_count
        patch = soft.replace(start, end, new)
        assert soft.text == text
        assert soft.chunk_count == count - patch.removed + patch.added
        check(soft)


def test_a_line_up_to_the_limit_stays_whole() -> None:
    soft = SoftText()
    soft.replace(0, 0, "x" * WHOLE_MAX)
    assert soft.chunk_count == 1
    soft.replace(0, 0, "x")
    assert soft.chunk_count == 3
    assert soft.end(0) == CHUNK
    soft.replace(0, 1, "")
    assert soft.chunk_count == 1


@given(st.text())
def test_stand_ins_keep_every_offset(text: str) -> None:
    shown = visible(text, is_single_line=True)
    assert len(shown) == len(text)
    assert "\n" not in shown
    assert not any("\u202a" <= character <= "\u202e" for character in shown)
