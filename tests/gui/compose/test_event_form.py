"""The form in the window: typed rows, generators, templates."""

from __future__ import annotations

import json
import re
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTableView, QWidget
from tests.gui.screen import Screen

from trackscope.session.template import TEMPLATES

NAME, TYPE, VALUE = range(3)


def _value(screen: Screen, name: str) -> object:
    return screen.properties[name]


@pytest.mark.parametrize(
    ("type_", "typed", "value"),
    [
        ("text", "12", "12"),
        ("number", "12.50", 12.5),
        ("number", "-3e2", -300.0),
        ("true/false", "true", True),
        ("list", '[1, "a"]', [1, "a"]),
        ("object", '{"a": {"b": null}}', {"a": {"b": None}}),
        ("date", "2026-11-23T14:00:00", "2026-11-23T14:00:00"),
        ("text", '<img src="x"> & \\ "quoted"', '<img src="x"> & \\ "quoted"'),
        ("number", "twelve", "twelve"),
    ],
)
async def test_a_row_holds_what_was_typed_as_its_type(
    screen: Screen, type_: str, typed: str, value: object
) -> None:
    screen.edit_cell("level", TYPE, type_)
    screen.edit_cell("level", VALUE, typed)
    assert _value(screen, "level") == value
    assert type(_value(screen, "level")) is type(value)
    assert json.loads(screen.texts["json"])["properties"]["level"] == value


async def test_null_needs_no_value(screen: Screen) -> None:
    screen.edit_cell("level", TYPE, "null")
    assert _value(screen, "level") is None
    assert screen.table("Properties")[4] == ["level", "null", "null"]


async def test_a_number_keeps_the_digits_that_were_typed(screen: Screen) -> None:
    screen.edit_cell("level", TYPE, "number")
    screen.edit_cell("level", VALUE, "1.10")
    assert '"level": 1.10' in screen.texts["json"]


@pytest.mark.parametrize(
    ("type_", "argument", "pattern"),
    [
        ("uuid", None, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("counter", "41", "41|42"),
        ("random choice", "a, 5, true", "a|5|True"),
    ],
)
async def test_a_generated_value_is_made_for_every_send(
    screen: Screen, type_: str, argument: str | None, pattern: str
) -> None:
    screen.edit_cell("level", TYPE, type_)
    if argument is not None:
        screen.edit_cell("level", VALUE, argument)
    for _ in range(2):
        prepared = screen.program.composer.prepared()
        value = prepared.value_at("/0/properties/level")
        assert re.fullmatch(pattern, str(value))
        assert screen.table("Properties")[4][1] == type_
        assert str(_value(screen, "level")) == str(value)


async def test_time_is_now_until_it_is_something_else(screen: Screen) -> None:
    before = int(time.time())
    screen.program.composer.prepared()
    made = _value(screen, "time")
    assert isinstance(made, int)
    assert before <= made <= time.time()
    assert screen.table("Properties")[2][:2] == ["time", "now"]


async def test_time_as_a_moment_is_seconds_on_the_wire(screen: Screen) -> None:
    screen.edit_cell("time", TYPE, "moment")
    screen.edit_cell("time", VALUE, "2011-11-23 14:00:00")
    assert _value(screen, "time") == 1322056800
    assert screen.table("Properties")[2] == ["time", "moment", "2011-11-23 14:00:00 UTC"]


async def test_time_as_seconds_ago_is_counted_from_now_on(screen: Screen) -> None:
    screen.edit_cell("time", TYPE, "seconds ago")
    screen.edit_cell("time", VALUE, "500000")
    made = _value(screen, "time")
    assert isinstance(made, int)
    assert 0 <= time.time() - 500_000 - made <= 60
    await screen.settle()
    assert screen.program.composer.verdict.value == 0


async def test_time_can_be_none(screen: Screen) -> None:
    table = screen.see(QTableView, "Properties")
    table.setCurrentIndex(table.model().index(2, NAME))
    screen.focus(table)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert "time" not in screen.properties
    assert "time" not in screen.texts["json"]


async def test_a_property_is_added_by_its_button_and_named_at_once(screen: Screen) -> None:
    screen.click("Add property")
    editor = screen.see(QLineEdit, "Property name")
    assert editor.hasFocus()
    QTest.keyClicks(editor, "source")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    await screen.settle()
    assert list(screen.properties)[-1] == "source"
    screen.edit_cell("source", VALUE, "mail")
    assert screen.properties["source"] == "mail"


async def test_a_property_is_added_by_its_key(screen: Screen) -> None:
    screen.press("Ctrl+Shift+N")
    assert screen.see(QLineEdit, "Property name").isVisible()


async def test_a_renamed_property_keeps_its_place_and_its_generator(screen: Screen) -> None:
    screen.edit_cell("time", NAME, "when")
    assert list(screen.properties)[2] == "when"
    assert screen.see(QTableView, "Properties").currentIndex().row() == 2
    assert screen.table("Properties")[2][:2] == ["when", "now"]


async def test_a_property_is_removed_by_its_button(screen: Screen) -> None:
    table = screen.see(QTableView, "Properties")
    table.setCurrentIndex(table.model().index(4, NAME))
    screen.click("Remove property")
    assert "level" not in screen.properties
    screen.run("undo")
    assert "level" in screen.properties


async def test_one_edit_of_a_row_is_one_step_of_undo(screen: Screen) -> None:
    before = screen.request
    screen.edit_cell("level", VALUE, "8")
    screen.run("undo")
    assert screen.request == before


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.label)
async def test_a_template_fills_the_form_with_an_event_that_would_be_answered_1(
    screen: Screen, template: object
) -> None:
    label = getattr(template, "label", "")
    screen.click("img")
    screen.choose(screen.part(QPushButton, "templateButton").menu(), label)
    await screen.settle()
    assert screen.see(QLineEdit, "Event name").text() == getattr(template, "event", "")
    assert screen.program.composer.verdict.value == 1
    assert "&img=1" in screen.request.url
    screen.run("undo")
    assert screen.see(QLineEdit, "Event name").text() == "game"


async def test_every_type_can_be_chosen_and_chosen_back(screen: Screen) -> None:
    table = screen.see(QTableView, "Properties")
    index = table.model().index(4, TYPE)
    table.setCurrentIndex(index)
    table.edit(index)
    box = screen.see(QComboBox, "Property type")
    types = [box.itemText(number) for number in range(box.count())]
    QTest.keyClick(box, Qt.Key.Key_Escape)
    for type_ in types:
        screen.edit_cell("level", TYPE, type_)
        assert screen.table("Properties")[4][1] == type_ or type_ == "date"
        screen.edit_cell("level", TYPE, "text")
        assert screen.table("Properties")[4][1] == "text"


async def test_a_payload_that_is_no_event_leaves_the_form_empty_and_disabled(
    screen: Screen,
) -> None:
    screen.retype(screen.see(QWidget, "JSON"), "[1, null]")
    assert not screen.part(QLineEdit, "eventName").isEnabled()
    assert not screen.part(QPushButton, "addProperty").isEnabled()
    assert screen.table("Properties") == []
    screen.run("undo")
    assert screen.part(QLineEdit, "eventName").isEnabled()
