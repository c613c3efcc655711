"""Send: the answer as the headline, why it is 0, and what is done where none comes."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox, QPushButton
from tests.gui.screen import Screen
from tests.sender.scripted_server import LOGGED, Script, ScriptedServer, silent

from trackscope.capture.exchange import Exchange, Origin
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.wire.request import TrackRequest

EVENT = '{"event":"a","properties":{"token":"t","distinct_id":"d"}}'


@asynccontextmanager
async def server(script: bytes | Script) -> AsyncIterator[ScriptedServer]:
    """A server of another program on this machine."""
    scripted = ScriptedServer(script)
    await scripted.start()
    try:
        yield scripted
    finally:
        await scripted.stop()


def plain_answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


def aim_at(screen: Screen, scripted: ScriptedServer, payload: str = EVENT) -> None:
    """Type the URL of the server with a payload."""
    data = base64.b64encode(payload.encode()).decode()
    screen.retype(screen.see(CodeEdit, "Request URL"), scripted.url(f"/track/?data={data}"))


def described(screen: Screen) -> str:
    return screen.part(QLabel, "answer").accessibleDescription()


async def test_a_good_event_is_answered_1_and_stands_in_the_history(live: Screen) -> None:
    await live.send()
    assert live.headline == "1"
    assert live.words("answerSentence") in described(live)
    assert live.words("answerReason") == ""
    (row,) = live.table("History")
    assert row[1:4] == ["GET", "game", "1"]
    assert live.see(CodeEdit, "Answer body").text() == "1"


async def test_an_old_event_is_answered_0_with_the_collectors_own_reason(live: Screen) -> None:
    live.edit_cell("time", 1, "seconds ago")
    live.edit_cell("time", 2, "500000")
    await live.send()
    assert live.headline == "0"
    reason = live.words("answerReason")
    assert "Predicted" not in reason
    assert reason in described(live)
    exchange = live.history.load(live.rows[0].id)
    assert [each.rule for each in exchange.findings if each.severity == "error"] == ["time.too-old"]
    assert live.table("History")[0][3] == "0"


@pytest.mark.parametrize(
    ("name", "value", "headline"),
    [
        ("img", "", "1×1 GIF"),
        ("verbose", "", "1"),
        ("redirect", "https://www.example.com/thanks", "→ redirect"),
        ("callback", "mixpanel.done", "mixpanel.done(1)"),
    ],
)
async def test_every_kind_of_answer_is_a_headline(
    live: Screen, name: str, value: str, headline: str
) -> None:
    if value:
        live.type(live.see(QLineEdit, name), value)
    else:
        live.click(name)
    await live.send()
    assert live.headline == headline
    assert live.words("answerSentence") in described(live)


async def test_a_strict_collector_says_0_to_what_the_other_takes(live: Screen) -> None:
    address = live.program.collector.address
    live.retype(live.see(CodeEdit, "JSON"), EVENT.replace('"t"', '""'))
    live.run("strict")
    collector = live.program.collector
    await live.until(lambda: bool(collector.address), "a strict collector")
    assert live.program.composer.book.is_strict
    assert collector.address.rpartition(":")[0] == address.rpartition(":")[0]
    await live.send()
    exchange = live.history.load(live.rows[0].id)
    assert exchange.strict
    assert str(exchange.verdict) == live.headline
    assert exchange.predicted == exchange.verdict


async def test_time_that_is_now_is_made_anew_for_each_send(live: Screen) -> None:
    await live.send()
    sent = live.history.load(live.rows[0].id)
    data = sent.request.url.partition("data=")[2]
    assert live.request.url.endswith(data)


async def test_without_a_collector_there_is_no_answer_but_a_next_step(live: Screen) -> None:
    live.choose(live.window.collector.menu(), "Stop the collector")
    await live.send()
    assert live.headline == "no answer"
    assert "Nothing is listening on 127.0.0.1" in live.words("answerSentence")
    assert live.words("answerReason")
    assert live.table("History")[0][3] == "no answer"
    await live.start_collector()
    await live.send()
    assert live.headline == "1"


async def test_esc_cancels_a_request_that_is_never_answered_and_it_is_kept(
    screen: Screen,
) -> None:
    async with server(silent) as scripted:
        aim_at(screen, scripted)
        screen.click("Send")
        await scripted.asked.wait()
        assert screen.see(QPushButton, "Cancel").isEnabled()
        screen.press("Esc")
        await screen.sent()
        await scripted.left.wait()
        assert screen.see(QPushButton, "Send").isEnabled()
    await screen.until(lambda: len(screen.rows) == 1, "the row")
    exchange = screen.history.load(screen.rows[0].id)
    assert exchange.reply is None
    assert exchange.failure == "You stopped it before the answer came."
    assert screen.headline == "no answer"
    assert screen.words("answerSentence") == "You stopped it before the answer came"


async def test_the_cancel_button_cancels_too(screen: Screen) -> None:
    async with server(silent) as scripted:
        aim_at(screen, scripted)
        screen.click("Send")
        await scripted.asked.wait()
        screen.click("Cancel")
        await screen.sent()
    await screen.until(lambda: len(screen.rows) == 1, "the row")
    assert screen.headline == "no answer"


async def test_the_window_lives_while_a_request_waits(screen: Screen) -> None:
    async with server(silent) as scripted:
        aim_at(screen, scripted)
        screen.click("Send")
        await scripted.asked.wait()
        screen.retype(screen.see(QLineEdit, "Event name"), "meanwhile")
        assert screen.events[0]["event"] == "meanwhile"
        await screen.until(lambda: "Sending" in screen.words("answerSentence"), "the progress")
        screen.press("Esc")
        await screen.sent()
        await screen.until(lambda: len(screen.rows) == 1, "the row")
    assert screen.rows[0].names == ("a",)


async def test_closing_the_window_stops_a_request_and_keeps_it(
    new_screen: Callable[[], Screen],
) -> None:
    async with server(silent) as scripted:
        async with new_screen() as first:
            aim_at(first, scripted)
            first.click("Send")
            await scripted.asked.wait()
        async with new_screen() as second:
            await second.until(lambda: len(second.rows) == 1, "the row")
            assert second.table("History")[0][3] == "no answer"


async def test_the_answer_of_another_server_is_explained_by_the_prediction(
    screen: Screen,
) -> None:
    async with server(plain_answer(b"0")) as scripted:
        aim_at(screen, scripted, '{"event":"a","properties":{}}')
        await screen.send()
    assert screen.headline == "0"
    assert screen.words("answerReason").startswith("Predicted")
    assert screen.words("answerDisagreement") == ""


@pytest.mark.parametrize(
    ("payload", "answer", "words"),
    [
        ('{"event":"a","properties":{}}', LOGGED, "predicted 0"),
        (EVENT, plain_answer(b"0"), "predicted 1"),
    ],
)
async def test_a_server_that_disagrees_with_the_rules_is_said_to_do_so(
    screen: Screen, payload: str, answer: bytes, words: str
) -> None:
    async with server(answer) as scripted:
        aim_at(screen, scripted, payload)
        await screen.send()
    assert words in screen.words("answerDisagreement")


@pytest.mark.parametrize("how", ["Cancel", "Esc"])
async def test_a_target_that_is_not_this_machine_is_asked_about_before_anything_leaves(
    screen: Screen, how: str
) -> None:
    box = screen.see(QComboBox, "Target")
    entry = next(
        box.itemText(n) for n in range(box.count()) if "api.mixpanel.com" in box.itemText(n)
    )
    screen.select("Target", entry)
    assert screen.request.url.startswith("https://api.mixpanel.com/track/?data=")
    assert box.property("tone") == "attention"
    screen.click("Send")
    await screen.until(lambda: bool(screen.window.findChildren(QMessageBox)), "the question")
    (question,) = screen.window.findChildren(QMessageBox)
    assert "https://api.mixpanel.com" in question.text()
    if how == "Esc":
        question.reject()
    else:
        question.button(QMessageBox.StandardButton.Cancel).click()
    await screen.sent()
    assert screen.history.count() == 0


async def test_an_sdks_event_that_the_collector_receives_appears_by_itself(live: Screen) -> None:
    address = live.program.collector.address.removeprefix("http://")
    host, _, port = address.rpartition(":")
    body = b"data=" + base64.b64encode(EVENT.replace('"a"', '"from an SDK"').encode())
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /track/ HTTP/1.1\r\nHost: {address}\r\nContent-Length: {len(body)}\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    writer.write((head + form).encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.endswith(b"1")
    await live.until(lambda: len(live.rows) == 1, "the row")
    assert live.table("History")[0][1:4] == ["POST", "from an SDK", "1"]
    assert live.history.load(live.rows[0].id).origin is Origin.RECEIVED


async def test_a_test_event_is_sent_and_the_draft_stays(live: Screen) -> None:
    live.retype(live.see(QLineEdit, "Event name"), "mine")
    draft = live.request
    live.press("Ctrl+T")
    await live.sent()
    assert live.headline == "1"
    assert live.table("History")[0][2] == "game"
    assert live.request == draft


async def test_enter_in_the_url_sends(live: Screen) -> None:
    live.focus(live.see(CodeEdit, "Request URL"))
    live.press("Return")
    await live.sent()
    assert live.headline == "1"


@pytest.mark.parametrize("name", ["Event name", "JSON", "Base64 data", "Request URL", "callback"])
async def test_the_key_of_send_works_from_every_field(live: Screen, name: str) -> None:
    fields = [each for each in live.all_named(name) if isinstance(each, QLineEdit | CodeEdit)]
    live.focus(fields[0])
    live.press("Ctrl+Return")
    await live.sent()
    assert (live.headline, len(live.rows)) == ("1", 1)


async def test_the_draft_is_sent_as_it_is_written(screen: Screen) -> None:
    async with server(LOGGED) as scripted:
        target = "/track/?data=%7B%22event%22&x=1&x=2&=&a%zz#frag"
        screen.retype(screen.see(CodeEdit, "Request URL"), scripted.url(target))
        await screen.send()
        (request,) = scripted.requests
    assert request.startswith(b"GET /track/?data=%7B%22event%22&x=1&x=2&=&a%zz HTTP/1.1\r\n")


async def test_tabs_show_headers_and_the_raw_answer(live: Screen) -> None:
    await live.send()
    live.click("Answer: headers")
    assert "Content-Type: text/plain" in live.see(CodeEdit, "Answer headers").text()
    live.click("Answer: raw")
    raw = live.see(CodeEdit, "Answer raw").text()
    assert raw.startswith("HTTP/1.1 200 OK\n")
    assert raw.endswith("\n\n1")


async def test_verbose_says_why_in_json(live: Screen) -> None:
    live.click("verbose")
    live.retype(live.see(CodeEdit, "Base64 data"), "!")
    await live.send()
    assert live.headline == "0"
    body = json.loads(live.see(CodeEdit, "Answer body").text())
    assert body["status"] == 0
    assert body["error"]


async def test_what_went_to_another_machine_is_asked_about_also_when_it_is_sent_again(
    screen: Screen,
) -> None:
    request = TrackRequest("GET", "https://api.mixpanel.com/track/?data=e30%3D")
    screen.history.append(Exchange(request, Origin.SENT, 1322092800.0, target="Mixpanel"))
    await screen.until(lambda: len(screen.rows) == 1, "the row")
    screen.choose_row(0)
    screen.press("Ctrl+Shift+R")
    await screen.until(lambda: bool(screen.window.findChildren(QMessageBox)), "the question")
    (question,) = screen.window.findChildren(QMessageBox)
    assert "https://api.mixpanel.com" in question.text()
    question.reject()
    await screen.sent()
    assert screen.history.count() == 1


async def test_a_test_event_goes_to_the_collector_wherever_the_draft_goes(live: Screen) -> None:
    live.retype(live.see(CodeEdit, "Request URL"), "https://api.mixpanel.com/track/?data=")
    live.press("Ctrl+T")
    await live.sent()
    assert live.headline == "1"
    assert live.rows[0].target == "Built-in collector"
