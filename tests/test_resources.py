"""Bundled files are found in a checkout, a wheel and a frozen build."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trackscope import resources
from trackscope.errors import TrackscopeError


def test_a_file_of_the_checkout_is_found() -> None:
    assert resources.find("icons/send.svg").read_text(encoding="utf-8").count("<svg") == 1


def test_a_file_of_the_wheel_goes_before_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = tmp_path / "trackscope" / "_resources" / "icons" / "send.svg"
    bundled.parent.mkdir(parents=True)
    bundled.touch()
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "trackscope" / "resources.py"))
    assert resources.find("icons/send.svg") == bundled


def test_a_file_of_the_frozen_build_goes_before_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = tmp_path / "trackscope" / "_resources" / "icons" / "send.svg"
    bundled.parent.mkdir(parents=True)
    bundled.touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.find("icons/send.svg") == bundled


def test_a_file_that_is_nowhere_is_named_with_what_to_do() -> None:
    with pytest.raises(TrackscopeError, match=r"icons/none\.svg is missing from") as caught:
        resources.find("icons/none.svg")
    assert caught.value.next_step == "Install Trackscope again: the installation is incomplete."


@pytest.mark.parametrize(
    "name",
    [
        "fonts/Inter-Regular.otf",
        "fonts/Inter-SemiBold.otf",
        "fonts/JetBrainsMono-Regular.ttf",
        "fonts/JetBrainsMono-SemiBold.ttf",
        "fonts/OFL-Inter.txt",
        "fonts/OFL-JetBrainsMono.txt",
        "icons/LICENSE-lucide.txt",
        "icons/trackscope.svg",
    ],
)
def test_fonts_and_icons_are_bundled_with_their_licences(name: str) -> None:
    assert resources.find(name).stat().st_size > 0
