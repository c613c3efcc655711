"""Tests of the pane and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from trackscope.gui.widgets.pane import Pane


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[Pane]:
    window = QWidget()
    qtbot.addWidget(window)
    result = Pane("JSON", window)
    window.show()
    yield result
    window.close()


def test_a_pane_shows_title_state_and_content(pane: Pane) -> None:
    pane.set_content(QWidget())
    pane.set_badge("not valid", "danger")
    pane.set_extra("204 bytes")
    shown = {label.text() for label in pane.findChildren(QLabel) if label.isVisible()}
    assert {"JSON", "not valid", "204 bytes"} <= shown
    pane.clear_badge()
    shown = {label.text() for label in pane.findChildren(QLabel) if label.isVisible()}
    assert "not valid" not in shown


def test_a_banner_offers_what_can_be_done(pane: Pane) -> None:
    done: list[str] = []
    assert not pane.banner.isVisible()
    pane.show_banner("danger", "One = is missing.", [("Add it", lambda: done.append("added"))])
    assert pane.banner.isVisible()
    assert pane.banner.sentence == "One = is missing."
    button = pane.banner.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.click()
    assert done == ["added"]
    pane.hide_banner()
    assert not pane.banner.isVisible()


def test_another_banner_has_only_its_own_buttons(pane: Pane) -> None:
    pane.show_banner("danger", "One.", [("A", print), ("B", print)])
    pane.show_banner("info", "Two.")
    assert [each for each in pane.findChildren(QPushButton) if each.isVisible()] == []
