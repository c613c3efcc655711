"""Stray blanks and invisible characters are made visible, and nothing else is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.gui.widgets.soft_text import SPECIAL
from trackscope.gui.widgets.visible_text import visible_runs


def shown(text: str) -> str:
    return "".join(part for part, _ in visible_runs(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" pro", "␣pro"),
        ("pro  ", "pro␣␣"),
        ("a  b c", "a␣␣b c"),
        (" ", "␣"),
        ("a\tb\r\n", "a⇥b␍↵"),
        ("a\u00a0b", "a⟨00A0⟩b"),
        ("\u200bzero\u202egnp", "⟨200B⟩zero⟨202E⟩gnp"),
        ("half \ud83d", "half ⟨D83D⟩"),
        ("日本語 ü", "日本語 ü"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


@given(st.text(max_size=30))
def test_only_signs_stand_for_what_cannot_be_seen(text: str) -> None:
    kept = "".join(part for part, is_stray in visible_runs(text) if not is_stray)
    rest = iter(text)
    assert all(character in rest for character in kept)
    assert not SPECIAL.search(kept)
    assert kept == kept.strip(" ")


def test_a_long_value_is_cut() -> None:
    assert len(shown("x" * 10_000)) == 301
    assert shown("x" * 10_000).endswith("…")
