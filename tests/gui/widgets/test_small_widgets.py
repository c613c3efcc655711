"""Tests of buttons, badges, toasts and the like."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.badge import Badge, badge_size
from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.progress_line import ProgressLine
from trackscope.gui.widgets.segmented import Segmented
from trackscope.gui.widgets.toast import Toast


@pytest.mark.parametrize("role", ["success", "danger", "attention", "info"])
def test_a_badge_has_the_colours_of_its_role(qtbot: QtBot, role: str) -> None:
    badge = Badge("1×1 GIF", role)
    qtbot.addWidget(badge)
    badge.resize(badge.sizeHint())
    colours = colours_of(badge.grab().toImage())
    theme = Theme.current()
    assert {theme.colour(role).name(), theme.colour(f"{role}_bg").name()} <= colours


def test_a_badge_is_as_wide_as_its_words(qtbot: QtBot) -> None:
    badge = Badge("0", "danger")
    qtbot.addWidget(badge)
    badge.show_state("no answer", "attention")
    assert badge.text() == "no answer"
    assert badge.sizeHint() == badge_size("no answer")
    assert badge_size("no answer").width() > badge_size("0").width()


def test_an_icon_button_says_what_it_does_and_with_which_key(qtbot: QtBot) -> None:
    button = IconButton("copy", "Copy as", key="Ctrl+Shift+C")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Copy as"
    assert "Copy as (Ctrl+Shift+C)" in button.toolTip()
    assert not button.icon().isNull()


def test_the_chosen_segment_is_told_only_to_a_persons_click(qtbot: QtBot) -> None:
    chosen: list[int] = []
    row = Segmented(("Compose", "Traffic"), "Workspace")
    qtbot.addWidget(row)
    row.chosen.connect(chosen.append)
    row.choose(1)
    assert (row.index, chosen) == (1, [])
    qtbot.mouseClick(row.button(0), Qt.MouseButton.LeftButton)
    assert (row.index, chosen) == (0, [0])
    assert row.button(1).accessibleName() == "Workspace Traffic"


def test_choosing_moves_nothing(qtbot: QtBot) -> None:
    row = Segmented(("Compose", "Traffic"))
    qtbot.addWidget(row)
    before = row.sizeHint()
    row.choose(1)
    assert row.sizeHint() == before


def test_a_toast_takes_neither_focus_nor_clicks_and_goes_by_itself(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trackscope.gui.widgets.toast.SHOWN_MS", 1)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    toast = Toast(window)
    toast.show_text("Copied as URL")
    assert toast.isVisible()
    assert toast.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert window.rect().contains(toast.geometry())
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_a_toast_fits_its_words_at_another_zoom(qtbot: QtBot) -> None:
    theme = Theme.current()
    theme.apply()
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    toast = Toast(window)
    toast.show_text("Copied as URL")
    theme.set_zoom(1.5)
    qtbot.waitUntil(lambda: toast.size() == toast.sizeHint())
    theme.set_zoom(1.0)
    qtbot.waitUntil(lambda: toast.size() == toast.sizeHint())


def test_an_elided_label_keeps_all_of_its_text(qtbot: QtBot) -> None:
    label = ElidedLabel("<b>" + "long " * 100)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.grab()
    assert label.text().startswith("<b>long")
    assert "&lt;b&gt;long" in label.toolTip()
    assert label.minimumSizeHint().width() == 0


def test_a_progress_line_appears_only_after_a_while(qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.resize(100, 2)
    line.show()
    accent = Theme.current().colour("accent").name()
    line.start()
    line.set_fraction(0.5)
    assert line.is_running
    assert accent not in colours_of(line.grab().toImage())
    qtbot.waitUntil(lambda: accent in colours_of(line.grab().toImage()))
    line.stop()
    assert accent not in colours_of(line.grab().toImage())
    assert not line.is_running


def colours_of(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
