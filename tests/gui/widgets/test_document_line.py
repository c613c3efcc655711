"""Tests of the line that leaves undo to the window."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trackscope.gui.widgets.document_line import DocumentLine, show_exactly


@pytest.mark.parametrize("key", ["Ctrl+Z", "Ctrl+Shift+Z"])
def test_the_keys_of_undo_reach_the_window(qtbot: QtBot, key: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    line = DocumentLine(window)
    action = QAction(window)
    action.setShortcut(QKeySequence(key))
    window.addAction(action)
    window.show()
    window.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClicks(line, "typed")
    with qtbot.waitSignal(action.triggered):
        QTest.keySequence(line, QKeySequence(key))
    assert line.text() == "typed"


def test_nothing_is_undone_where_the_window_has_nothing_to_undo(qtbot: QtBot) -> None:
    line = DocumentLine()
    qtbot.addWidget(line)
    QTest.keyClicks(line, "typed")
    QTest.keySequence(line, QKeySequence("Ctrl+Z"))
    assert line.text() == "typed"


@pytest.mark.parametrize("text", ["\ud83d", "x" * 40_000])
def test_what_a_line_cannot_hold_can_only_be_read_there(qtbot: QtBot, text: str) -> None:
    line = DocumentLine()
    qtbot.addWidget(line)
    show_exactly(line, text)
    QTest.keyClicks(line, "typed")
    assert "typed" not in line.text()
    show_exactly(line, "short")
    QTest.keyClicks(line, "er")
    assert line.text() == "shorter"
