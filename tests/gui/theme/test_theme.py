"""Tests of the look that is in force."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QImage, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from trackscope.gui.theme import fonts
from trackscope.gui.theme.icons import icon
from trackscope.gui.theme.palette import palette_of
from trackscope.gui.theme.roles import DARK, LIGHT
from trackscope.gui.theme.theme import Scheme, Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    result = Theme.current()
    yield result
    result.set_scheme(Scheme.SYSTEM)
    result.set_zoom(1.0)


def test_there_is_one_theme(theme: Theme) -> None:
    assert Theme.current() is theme


def test_a_chosen_scheme_overrides_the_systems(qtbot: QtBot, theme: Theme) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.set_scheme(Scheme.DARK)
    assert theme.roles is DARK
    theme.set_scheme(Scheme.LIGHT)
    assert theme.roles is LIGHT


def test_nothing_is_told_where_nothing_changes(qtbot: QtBot, theme: Theme) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_scheme(theme.scheme)
        theme.set_zoom(theme.zoom)


@pytest.mark.parametrize(("asked", "given"), [(0.1, 0.8), (9, 1.5), (1.1, 1.1)])
def test_zoom_stays_within_its_bounds(theme: Theme, asked: float, given: float) -> None:
    theme.set_zoom(asked)
    assert theme.zoom == given
    assert theme.px(100) == round(100 * given)


def test_the_bundled_fonts_are_used(qapp: QApplication) -> None:
    assert fonts.load_fonts() == ()
    assert QFontInfo(fonts.text_font()).family() == "Inter"
    assert QFontInfo(fonts.data_font()).family() == "JetBrains Mono"


def test_data_is_drawn_without_ligatures(qapp: QApplication) -> None:
    assert fonts.data_font().featureValue(QFont.Tag("calt")) == 0
    assert fonts.text_font().featureValue(QFont.Tag("tnum")) == 1


def test_the_palette_has_the_roles() -> None:
    palette = palette_of(DARK)
    assert palette.color(QPalette.ColorRole.Base) == QColor(DARK.surface)
    assert palette.color(QPalette.ColorRole.Highlight) == QColor(DARK.selection)


def test_an_icon_is_drawn_in_its_role(theme: Theme) -> None:
    theme.set_scheme(Scheme.LIGHT)
    image = icon("send", "danger").pixmap(16, 16).toImage()
    colours = {image.pixelColor(x, y).name() for x in range(16) for y in range(16)}
    assert LIGHT.danger.lower() in colours


def test_an_icon_that_is_missing_is_empty(theme: Theme) -> None:
    assert icon("no-such-drawing").isNull()


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_check_box_shows_whether_it_is_checked(
    qtbot: QtBot, theme: Theme, scheme: Scheme
) -> None:
    theme.set_scheme(scheme)
    theme.apply()
    box = QCheckBox()
    qtbot.addWidget(box)
    box.resize(40, 28)
    assert theme.colour("border_strong").name() in colours_of(box.grab().toImage())
    box.setChecked(True)
    checked = colours_of(box.grab().toImage())
    assert theme.colour("accent").name() in checked
    assert theme.colour("on_accent").name() in checked


def colours_of(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
