"""One document, many faces: what is edited in one of them shows in all the others."""

from __future__ import annotations

import base64
import json

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit
from tests.gui.screen import Screen

from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.widgets.pane import Pane

EDITORS = ("Request URL", "JSON", "Base64 data")
LINES = ("Event name", "redirect", "callback")


def _decoded(data: str) -> str:
    return base64.b64decode(data).decode()


def _banner_over(editor: CodeEdit) -> Banner:
    pane = editor.parentWidget()
    assert isinstance(pane, Pane)
    return pane.banner


def _marked(editor: CodeEdit, kind: str) -> list[str]:
    """The texts that are pointed out in an editor."""
    text = editor.text()
    return [text[mark.start : mark.end] for mark in editor._marks if mark.kind == kind]


async def test_typing_in_the_event_name_changes_json_base64_and_url_at_every_key(
    screen: Screen,
) -> None:
    name = screen.see(QLineEdit, "Event name")
    for so_far in ("game!", "game!!", "game!!!"):
        screen.type(name, "!")
        texts = screen.texts
        assert json.loads(texts["json"])["event"] == so_far
        assert _decoded(texts["data"]) == texts["json"]
        assert texts["url"] == screen.request.url
        assert texts["data"].rstrip("=") in texts["url"]


async def test_the_editor_that_was_typed_in_keeps_its_text_and_its_caret(screen: Screen) -> None:
    editor = screen.see(CodeEdit, "JSON")
    text = editor.text()
    place = text.index("game") + 2
    editor.select_range(place, place)
    screen.type(editor, "xy")
    assert editor.text() == text[:place] + "xy" + text[place:]
    assert editor.selected_range() == (place + 2, place + 2)
    assert screen.see(QLineEdit, "Event name").text() == "gaxyme"


async def test_the_line_that_was_typed_in_keeps_its_caret(screen: Screen) -> None:
    name = screen.see(QLineEdit, "Event name")
    screen.focus(name)
    name.setCursorPosition(2)
    screen.type(name, "xy")
    assert (name.text(), name.cursorPosition()) == ("gaxyme", 4)


async def test_typing_in_the_url_keeps_its_caret_and_reaches_json_and_parameters(
    screen: Screen,
) -> None:
    url = screen.see(CodeEdit, "Request URL")
    end = len(url.text())
    url.select_range(end, end)
    screen.type(url, "&ip=1&unknown=x")
    assert url.selected_range() == (end + 15, end + 15)
    assert screen.see(QCheckBox, "ip").isChecked()
    assert screen.request.url.endswith("&ip=1&unknown=x")


async def test_typing_base64_changes_json_and_url(screen: Screen) -> None:
    data = base64.b64encode(b'{"event":"typed","properties":{"token":"t"}}').decode()
    screen.retype(screen.see(CodeEdit, "Base64 data"), data)
    assert screen.texts["json"] == '{"event":"typed","properties":{"token":"t"}}'
    assert screen.see(QLineEdit, "Event name").text() == "typed"
    assert screen.table("Properties") == [["token", "text", "t"]]


async def test_broken_json_leaves_base64_in_step_and_marks_the_place(screen: Screen) -> None:
    editor = screen.see(CodeEdit, "JSON")
    text = editor.text()
    place = text.index('"game"') + 6
    editor.select_range(place, place)
    screen.type(editor, ",")
    await screen.settle()
    assert _decoded(screen.texts["data"]) == text[:place] + "," + text[place:]
    assert _banner_over(editor).isVisible()
    assert screen.program.composer.verdict.value == 0
    assert len(_marked(editor, "error")) == 1
    (mark,) = [mark for mark in editor._marks if mark.kind == "error"]
    assert mark.start in (place, place + 1)


async def test_broken_base64_leaves_json_at_its_last_good_text_dimmed_and_labelled_so(
    screen: Screen,
) -> None:
    json_editor, data_editor = screen.see(CodeEdit, "JSON"), screen.see(CodeEdit, "Base64 data")
    good = json_editor.text()
    data_editor.select_range(8, 9)
    screen.type(data_editor, "!")
    assert json_editor.text() == good
    assert json_editor.property("dimmed") is True
    assert _banner_over(json_editor).isVisible()
    assert "last good" in _banner_over(json_editor).sentence
    screen.run("undo")
    assert json_editor.property("dimmed") is False
    assert not _banner_over(json_editor).isVisible()


async def test_json_that_was_left_behind_can_be_edited_again_and_everything_follows(
    screen: Screen,
) -> None:
    json_editor = screen.see(CodeEdit, "JSON")
    screen.retype(screen.see(CodeEdit, "Base64 data"), "!!!")
    screen.type(json_editor, " ")
    assert _decoded(screen.texts["data"]) == json_editor.text()
    assert json_editor.property("dimmed") is False


@pytest.mark.parametrize("name", EDITORS)
async def test_undo_and_redo_in_an_editor_are_the_documents(screen: Screen, name: str) -> None:
    before = screen.request
    screen.type(screen.see(QLineEdit, "Event name"), "s")
    after = screen.request
    screen.focus(screen.see(QPlainTextEdit, name))
    screen.press("Ctrl+Z")
    assert screen.request == before
    screen.press("Ctrl+Shift+Z")
    assert screen.request == after


@pytest.mark.parametrize("name", LINES)
async def test_undo_and_redo_in_a_line_are_the_documents(screen: Screen, name: str) -> None:
    before = screen.request
    screen.type(screen.see(QLineEdit, name), "abc")
    after = screen.request
    screen.press("Ctrl+Z")
    assert screen.request == before
    screen.press("Ctrl+Shift+Z")
    assert screen.request == after
    screen.press("Ctrl+Z", "Ctrl+Y")
    assert screen.request == after
    assert not screen.program.actions["redo"].isEnabled()


async def test_undo_in_one_face_takes_back_what_was_typed_in_another(screen: Screen) -> None:
    before = screen.request
    screen.type(screen.see(QLineEdit, "Event name"), "s")
    screen.click("img")
    screen.select("Method", "POST")
    screen.focus(screen.see(QLineEdit, "callback"))
    screen.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert screen.request == before
    assert screen.see(QLineEdit, "Event name").text() == "game"
    assert not screen.see(QCheckBox, "img").isChecked()
    assert screen.see(QComboBox, "Method").currentText() == "GET"


@pytest.mark.parametrize("name", ["ip", "img", "test", "verbose"])
async def test_a_check_box_writes_its_parameter_and_takes_it_away(
    screen: Screen, name: str
) -> None:
    before = screen.request.url
    screen.click(name)
    assert screen.request.url == f"{before}&{name}=1"
    assert screen.texts["url"] == screen.request.url
    screen.click(name)
    assert screen.request.url == before


@pytest.mark.parametrize("name", ["redirect", "callback"])
async def test_a_line_writes_its_parameter_and_follows_the_url(screen: Screen, name: str) -> None:
    before = screen.request.url
    line = screen.see(QLineEdit, name)
    screen.type(line, "a&b")
    assert screen.request.url == f"{before}&{name}=a%26b"
    url = screen.see(CodeEdit, "Request URL")
    screen.retype(url, f"http://127.0.0.1:8700/track?{name}=x%20y")
    assert line.text() == "x y"
    screen.retype(url, "http://127.0.0.1:8700/track")
    assert line.text() == ""


async def test_the_transport_moves_the_payload_and_shows_the_body(screen: Screen) -> None:
    payload = screen.texts["json"]
    body = screen.part(CodeEdit, "requestBody")
    assert not body.isVisible()
    screen.select("Transport", "POST form · Base64")
    assert screen.request.method == "POST"
    assert "data=" not in screen.request.url
    assert body.isVisible()
    assert body.text() == screen.request.body.decode()
    assert screen.texts["json"] == payload
    screen.select("Transport", "POST form · JSON")
    assert screen.texts["json"] == screen.texts["data"] == payload
    screen.select("Transport", "POST body · JSON")
    assert screen.request.body.decode() == payload
    screen.select("Transport", "GET · Base64")
    assert (screen.request.method, screen.request.body) == ("GET", b"")
    assert screen.texts["json"] == payload
    assert not body.isVisible()


async def test_the_method_takes_the_payload_along(screen: Screen) -> None:
    payload = screen.texts["json"]
    screen.select("Method", "POST")
    assert screen.see(QComboBox, "Transport").currentText() == "POST form · Base64"
    assert screen.request.body.startswith(b"data=")
    screen.select("Method", "GET")
    assert screen.see(QComboBox, "Transport").currentText() == "GET · Base64"
    assert screen.texts["json"] == payload


async def test_typing_in_the_body_changes_json(screen: Screen) -> None:
    screen.select("Method", "POST")
    body = screen.see(CodeEdit, "Request body")
    screen.retype(body, "data=eyJldmVudCI6ImIifQ==&ip=1")
    assert screen.texts["json"] == '{"event":"b"}'
    assert screen.see(QCheckBox, "ip").isChecked()
    assert screen.request.body == b"data=eyJldmVudCI6ImIifQ==&ip=1"


async def test_format_and_compact_lay_the_json_out_and_change_nothing_else(
    screen: Screen,
) -> None:
    value = json.loads(screen.texts["json"])
    screen.run("compact-json")
    compact = screen.texts["json"]
    assert "\n" not in compact
    assert json.loads(compact) == value
    screen.click("Format JSON")
    assert screen.texts["json"].count("\n") == len(value["properties"]) + 4
    assert json.loads(screen.texts["json"]) == value
    screen.run("undo")
    assert screen.texts["json"] == compact


async def test_a_new_request_is_one_that_would_be_answered_1_and_can_be_undone(
    screen: Screen,
) -> None:
    screen.retype(screen.see(CodeEdit, "Request URL"), "http://127.0.0.1:8700/track")
    broken = screen.request
    screen.press("Ctrl+N")
    await screen.settle()
    assert screen.program.composer.verdict.value == 1
    assert screen.see(QLineEdit, "Event name").hasFocus()
    screen.press("Ctrl+Z")
    assert screen.request == broken


async def test_the_request_is_what_it_was_after_everything_was_undone_and_redone(
    screen: Screen,
) -> None:
    states = [screen.request]
    for step in (
        lambda: screen.type(screen.see(QLineEdit, "Event name"), "1"),
        lambda: screen.click("verbose"),
        lambda: screen.select("Transport", "POST form · JSON"),
        lambda: screen.type(screen.see(QLineEdit, "callback"), "f"),
        lambda: screen.click("Add event"),
        lambda: screen.run("compact-json"),
    ):
        step()
        states.append(screen.request)
    assert len(set(states)) == len(states)
    for state in states[-2::-1]:
        screen.run("undo")
        assert screen.request == state
    for state in states[1:]:
        screen.run("redo")
        assert screen.request == state
