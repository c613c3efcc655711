"""Findings while one types: what they say, where they point, and their fixes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QWidget
from tests.gui.screen import Screen

from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.wire.era import RULES, rule_book


def _rules(screen: Screen) -> list[str]:
    listed = screen.see(QListWidget, "Findings")
    return [
        label.text()
        for row in range(listed.count())
        for label in listed.itemWidget(listed.item(row)).findChildren(QLabel, "monoCaption")
    ]


def _fix_buttons(screen: Screen) -> list[QPushButton]:
    return list(screen.window.findChildren(QPushButton, "fixButton"))


def _has_rule(screen: Screen, rule: str) -> bool:
    return any(each.rule == rule for each in screen.program.composer.verdict.findings)


BROKEN = {
    "data.padding": lambda screen: screen.retype(
        screen.see(CodeEdit, "Base64 data"), "eyJldmVudCI6ImEifQ"
    ),
    "json.syntax": lambda screen: screen.retype(
        screen.see(CodeEdit, "JSON"), '{"event":"a","properties":{"token":"t","distinct_id":"d"},}'
    ),
    "property.reserved-prefix": lambda screen: screen.edit_cell("level", 0, "mp_level"),
}


async def test_a_good_request_has_no_findings_and_would_be_answered_1(screen: Screen) -> None:
    await screen.settle()
    assert screen.program.composer.verdict.findings == ()
    labels = screen.part(QWidget, "findingsPane").findChildren(QLabel, "emptyState")
    assert [label.text() for label in labels if label.isVisible()] == [
        "No findings: nothing speaks against a 1."
    ]


@pytest.mark.parametrize("rule", BROKEN)
async def test_a_fix_is_one_step_of_undo_and_makes_its_finding_go_away(
    screen: Screen, rule: str
) -> None:
    BROKEN[rule](screen)
    await screen.settle()
    assert rule in _rules(screen)
    broken = screen.request
    button = next(
        each for each in _fix_buttons(screen) if each.accessibleName().endswith(f"fix {rule}")
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await screen.settle()
    assert not _has_rule(screen, rule)
    assert screen.request != broken
    screen.run("undo")
    await screen.settle()
    assert screen.request == broken
    assert _has_rule(screen, rule)


async def test_the_first_fix_has_a_key(screen: Screen) -> None:
    BROKEN["data.padding"](screen)
    await screen.settle()
    screen.press("Ctrl+.")
    await screen.settle()
    assert not _has_rule(screen, "data.padding")


async def test_the_banner_over_broken_json_mends_it(screen: Screen) -> None:
    BROKEN["json.syntax"](screen)
    await screen.settle()
    (mend,) = [each for each in screen.window.findChildren(QPushButton) if each.text() == "Mend"]
    QTest.mouseClick(mend, Qt.MouseButton.LeftButton)
    await screen.settle()
    assert not _has_rule(screen, "json.syntax")


async def test_choosing_a_finding_selects_its_place_in_every_text(screen: Screen) -> None:
    BROKEN["property.reserved-prefix"](screen)
    await screen.settle()
    screen.see(QListWidget, "Findings").setCurrentRow(0)
    editor = screen.see(CodeEdit, "JSON")
    start, end = editor.selected_range()
    assert "mp_level" in editor.text()[start:end]
    for name in ("Base64 data", "Request URL"):
        start, end = screen.see(CodeEdit, name).selected_range()
        assert end > start


async def test_a_selection_in_json_lights_up_its_characters_in_base64_and_url(
    screen: Screen,
) -> None:
    editor = screen.see(CodeEdit, "JSON")
    start = editor.text().index('"play"')
    screen.focus(editor)
    editor.select_range(start, start + 6)
    editor.selection_moved.emit(editor.selected_range())
    for name in ("Base64 data", "Request URL"):
        linked = [mark for mark in screen.see(CodeEdit, name)._marks if mark.kind == "link"]
        assert len(linked) == 1


async def test_findings_follow_the_typing(screen: Screen) -> None:
    editor = screen.see(CodeEdit, "JSON")
    screen.type(editor, "x")
    await screen.settle()
    assert screen.program.composer.verdict.value == 0
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    await screen.settle()
    assert screen.program.composer.verdict.value == 1


async def test_a_finding_shows_what_its_rule_rests_on_in_the_era(screen: Screen) -> None:
    screen.retype(screen.see(CodeEdit, "JSON"), '{"event":"a","properties":{}}')
    await screen.settle()
    for era in ("2011", "current"):
        screen.program.composer.set_book(rule_book(era))
        await screen.settle()
        labels = screen.see(QListWidget, "Findings").findChildren(QLabel, "caption")
        sources = [label.text() for label in labels]
        assert RULES["token.missing"].source_in(era) in sources
