"""The accessible names: a contract with assistive tools, and with tests from outside."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from tests.gui.screen import Screen, names_of

CONTRACT = {
    "Target": QComboBox,
    "Workspace Compose": QPushButton,
    "Workspace Traffic": QPushButton,
    "Method": QComboBox,
    "Request URL": QPlainTextEdit,
    "Send": QPushButton,
    "Copy as": QPushButton,
    "Events": QListWidget,
    "Add event": QPushButton,
    "Event name": QLineEdit,
    "Properties": QTableView,
    "Add property": QPushButton,
    "Transport": QComboBox,
    "ip": QCheckBox,
    "img": QCheckBox,
    "test": QCheckBox,
    "verbose": QCheckBox,
    "redirect": QLineEdit,
    "callback": QLineEdit,
    "JSON": QPlainTextEdit,
    "Base64 data": QPlainTextEdit,
    "Search history": QLineEdit,
    "Clear history": QPushButton,
}
COMBO_BOXES = ("Target", "Method", "Transport")


def _focusable(screen: Screen) -> list[QWidget]:
    return [
        widget
        for widget in screen.window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QAbstractScrollArea | QComboBox)
    ]


def _focused() -> str:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget.objectName()


@pytest.mark.parametrize("name", CONTRACT)
async def test_every_control_is_found_by_its_name_exactly_once(screen: Screen, name: str) -> None:
    assert screen.see(CONTRACT[name], name).isEnabled() or name == "Clear history"
    assert len(list(screen.all_named(name))) == 1


@pytest.mark.parametrize("name", COMBO_BOXES)
async def test_a_combo_box_is_the_buddy_of_a_label(screen: Screen, name: str) -> None:
    box = screen.see(QComboBox, name)
    labels = [each for each in screen.window.findChildren(QLabel) if each.buddy() is box]
    assert [label.text() for label in labels] == [name]


async def test_what_appears_with_use_has_its_name_too(live: Screen) -> None:
    live.click("Add property")
    assert live.see(QLineEdit, "Property name")
    live.press("Esc")
    await live.settle()
    table = live.see(QTableView, "Properties")
    for column, kind, name in (
        (1, QComboBox, "Property type"),
        (2, QLineEdit, "Property value"),
    ):
        table.edit(table.model().index(0, column))
        assert live.see(kind, name)
        live.press("Esc")
        await live.settle()
    live.retype(live.see(QPlainTextEdit, "JSON"), "{}")
    await live.settle()
    assert live.see(QListWidget, "Findings")
    await live.send()
    assert live.see(QTableView, "History")
    assert live.see(QPlainTextEdit, "Answer body")
    live.click("Answer: headers")
    assert live.see(QPlainTextEdit, "Answer headers")
    live.select("Method", "POST")
    assert live.see(QPlainTextEdit, "Request body")


async def test_the_answer_is_described_by_its_sentence_and_keeps_its_text(live: Screen) -> None:
    await live.send()
    answer = live.part(QLabel, "answer")
    assert (answer.text(), answer.accessibleName()) == ("1", "")
    interface = QAccessible.queryAccessibleInterface(answer)
    assert isinstance(interface, QAccessibleInterface)
    assert interface.text(QAccessible.Text.Name) == "1"
    described = interface.text(QAccessible.Text.Description)
    assert live.words("answerSentence") in described


async def test_every_control_that_takes_the_focus_has_an_object_name_and_a_name(
    screen: Screen,
) -> None:
    assert [each for each in _focusable(screen) if not each.objectName()] == []
    assert [
        each.objectName()
        for each in _focusable(screen)
        if not names_of(each) and not (isinstance(each, QPushButton) and each.text())
    ] == []


async def test_no_two_controls_share_an_object_name(screen: Screen) -> None:
    names = [each.objectName() for each in _focusable(screen)]
    assert sorted(names) == sorted(set(names))


async def test_a_button_with_nothing_but_an_icon_says_what_it_does_in_its_tool_tip(
    screen: Screen,
) -> None:
    buttons = [each for each in screen.window.findChildren(QPushButton) if not each.text()]
    assert buttons
    assert [each.objectName() for each in buttons if not each.toolTip()] == []
    assert [each.objectName() for each in buttons if not each.accessibleName()] == []


async def test_no_tool_tip_is_read_out_as_markup(screen: Screen) -> None:
    for widget in _focusable(screen):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert isinstance(interface, QAccessibleInterface)
        assert "<qt>" not in interface.text(QAccessible.Text.Description), widget.objectName()


async def test_tab_walks_in_reading_order_and_comes_back(screen: Screen) -> None:
    screen.focus(screen.see(QWidget, "Method"))
    order: list[str] = []
    while not order or QApplication.focusWidget() is not screen.see(QWidget, "Method"):
        order.append(_focused())
        assert len(order) < 60, f"Tab does not come back: {order}"
        screen.press("Tab")
    wanted = ["method", "requestUrl", "copyAs", "sendButton", "events", "eventName",
              "properties", "addProperty", "transport", "ipFlag", "redirectParameter",
              "callbackParameter", "json", "base64Data", "searchHistory"]  # fmt: skip
    assert [name for name in order if name in wanted] == wanted


async def test_f6_walks_the_panes_and_comes_back(screen: Screen) -> None:
    screen.focus(screen.see(QWidget, "Request URL"))
    walked = []
    for _ in range(9):
        screen.press("F6")
        walked.append(_focused())
    assert "requestUrl" in walked
    assert {"addEvent", "eventName", "json", "base64Data"} <= set(walked)
    ahead = QApplication.focusWidget()
    screen.press("F6", "Shift+F6")
    assert QApplication.focusWidget() is ahead


async def test_tab_leaves_an_editor(screen: Screen) -> None:
    editor = screen.see(QPlainTextEdit, "JSON")
    text = editor.toPlainText()
    screen.focus(editor)
    screen.press("Tab")
    assert not editor.hasFocus()
    assert editor.toPlainText() == text
