"""Tests of the one style sheet."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from trackscope.gui.theme.roles import DARK, LIGHT, Roles
from trackscope.gui.theme.sheet import SHEET, drawings_of, sheet_of


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
def test_it_has_no_colour_but_the_roles(roles: Roles) -> None:
    assert not re.search(r"#[0-9a-fA-F]{6}\b", SHEET)
    named = set(re.findall(r"#[0-9A-F]{6}\b", sheet_of(roles)))
    assert named <= set(asdict(roles).values())


def test_nothing_is_left_to_fill_in() -> None:
    assert not re.search(r"[$@]|\du\b", sheet_of(LIGHT))


def test_zoom_scales_lengths_but_not_hairlines() -> None:
    sheet = sheet_of(LIGHT, 1.5)
    assert "min-height: 39px" in sheet
    assert "border: 1px solid" in sheet


def test_every_drawing_it_names_is_given() -> None:
    files = {name for _, _, name in drawings_of(DARK)}
    assert files == set(re.findall(r"theme:([\w.-]+)", sheet_of(DARK)))
