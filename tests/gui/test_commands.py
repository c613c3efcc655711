"""The one table of commands, and what is made from it: keys, menus, palette, help."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QTreeWidget
from tests.gui.screen import Screen

from trackscope.gui.commands import COMMANDS, MENUS, with_key
from trackscope.gui.keys_page import KeysPage
from trackscope.gui.palette import CommandPalette, matching

KEYS = {
    "Ctrl+1": "compose",
    "Ctrl+2": "traffic",
    "Ctrl+O": "open-capture",
    "Ctrl+K": "palette",
    "Ctrl+Return": "send",
    "Ctrl+Enter": "send",
    "Esc": "cancel",
    "Ctrl+L": "focus-url",
    "Ctrl+N": "new-request",
    "Ctrl+Shift+N": "add-property",
    "Ctrl+Shift+V": "paste-anything",
    "Ctrl+Shift+C": "copy-as",
    "Ctrl+Shift+F": "format-json",
    "Ctrl+Z": "undo",
    "Ctrl+Shift+Z": "redo",
    "Ctrl+R": "toggle-collector",
    "Ctrl+F": "find",
    "Ctrl+Down": "next-exchange",
    "Ctrl+Up": "previous-exchange",
    "Ctrl+E": "edit-selected",
    "Ctrl+Shift+R": "send-selected",
    "Ctrl+Shift+E": "export-history",
    "F6": "next-pane",
    "Shift+F6": "previous-pane",
    "Ctrl+\\": "answer-side",
    "Ctrl+T": "send-test",
    "Ctrl+,": "settings",
    "Ctrl+=": "zoom-in",
    "Ctrl+-": "zoom-out",
    "Ctrl+0": "zoom-reset",
    "F1": "keys",
}


def test_ids_are_unique() -> None:
    ids = [command.id for command in COMMANDS]
    assert len(ids) == len(set(ids))


def test_no_two_commands_share_a_key() -> None:
    keys = [QKeySequence(key).toString() for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert "" not in keys


@pytest.mark.parametrize("key", KEYS)
def test_the_keys_are_those_of_the_design(key: str) -> None:
    (command,) = [each for each in COMMANDS if key in each.keys]
    assert command.id == KEYS[key]


def test_a_tool_tip_carries_the_key() -> None:
    (undo,) = [each for each in COMMANDS if each.id == "undo"]
    (compact,) = [each for each in COMMANDS if each.id == "compact-json"]
    assert with_key(undo) == "Undo (Ctrl+Z)"
    assert with_key(compact) == "Compact JSON"


def test_the_palette_finds_by_all_words_in_any_order() -> None:
    assert [each.id for each in matching("json form")] == ["format-json"]
    assert matching("no such command") == ()
    assert len(matching("")) == len(COMMANDS)


def _menus(screen: Screen) -> dict[str, list[QAction]]:
    menus = screen.window.menuBar().findChildren(QMenu)
    return {menu.title().replace("&", ""): menu.actions() for menu in menus if menu.title()}


async def test_every_command_stands_in_its_menu_in_the_order_of_the_table(screen: Screen) -> None:
    shown = {
        title: [each.objectName() for each in actions if not each.isSeparator() and not each.menu()]
        for title, actions in _menus(screen).items()
    }
    assert shown == {menu: [each.id for each in COMMANDS if each.menu == menu] for menu in MENUS}


async def test_no_menu_begins_or_ends_with_a_line(screen: Screen) -> None:
    for actions in _menus(screen).values():
        assert not actions[0].isSeparator()
        assert not actions[-1].isSeparator()
        for first, second in itertools.pairwise(actions):
            assert not (first.isSeparator() and second.isSeparator())


async def test_every_action_has_its_keys_and_a_tool_tip(screen: Screen) -> None:
    for command in COMMANDS:
        action = screen.program.actions[command.id]
        assert {each.toString() for each in action.shortcuts()} == {
            QKeySequence(key).toString() for key in command.keys
        }
        assert command.text in action.toolTip()


async def test_the_palette_runs_what_is_chosen_with_the_keyboard(screen: Screen) -> None:
    screen.press("Ctrl+K")
    (palette,) = screen.window.findChildren(CommandPalette)
    search = palette.findChild(QLineEdit, "paletteSearch")
    assert search is not None
    QTest.keyClicks(search, "compact")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert "\n" not in screen.texts["json"]


async def test_the_palette_does_not_offer_what_cannot_be_done(screen: Screen) -> None:
    screen.press("Ctrl+K")
    (palette,) = screen.window.findChildren(CommandPalette)
    listed = palette.findChild(QTreeWidget, "paletteCommands")
    assert listed is not None
    model = listed.model()
    texts = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert "Format JSON" in texts
    assert "Undo" not in texts
    screen.press("Esc")
    assert not palette.isVisible()


async def test_the_help_lists_every_key(screen: Screen) -> None:
    screen.press("F1")
    (page,) = screen.window.findChildren(KeysPage)
    texts = {label.text() for label in page.findChildren(QLabel)}
    assert {each.text for each in COMMANDS if each.keys} <= texts
    page.close()


async def test_the_palettes_button_opens_it(screen: Screen) -> None:
    screen.click("All commands")
    assert screen.window.findChildren(CommandPalette)[0].isVisible()
    screen.press("Esc")


async def test_buttons_with_a_command_carry_its_key_in_their_tool_tip(screen: Screen) -> None:
    for name, key in {
        "sendButton": "Ctrl+",
        "copyAs": "Ctrl+Shift+C",
        "addProperty": "Ctrl+Shift+N",
        "formatJson": "Ctrl+Shift+F",
        "paletteButton": "Ctrl+K",
    }.items():
        assert key in screen.part(QPushButton, name).toolTip(), name
