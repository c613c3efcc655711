"""Pasting and dropping: what it is decides what it becomes, in one step of undo."""

from __future__ import annotations

import base64

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from tests.gui.screen import Screen

from trackscope.capture.snippet import SNIPPETS, available
from trackscope.gui.widgets.code_edit import CodeEdit

PAYLOAD = '{"event":"pasted","properties":{"token":"t","distinct_id":"d"}}'
DATA = base64.b64encode(PAYLOAD.encode()).decode()
URL = f"http://127.0.0.1:9/track/?data={DATA.replace('=', '%3D')}&ip=1"
REQUESTS = {
    "URL": URL,
    "curl": f"curl 'http://127.0.0.1:9/track/' --data-urlencode 'data={DATA}' -d ip=1",
    "JSON": PAYLOAD,
    "Base64": DATA,
}
EDITORS = ("JSON", "Base64 data", "Request URL")


@pytest.mark.parametrize("kind", REQUESTS)
async def test_paste_anything_reads_a_request(screen: Screen, kind: str) -> None:
    before = screen.request
    QGuiApplication.clipboard().setText(REQUESTS[kind])
    screen.press("Ctrl+Shift+V")
    await screen.settle()
    assert screen.see(QLineEdit, "Event name").text() == "pasted"
    assert "ip=1" in screen.request.url + screen.request.body.decode() or kind in ("JSON", "Base64")
    assert screen.said.startswith("Read from")
    screen.press("Ctrl+Z")
    assert screen.request == before


@pytest.mark.parametrize("editor", EDITORS)
@pytest.mark.parametrize("kind", ["URL", "curl"])
async def test_a_request_pasted_into_an_editor_is_taken_over_as_a_whole(
    screen: Screen, editor: str, kind: str
) -> None:
    before = screen.request
    await screen.paste(editor, REQUESTS[kind])
    assert screen.see(QLineEdit, "Event name").text() == "pasted"
    assert screen.see(CodeEdit, "JSON").text() == PAYLOAD
    screen.run("undo")
    assert screen.request == before


async def test_json_pasted_into_json_is_inserted_as_it_is(screen: Screen) -> None:
    editor = screen.see(CodeEdit, "JSON")
    screen.focus(editor)
    editor.selectAll()
    await screen.paste("JSON", f"  {PAYLOAD}\n")
    assert editor.text() == f"  {PAYLOAD}\n"
    screen.run("undo")
    assert screen.see(QLineEdit, "Event name").text() == "game"


async def test_base64_pasted_into_base64_replaces_what_is_selected(screen: Screen) -> None:
    editor = screen.see(CodeEdit, "Base64 data")
    editor.selectAll()
    await screen.paste("Base64 data", DATA)
    assert editor.text() == DATA
    assert screen.see(CodeEdit, "JSON").text() == PAYLOAD


async def test_a_word_pasted_into_an_editor_is_only_inserted(screen: Screen) -> None:
    editor = screen.see(CodeEdit, "JSON")
    place = editor.text().index("game")
    editor.select_range(place, place + 4)
    await screen.paste("JSON", "word & <b>")
    assert screen.events[0]["event"] == "word & <b>"


async def test_what_is_no_request_is_said_to_be_none(screen: Screen) -> None:
    before = screen.request
    QGuiApplication.clipboard().setText("nothing of that kind")
    screen.press("Ctrl+Shift+V")
    await screen.settle()
    assert screen.request == before
    assert screen.said not in ("", "Ready")


async def test_an_empty_clipboard_does_no_harm(screen: Screen) -> None:
    before = screen.request
    QGuiApplication.clipboard().clear()
    screen.press("Ctrl+Shift+V")
    await screen.settle()
    assert screen.request == before


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda each: each.id)
async def test_what_is_copied_in_any_form_pastes_back_as_the_same_request(
    screen: Screen, snippet: object
) -> None:
    id_ = getattr(snippet, "id", "")
    screen.click("img")
    request = screen.request
    assert not available(request, id_)
    screen.program.workspace.url_row.copied.emit(id_)
    assert screen.said.startswith("Copied as")
    screen.press("Ctrl+N")
    screen.press("Ctrl+Shift+V")
    await screen.settle()
    assert screen.request.url == request.url
    assert screen.request.method == request.method
