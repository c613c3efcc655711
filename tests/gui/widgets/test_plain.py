"""Tests of the one safe formatter."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from trackscope.gui.widgets.plain import plain, plain_tooltip


@given(st.text(st.characters()), st.integers(1, 50))
def test_it_is_short_and_shows_all_it_has(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert not any(0xD800 <= ord(each) < 0xE000 for each in shown)
    assert not any(ord(each) < 0x20 or 0x202A <= ord(each) <= 0x202E for each in shown)


def test_what_is_hidden_is_named() -> None:
    assert plain("a\x00b\u200bc\ud800\nd") == "a⟨0000⟩b⟨200B⟩c⟨D800⟩↵d"


def test_words_stay_as_they_are() -> None:
    assert plain("Zażółć 日本 😀 <b>&lt;") == "Zażółć 日本 😀 <b>&lt;"
    assert plain(7) == "7"


def test_a_tool_tip_shows_markup_as_text() -> None:
    assert plain_tooltip("<img src=x>") == "<qt>&lt;img src=x&gt;</qt>"
    assert plain_tooltip("") == ""
