"""What the window keeps between runs, and how it fits its screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter
from tests.gui.screen import Screen

from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.widgets.code_edit import CodeEdit

NEW = Callable[[], Screen]
SPLITTERS = ("columns", "results", "answers", "rows")


def sizes(screen: Screen) -> list[list[int]]:
    return [screen.part(QSplitter, f"{name}Splitter").sizes() for name in SPLITTERS]


async def test_size_and_panes_are_as_they_were(new_screen: NEW) -> None:
    async with new_screen() as first:
        first.window.resize(960, 730)  # no wider than the screen that tests have
        await first.settle()
        first.part(QSplitter, "columnsSplitter").setSizes([420, 540])
        first.part(QSplitter, "rowsSplitter").setSizes([380, 250])
        await first.settle()
        kept = first.window.size(), sizes(first)
    async with new_screen() as second:
        await second.settle()
        assert (second.window.size(), sizes(second)) == kept


async def test_the_place_of_the_answer_is_as_it_was(new_screen: NEW) -> None:
    async with new_screen() as first:
        first.press("Ctrl+\\")
        splitter = first.part(QSplitter, "resultsSplitter")
        assert splitter.orientation() is Qt.Orientation.Vertical
    async with new_screen() as second:
        splitter = second.part(QSplitter, "resultsSplitter")
        assert splitter.orientation() is Qt.Orientation.Vertical
        second.press("Ctrl+\\")
        assert splitter.orientation() is Qt.Orientation.Horizontal


async def test_colours_are_as_they_were(new_screen: NEW, theme: Theme) -> None:
    async with new_screen() as first:
        first.run("theme-dark")
        assert theme.is_dark
    theme.set_scheme(Scheme.LIGHT)
    async with new_screen() as second:
        assert theme.is_dark
        assert second.program.actions["theme-dark"].isChecked()
        assert not second.program.actions["theme-light"].isChecked()
        second.run("theme-system")


@pytest.mark.parametrize("scheme", ["theme-light", "theme-dark"])
async def test_the_window_changes_its_colours_while_it_is_open(screen: Screen, scheme: str) -> None:
    screen.run(scheme)
    shade = screen.window.grab().toImage().pixelColor(640, 40).lightness()
    assert (shade < 128) is (scheme == "theme-dark")
    screen.run("theme-system")


async def test_the_text_grows_and_shrinks_and_comes_back(screen: Screen, theme: Theme) -> None:
    editor = screen.see(CodeEdit, "JSON")
    normal = editor.fontMetrics().height()
    screen.press("Ctrl+=", "Ctrl+=")
    assert editor.fontMetrics().height() > normal
    screen.press("Ctrl+0")
    assert editor.fontMetrics().height() == normal
    screen.press("Ctrl+-")
    assert editor.fontMetrics().height() < normal
    for _ in range(12):
        screen.press("Ctrl+-")
    assert theme.zoom == pytest.approx(0.8)
    for _ in range(12):
        screen.press("Ctrl+=")
    assert theme.zoom == pytest.approx(1.5)
    screen.press("Ctrl+0")


async def test_strict_is_as_it_was(new_screen: NEW) -> None:
    async with new_screen() as first:
        first.run("strict")
        assert first.program.composer.book.is_strict
    async with new_screen() as second:
        assert second.program.actions["strict"].isChecked()
        assert second.program.composer.book.is_strict


async def test_a_narrow_window_has_the_answer_under_the_payload(screen: Screen) -> None:
    splitter = screen.part(QSplitter, "resultsSplitter")
    assert splitter.orientation() is Qt.Orientation.Horizontal
    screen.window.resize(1000, 700)
    await screen.settle()
    assert splitter.orientation() is Qt.Orientation.Vertical
    screen.window.resize(1280, 800)
    await screen.settle()
    assert splitter.orientation() is Qt.Orientation.Horizontal


async def test_the_window_fits_a_small_screen(screen: Screen) -> None:
    screen.window.resize(1, 1)
    assert (screen.window.width(), screen.window.height()) == (960, 600)


async def test_nonsense_in_the_settings_is_as_if_there_were_none(new_screen: NEW) -> None:
    first = new_screen()
    (first.folder / "window.ini").write_bytes(
        b"[General]\nzoom=@Invalid()\ntheme=\xff\xfe\nstrict=@ByteArray(\n"
        b"[window]\ngeometry=@ByteArray(\\0\\x1\\x2)\n[compose]\nrows=nonsense\n[targets]\nrecent=5\n"
    )
    async with first:
        assert first.window.width() >= 960
        assert first.request.url
