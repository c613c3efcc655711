"""Tests that every colour can be told from what it lies on."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from trackscope.gui.theme.roles import DARK, LIGHT, Roles

GROUNDS = ("canvas", "surface", "sunken", "selection", "selection_idle")
STATES = ("success", "danger", "attention", "info")
SYNTAX = ("key", "string", "number", "literal", "punctuation")
TEXT_PAIRS = [
    *((text, ground) for text in ("text", "muted") for ground in GROUNDS),
    *(("text", f"{state}_bg") for state in STATES),
    *((state, f"{state}_bg") for state in STATES),
    *((state, ground) for state in STATES for ground in ("canvas", "surface")),
    *((token, ground) for token in SYNTAX for ground in ("canvas", "surface", "selection")),
    ("accent", "surface"),
    ("accent", "canvas"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("canvas", "text"),
]
OUTLINE_PAIRS = [
    (line, ground)
    for line in ("border_strong", "accent", "danger")
    for ground in ("canvas", "surface")
]


def luminance(colour: str) -> float:
    """WCAG 2.1's relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(roles: Roles, text: str, ground: str) -> None:
    assert contrast(getattr(roles, text), getattr(roles, ground)) >= 4.5


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), OUTLINE_PAIRS)
def test_outlines_can_be_seen(roles: Roles, line: str, ground: str) -> None:
    assert contrast(getattr(roles, line), getattr(roles, ground)) >= 3


def test_every_role_is_a_colour() -> None:
    for roles in (LIGHT, DARK):
        for colour in asdict(roles).values():
            assert len(colour) == 7
            assert 0 <= int(colour[1:], 16) <= 0xFFFFFF
