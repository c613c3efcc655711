"""Tests of the data editor of one row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trackscope.gui.widgets.code_line import CodeLine

URL = "http://127.0.0.1/track/?data=" + "".join(str(number % 10) for number in range(140_000))


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[CodeLine]:
    window = QWidget()
    qtbot.addWidget(window)
    result = CodeLine(parent=window)
    result.resize(600, 28)
    window.show()
    yield result
    window.close()


def test_enter_submits_and_inserts_nothing(qtbot: QtBot, line: CodeLine) -> None:
    line.show_text("http://a/")
    with qtbot.waitSignal(line.submitted):
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "http://a/"


def test_a_newline_is_kept_and_shown_in_the_row(line: CodeLine) -> None:
    line.show_text("a\nb")
    assert line.text() == "a\nb"
    assert line.document().blockCount() == 1


def test_a_long_url_is_whole_though_only_a_part_is_displayed(line: CodeLine) -> None:
    line.show_text(URL)
    assert line.text() == URL
    assert len(line.toPlainText()) < 5_000


@pytest.mark.parametrize("place", [0, 1, 700, 3_999, 70_000, len(URL) - 1, len(URL)])
def test_a_long_url_can_be_edited_anywhere(qtbot: QtBot, line: CodeLine, place: int) -> None:
    line.show_text(URL)
    line.select_range(place, place)
    qtbot.keyClicks(line, "xyz")
    assert line.text() == URL[:place] + "xyz" + URL[place:]
    for _ in range(3):
        qtbot.keyClick(line, Qt.Key.Key_Backspace)
    assert line.text() == URL
    assert line.selected_range() == (place, place)


def test_the_caret_walks_on_where_the_displayed_part_ends(qtbot: QtBot, line: CodeLine) -> None:
    line.show_text(URL)
    line.select_range(3_000, 3_000)
    for offset in range(3_001, 4_600):
        qtbot.keyClick(line, Qt.Key.Key_Right)
        assert line.selected_range() == (offset, offset)


def test_home_and_end_reach_the_ends_of_the_text(qtbot: QtBot, line: CodeLine) -> None:
    line.show_text(URL)
    line.select_range(70_000, 70_000)
    qtbot.keyClick(line, Qt.Key.Key_End)
    assert line.selected_range() == (len(URL), len(URL))
    qtbot.keyClick(line, Qt.Key.Key_Home)
    assert line.selected_range() == (0, 0)


def test_all_is_selected_copied_and_replaced(qtbot: QtBot, line: CodeLine) -> None:
    line.show_text(URL)
    line.selectAll()
    assert line.selected_range() == (0, len(URL))
    line.copy()
    assert QGuiApplication.clipboard().text() == URL
    qtbot.keyClicks(line, "a")
    assert line.text() == "a"
