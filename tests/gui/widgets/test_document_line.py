"""Tests of the line that leaves undo to the window."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trackscope.gui.widgets.document_line import DocumentLine


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
