"""Texts that mean harm, or nothing: the window lives, shows them as they are, loses nothing."""

from __future__ import annotations

import base64
import json

import pytest
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QMessageBox
from tests.gui.screen import Screen
from tests.sender.scripted_server import ScriptedServer, closing

from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.wire.json_text import dumps

TEXTS = {
    "empty": "",
    "nul": "a\0b",
    "controls": "".join(map(chr, range(32))),
    "lone surrogates": "\ud83d \udc00 \ud83d",
    "markup": '<img src="file:///etc/passwd"><b>bold</b>',
    "entities": "&lt;b&gt; &amp; &#0;",
    "directions": "user\u202egpj.exe\u202c \u2066x\u2069 \u200f",
    "separators": "a\u2028b\u2029c\x85d\u00a0e\ufeff",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 é e\u0301",
    "noncharacters": "\ufdd0 \uffff \U0010ffff",
    "format": "%s %n {0} ${HOME} `id` \\u0041 \\",
    "shortcut": "&File && &",
    "many lines": "x\r\ny\rz\n" * 500,
    "one long word": "w" * 1_000_000,
}
RAW = {
    "empty": "",
    "blank": " \n\t ",
    "nul": "\0\0\0",
    "deep": "[" * 100_000,
    "deep and closed": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 50_000,
    "long line": '{"event":"' + "x" * 1_000_000 + '"}',
    "long number": '{"event":"a","properties":{"n":' + "9" * 100_000 + "}}",
    "huge exponent": '{"event":"a","properties":{"n":1e999999999,"m":-1e-999999999}}',
    "lone surrogates": '{"event":"\ud83d","\udc00":"\\ud83d"}',
    "twice the same": '{"event":"a","event":"b","properties":{"token":"t","token":"u"}}',
    "not json": "<html><img src=x></html>",
    "many events": "[" + ",".join(['{"event":"e","properties":{}}'] * 3_000) + "]",
    "many properties": json.dumps(
        {"event": "a", "properties": {f"p{number}": number for number in range(3_000)}}
    ),
}


def _labels_are_plain(screen: Screen) -> None:
    for label in screen.window.findChildren(QLabel):
        is_plain = label.textFormat() is Qt.TextFormat.PlainText
        assert is_plain or not QtGui.Qt.mightBeRichText(label.text()), label.objectName()
        assert len(label.text()) < 3_000


@pytest.mark.parametrize("kind", TEXTS)
async def test_an_events_name_and_property_can_be_any_text(screen: Screen, kind: str) -> None:
    text = TEXTS[kind]
    payload = f'{{"event":{dumps(text)},"properties":{{{dumps(text)}:{dumps(text)}}}}}'
    data = base64.b64encode(payload.encode("utf-8", "surrogatepass")).decode()
    screen.see(CodeEdit, "Base64 data").select_range(0, 10_000_000)
    screen.see(CodeEdit, "Base64 data").insert(data)
    await screen.settle()
    assert screen.events == ({"event": text, "properties": {text: text}},)
    assert screen.see(CodeEdit, "JSON").text() == payload
    (row,) = screen.table("Properties")
    assert len(row[0]) <= 2_000
    screen.window.grab()
    _labels_are_plain(screen)


@pytest.mark.parametrize("kind", TEXTS)
async def test_a_row_that_is_opened_and_left_alone_stays_as_it_is(
    screen: Screen, kind: str
) -> None:
    text = TEXTS[kind]
    payload = f'{{"event":"a","properties":{{"p":{dumps(text)}}}}}'
    screen.see(CodeEdit, "JSON").select_range(0, 10_000_000)
    screen.see(CodeEdit, "JSON").insert(payload)
    before = screen.request
    for column in (0, 2):
        screen.open_cell("p", column)
        screen.press("Return")
        await screen.settle()
    assert screen.request == before


@pytest.mark.parametrize("name", ["\\ud83d", "x" * 40_000], ids=["half a pair", "too long"])
async def test_typing_where_a_name_does_not_fit_changes_nothing(screen: Screen, name: str) -> None:
    screen.see(CodeEdit, "JSON").select_range(0, 10_000_000)
    screen.see(CodeEdit, "JSON").insert(f'{{"event":"{name}"}}')
    before = screen.request
    screen.type(screen.see(QLineEdit, "Event name"), "more")
    assert screen.request == before


@pytest.mark.parametrize("kind", RAW)
async def test_any_payload_is_shown_judged_and_sent_as_it_is(screen: Screen, kind: str) -> None:
    text = RAW[kind]
    editor = screen.see(CodeEdit, "JSON")
    editor.select_range(0, 10_000_000)
    editor.insert(text)
    screen.program.composer.judge_now()
    await screen.settle()
    assert editor.text() == text
    data = screen.see(CodeEdit, "Base64 data").text()
    assert base64.b64decode(data) == text.encode("utf-8", "surrogatepass")
    screen.window.grab()
    _labels_are_plain(screen)
    screen.run("undo")
    assert screen.see(QLineEdit, "Event name").text() == "game"


@pytest.mark.parametrize("kind", RAW)
async def test_any_text_can_be_pasted_as_anything(screen: Screen, kind: str) -> None:
    before = screen.request
    screen.program.intake.read(RAW[kind])
    await screen.settle()
    screen.window.grab()
    if screen.request != before:
        screen.run("undo")
    assert screen.request == before


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "nonsense",
        "http://",
        "http://[",
        "http://[::1",
        "http://127.0.0.1:99999999/",
        "http://127.0.0.1\n:1/track",
        "http://\ud83d/",
        "http://a\0b/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://127.0.0.1:1/?data=%zz%&=&&&&==",
        "http://user:secret@127.0.0.1:1/track",
        "http://127.0.0.1:1/" + "x" * 200_000,
    ],
    ids=lambda url: repr(url)[:30],
)
async def test_any_url_is_kept_as_it_is_and_sending_it_fails_with_a_sentence(
    screen: Screen, url: str
) -> None:
    editor = screen.see(CodeEdit, "Request URL")
    editor.select_range(0, 10_000_000)
    editor.insert(url)
    await screen.settle()
    assert screen.request.url == editor.text() == url
    screen.window.grab()
    screen.click("Send")
    await screen.until(lambda: not screen.program.sending.is_sending or _asks(screen), "an end")
    assert not _asks(screen) or "127.0.0.1:1" not in url
    if not _asks(screen):
        await screen.settle()
        assert screen.headline == "no answer"
        assert len(screen.words("answerSentence")) > 10
    screen.press("Esc")
    await screen.sent()
    _labels_are_plain(screen)


def _asks(screen: Screen) -> bool:
    return bool(screen.window.findChildren(QMessageBox))


ANSWERS = {
    "nothing": b"",
    "not http": b"\x00\x01\x02SSH-2.0\r\n\r\n",
    "markup": b"<img src='file:///etc/passwd'><script>alert(1)</script>",
    "binary": bytes(range(256)) * 20,
    "a megabyte in one line": b"1" * 1_000_000,
    "more than is read": b"1" * 3_000_000,
    "deep json": b'{"status":' + b"[" * 50_000,
    "a broken picture": b"GIF89a\xff\xff\xff\xff" + b"\x00" * 100,
}


def _answer(body: bytes, content_type: bytes) -> bytes:
    head = b"HTTP/1.1 200 <b>OK</b>\r\nContent-Type: %s\r\nX-Odd: <i>\xff\xe2\x80\xae\r\n"
    return (head + b"Content-Length: %d\r\n\r\n%s") % (content_type, len(body), body)


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("content_type", [b"text/html", b"image/gif", b"application/json"])
async def test_any_answer_is_shown_as_text(screen: Screen, kind: str, content_type: bytes) -> None:
    body = ANSWERS[kind]
    answer = body if kind in ("nothing", "not http") else _answer(body, content_type)
    server = ScriptedServer(closing(answer))
    await server.start()
    editor = screen.see(CodeEdit, "Request URL")
    editor.select_range(0, 10_000_000)
    editor.insert(server.url("/track/?data=e30%3D&verbose=1"))
    await screen.send()
    await server.stop()
    assert screen.headline
    screen.window.grab()
    _labels_are_plain(screen)
    if answer is not body:
        screen.click("Answer: headers")
        screen.click("Answer: raw")
        screen.window.grab()
    assert len(screen.table("History")) == 1


async def test_a_hostile_name_is_shown_with_its_characters_named(screen: Screen) -> None:
    screen.see(CodeEdit, "JSON").select_range(0, 10_000_000)
    screen.see(CodeEdit, "JSON").insert(dumps({"event": "user\u202egpj.exe"}))
    events = screen.see(QListWidget, "Events")
    assert events.item(0).text() == "user⟨202E⟩gpj.exe"
