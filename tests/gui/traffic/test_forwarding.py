"""Forwarding in the window: switched on and off in the running collector, shown, and followed."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QListWidget, QPushButton, QTableView
from tests.collector.memory_store import MemoryStore
from tests.gui.conftest import NewScreen
from tests.gui.screen import Screen
from tests.gui.traffic.test_collector_controls import send
from tests.gui.traffic.test_live import show_live

from trackscope.collector.server import Collector
from trackscope.gui.traffic.forward_window import OFF
from trackscope.gui.widgets.banner import Banner
from trackscope.wire.decoding import decode

OUTSIDE = "https://api.mixpanel.com"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@asynccontextmanager
async def other_collector() -> AsyncIterator[tuple[str, MemoryStore]]:
    """A second collector, and what it has received."""
    store = MemoryStore()
    collector = Collector(store)
    try:
        yield await collector.start(), store
    finally:
        await collector.stop()


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nothing listens, and nothing can begin to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def banner(screen: Screen, name: str = "forwarding") -> str:
    found = screen.part(Banner, name)
    return found.sentence if found.isVisible() else ""


def aim(screen: Screen, target: str) -> None:
    """Open the window, and fill in the target."""
    screen.press("Ctrl+Shift+O")
    screen.see(QComboBox, "Forward to").setCurrentText(target)


async def start(screen: Screen, target: str) -> None:
    aim(screen, target)
    screen.click("Start forwarding")
    await screen.until(lambda: f"Forwarding to {target}" in banner(screen), "forwarding")


async def test_what_is_received_goes_to_the_target_with_other_tokens(live: Screen) -> None:
    await show_live(live)
    address = live.program.collector.address
    assert await send(live, "before", token="mine") == "1"
    async with other_collector() as (target, received):
        aim(live, target)
        live.see(QLineEdit, "Token").setText("mine")
        live.see(QLineEdit, "Becomes").setText("theirs")
        live.click("Add token")
        assert live.see(QListWidget, "Tokens that are replaced").item(0).text() == "mine → theirs"
        live.click("Start forwarding")
        await live.until(lambda: "0 accepted" in banner(live), "the banner")
        assert "leaves" not in banner(live)
        assert f"forwarding to {target[7:]}" in live.window.collector.text()
        assert await send(live, "after", token="mine") == "1"
        await live.until(lambda: "1 accepted, 0 refused" in banner(live), "its arrival")
        (exchange,) = received.exchanges
        (event,) = decode(exchange.request).events or ()
        assert (event["event"], event["properties"]["token"]) == ("after", "theirs")
        assert live.see(QComboBox, "Forward to").currentText() == target
        assert not live.see(QComboBox, "Forward to").isEnabled()
        live.click("Stop forwarding")
        await live.until(lambda: not banner(live), "the end of it")
        assert live.words("forwardState") == OFF
        assert await send(live, "later", token="mine") == "1"
        assert len(received.exchanges) == 1
    assert live.program.collector.address == address


async def test_only_the_events_that_are_named_go(live: Screen) -> None:
    await show_live(live)
    async with other_collector() as (target, received):
        aim(live, target)
        live.see(QLineEdit, "Only with").setText("buy, view")
        live.part(QCheckBox, "forwardAccepted").click()
        live.click("Start forwarding")
        await live.until(lambda: bool(banner(live)), "forwarding")
        for name in ("game", "buy"):
            assert await send(live, name) == "1"
        await live.until(lambda: "1 accepted" in banner(live), "its arrival")
        assert [each.names for each in received.exchanges] == [("buy",)]


async def test_nothing_leaves_the_machine_before_that_was_agreed_to(live: Screen) -> None:
    await show_live(live)
    live.run("forward")
    live.select("Forward to", OUTSIDE)
    live.click("Start forwarding")
    assert "leaves this machine" in banner(live, "forwardQuestion")
    live.click("No")
    assert banner(live, "forwardQuestion") == ""
    assert live.program.collector.forwarding.current is None
    live.click("Start forwarding")
    live.click("Send it to api.mixpanel.com")
    await live.until(lambda: f"Forwarding to {OUTSIDE}" in banner(live), "forwarding")
    assert "leaves this machine" in banner(live)
    assert "forwarding to api.mixpanel.com" in live.window.collector.text()
    live.choose(live.window.collector.menu(), "Stop forwarding")
    await live.until(lambda: not banner(live), "the end of it")
    live.click("Start forwarding")
    await live.until(lambda: bool(banner(live)), "forwarding, agreed to already")


@pytest.mark.parametrize(
    ("target", "said"), [("nowhere", "Nothing can be forwarded"), ("", "Nothing can be")]
)
async def test_what_is_no_target_is_refused(live: Screen, target: str, said: str) -> None:
    await show_live(live)
    aim(live, target)
    live.click("Start forwarding")
    assert said in live.words("forwardMistake")


async def test_the_collector_itself_is_refused(live: Screen) -> None:
    await show_live(live)
    aim(live, live.program.collector.address)
    live.click("Start forwarding")
    assert "is this collector itself" in live.words("forwardMistake")


async def test_half_a_pair_of_tokens_is_refused(live: Screen) -> None:
    await show_live(live)
    aim(live, OUTSIDE)
    live.see(QLineEdit, "Becomes").setText("theirs")
    live.click("Start forwarding")
    assert "Fill in both" in live.words("forwardMistake")


async def test_a_trouble_is_listed_and_leads_to_its_exchange(live: Screen, nobody: str) -> None:
    await show_live(live)
    assert await send(live, "first") == "1"
    await start(live, nobody)
    assert await send(live, "second") == "1"
    await live.until(lambda: len(live.table("What was not forwarded")) == 1, "the trouble")
    assert "1 waiting" in banner(live)
    (row,) = live.table("What was not forwarded")
    assert "Nothing is listening" in row[0]
    assert row[1:3] == ["waiting", "2"]
    table = live.see(QTableView, "What was not forwarded")
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    await live.until(lambda: "waits to be forwarded" in live.words("forwardWords"), "its state")
    assert live.requests.current_id() == 2
    live.requests.select_id(1)
    await live.until(lambda: live.words("forwardWords") == "", "one that goes nowhere")


async def test_an_exchange_says_what_became_of_it_while_it_is_looked_at(live: Screen) -> None:
    await show_live(live)
    async with other_collector() as (target, _):
        await start(live, target)
        assert await send(live, "game") == "1"
        await live.at_rest()
        live.requests.select_id(1)
        await live.until(lambda: "accepted there" in live.words("forwardWords"), "its state")
        assert target in live.words("forwardWords")


async def test_what_waits_is_said_by_the_next_run_and_sent_when_asked_for(
    new_screen: NewScreen, nobody: str
) -> None:
    async with new_screen() as screen:
        await screen.start_collector()
        await show_live(screen)
        await start(screen, nobody)
        assert await send(screen, "game") == "1"
        await screen.until(lambda: "1 waiting" in banner(screen), "the trouble")
    async with new_screen() as screen:
        await screen.start_collector()
        await show_live(screen)
        await screen.until(lambda: bool(banner(screen)), "what waits")
        assert banner(screen) == (
            f"Not forwarded yet: 1 request for {nobody}. Nothing goes there until you say so."
        )
        assert screen.program.collector.forwarding.current is None
        screen.click("Forward…")
        assert screen.see(QComboBox, "Forward to").currentText() == nobody
        screen.click("Start forwarding")
        await screen.until(lambda: f"Forwarding to {nobody}" in banner(screen), "forwarding")


async def test_what_waits_can_be_dropped(live: Screen, nobody: str) -> None:
    await show_live(live)
    await start(live, nobody)
    assert await send(live, "game") == "1"
    await live.until(lambda: "1 waiting" in banner(live), "the trouble")
    assert not live.see(QPushButton, "Never send what waits").isEnabled()
    live.click("Stop forwarding")
    await live.until(lambda: "Not forwarded yet" in banner(live), "what waits")
    live.click("Never send what waits")
    await live.until(lambda: banner(live) == "", "that nothing waits")
    assert "1 request is not forwarded any more" in live.said
    live.requests.select_id(1)
    await live.until(lambda: "out of the queue" in live.words("forwardWords"), "its state")


async def test_a_collector_that_is_started_anew_forwards_nothing(live: Screen) -> None:
    await show_live(live)
    async with other_collector() as (target, received):
        await start(live, target)
        live.run("toggle-collector")
        assert banner(live) == ""
        assert "forwarding" not in live.window.collector.text()
        live.run("toggle-collector")
        await live.until(lambda: bool(live.program.collector.address), "a collector")
        assert await send(live, "game") == "1"
        await live.settle()
        assert received.exchanges == []


async def test_a_button_of_the_banner_keeps_the_focus_while_the_counts_change(
    live: Screen,
) -> None:
    await show_live(live)
    async with other_collector() as (target, _):
        await start(live, target)
        button = next(each for each in live.all_named("Stop") if each.isVisible())
        button.setFocus()
        assert await send(live, "game") == "1"
        await live.until(lambda: "1 accepted" in banner(live), "its arrival")
        assert next(each for each in live.all_named("Stop")) is button
