"""Tests of the editor for data."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.widgets.mark import Mark
from trackscope.gui.widgets.soft_text import CHUNK

LONG = "".join(chr(97 + number % 26) for number in range(5_000))
SMALL = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEdit:
    result = CodeEdit("json")
    qtbot.addWidget(result)
    result.resize(400, 300)
    result.show()
    return result


def heard(editor: CodeEdit) -> list[str]:
    texts: list[str] = []
    editor.edited.connect(lambda: texts.append(editor.text()))
    return texts


@SMALL
@given(ANY_TEXT, ANY_TEXT)
def test_the_text_is_exactly_what_was_shown(editor: CodeEdit, text: str, other: str) -> None:
    edits = heard(editor)
    for shown in (text, text + LONG + other, other + LONG, other):
        editor.show_text(shown)
        assert editor.text() == shown
        assert "\x00" not in editor.toPlainText()
    assert edits == []


@SMALL
@given(st.integers(0, 4_999), st.text('ab"\\{}:,1 ', min_size=1, max_size=6), ANY_TEXT)
def test_typing_in_a_broken_line_is_typing_in_a_string(
    qtbot: QtBot, editor: CodeEdit, place: int, typed: str, before: str
) -> None:
    text = before + LONG + "\nlast"
    editor.show_text(text)
    editor.select_range(place, place)
    qtbot.keyClicks(editor, typed)
    assert editor.text() == text[:place] + typed + text[place:]
    assert editor.selected_range() == (place + len(typed),) * 2
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    for _ in typed:
        qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert editor.text() == text
    assert editor.selected_range() == (place, place)


@pytest.mark.parametrize("place", range(CHUNK - 30, CHUNK + 30))
def test_backspace_and_delete_remove_one_character_at_any_break(
    qtbot: QtBot, editor: CodeEdit, place: int
) -> None:
    editor.show_text(LONG)
    editor.select_range(place, place)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert editor.text() == LONG[: place - 1] + LONG[place:]
    editor.show_text(LONG)
    editor.select_range(place, place)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert editor.text() == LONG[:place] + LONG[place + 1 :]


def test_left_and_right_pass_a_soft_break_in_one_step(qtbot: QtBot, editor: CodeEdit) -> None:
    editor.show_text(LONG)
    editor.select_range(0, 0)
    for offset in range(1, 2_500):
        qtbot.keyClick(editor, Qt.Key.Key_Right)
        assert editor.selected_range() == (offset, offset)
    for offset in range(2_498, 0, -1):
        qtbot.keyClick(editor, Qt.Key.Key_Left)
        assert editor.selected_range() == (offset, offset)


def test_what_is_copied_has_no_soft_breaks_and_no_stand_ins(editor: CodeEdit) -> None:
    text = LONG[:4_000] + "\x07\u202e"
    editor.show_text(text)
    editor.selectAll()
    editor.copy()
    assert QGuiApplication.clipboard().text() == text


def test_cut_and_replacing_a_selection_over_breaks(qtbot: QtBot, editor: CodeEdit) -> None:
    edits = heard(editor)
    editor.show_text(LONG)
    editor.select_range(500, 4_500)
    editor.cut()
    editor.select_range(490, 510)
    qtbot.keyClicks(editor, "X")
    assert edits == [LONG[:500] + LONG[4_500:], LONG[:490] + "X" + LONG[4_510:]]


def test_pasted_text_goes_in_exactly(editor: CodeEdit) -> None:
    editor.show_text("ab")
    editor.select_range(1, 1)
    mime = QMimeData()
    mime.setText("1\r\n\x00\u20282")
    editor.insertFromMimeData(mime)
    assert editor.text() == "a1\r\n\x00\u20282b"
    assert editor.selected_range() == (7, 7)


def test_pasted_text_is_only_told_where_somebody_listens(editor: CodeEdit) -> None:
    told: list[object] = []
    editor.paste_requested.connect(told.append)
    QGuiApplication.clipboard().setText("curl x")
    editor.paste()
    assert told == ["curl x"]
    assert editor.text() == ""


def test_a_composed_character_is_an_edit(editor: CodeEdit) -> None:
    edits = heard(editor)
    QApplication.sendEvent(editor, QInputMethodEvent("に", []))
    assert edits == []
    event = QInputMethodEvent()
    event.setCommitString("日")
    QApplication.sendEvent(editor, event)
    assert edits == ["日"]


def test_what_an_assistive_tool_sets_is_an_edit(editor: CodeEdit) -> None:
    edits = heard(editor)
    editor.show_text('{"a": 1}')
    editor.setPlainText('{"a": 2}')
    cursor = QTextCursor(editor.document())
    cursor.insertText("\n")
    assert edits == ['{"a": 2}', '\n{"a": 2}']


def test_showing_another_text_keeps_the_caret_by_its_text(editor: CodeEdit) -> None:
    editor.show_text("one two three")
    editor.select_range(8, 13)
    editor.show_text("one and two three")
    assert editor.selected_range() == (12, 17)


def test_showing_a_text_is_not_a_movement_of_the_selection(qtbot: QtBot, editor: CodeEdit) -> None:
    moves: list[object] = []
    editor.selection_moved.connect(moves.append)
    editor.show_text("one two")
    editor.select_range(4, 7)
    assert moves == []
    qtbot.keyClick(editor, Qt.Key.Key_Home)
    qtbot.keyClick(editor, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert moves == [(0, 0), (0, 1)]


@pytest.mark.parametrize("text", ["", "a\nb", LONG, "😀" * 1_500 + "é\n" + "😀"])
def test_offsets_and_positions_are_each_others_inverse(editor: CodeEdit, text: str) -> None:
    editor.show_text(text)
    for offset in range(0, len(text) + 1, 7):
        assert editor.offset_at(editor.position_of(offset)) == offset


def test_undo_and_the_windows_letters_are_left_to_the_window(
    qtbot: QtBot, editor: CodeEdit
) -> None:
    qtbot.keyClicks(editor, "abc")
    for key in (Qt.Key.Key_Z, Qt.Key.Key_K, Qt.Key.Key_E):
        qtbot.keyClick(editor, key, Qt.KeyboardModifier.ControlModifier)
    assert editor.text() == "abc"


def test_files_dropped_on_it_are_left_to_the_window(editor: CodeEdit) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/a.har")])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    editor.dropEvent(event)
    assert not event.isAccepted()
    assert editor.text() == ""


def test_marks_anywhere_are_harmless(editor: CodeEdit) -> None:
    editor.show_text('{"a": "\x07é😀"}')
    editor.set_marks(
        [Mark(0, 0, "error"), Mark(7, 9, "warning"), Mark(12, 90, "note"), Mark(2, 3, "link")]
    )
    editor.grab()
    formats = editor.document().firstBlock().layout().formats()
    assert any(each.format.underlineColor().isValid() for each in formats)
    editor.set_marks([])
    editor.show_text("")
    editor.set_marks([Mark(0, 0, "error")])
    editor.grab()


def test_a_text_that_is_too_long_is_cut_for_display_only(
    editor: CodeEdit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CodeEdit, "MAX_SHOWN", 100)
    editor.show_text(LONG)
    assert editor.text() == LONG
    assert editor.isReadOnly()
    assert editor.toPlainText() == LONG[:100]
    editor.show_text("{}")
    assert not editor.isReadOnly()


@SMALL
@given(st.data())
def test_any_edit_in_the_document_is_the_same_edit_of_the_text(
    editor: CodeEdit, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(["", "a\nb\n", LONG, "😀é\u202e" * 900, "x\n" + LONG * 2]))
    editor.show_text(text)
    for _ in range(4):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 1, 5, 3_000])))
        new = data.draw(st.sampled_from(["", "a", "\n", "😀", "\u200b", LONG, "a\nb"]))
        cursor = editor.textCursor()
        cursor.setPosition(editor.position_of(start))
        cursor.setPosition(editor.position_of(end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(new)
        text = text[:start] + new + text[end:]
        assert editor.text() == text
        assert "\u200b" not in editor.toPlainText()
        for block, chunk in enumerate(editor.toPlainText().split("\n")):
            assert len(chunk) <= 2_000, block


def test_the_scroll_bar_knows_the_rows_of_a_long_line_before_they_are_laid_out(
    qtbot: QtBot, editor: CodeEdit
) -> None:
    editor.show_text(LONG * 20)
    bar = editor.verticalScrollBar()
    before = bar.maximum()
    for value in range(0, before, 10):
        bar.setValue(value)
        editor.grab()
    assert before > 1_000
    assert abs(bar.maximum() - before) < 0.02 * before


def test_dimming_and_zoom_keep_the_font(editor: CodeEdit) -> None:
    theme = Theme.current()
    theme.apply()
    editor.set_dimmed(True)
    assert editor.fontInfo().family() == "JetBrains Mono"
    assert editor.font().pixelSize() == 12
    theme.set_zoom(1.5)
    assert editor.font().pixelSize() == 18
    theme.set_zoom(1.0)
    assert editor.font().pixelSize() == 12


@pytest.mark.parametrize("place", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3_919, 4_999])
def test_of_two_equal_characters_the_caret_is_behind_the_typed_one(
    qtbot: QtBot, editor: CodeEdit, place: int
) -> None:
    editor.show_text("b" * 5_000)
    editor.select_range(place, place)
    qtbot.keyClicks(editor, "bb")
    assert editor.selected_range() == (place + 2, place + 2)
