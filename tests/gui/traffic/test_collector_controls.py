"""What the window tells its collector: the era, strictness, faults; and the ledger of it all."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableView,
    QWidget,
)
from tests.gui.conftest import NewScreen
from tests.gui.screen import Screen, names_of
from tests.gui.traffic.captures import url_of
from tests.gui.traffic.test_live import arrive, show_live

from trackscope.gui.widgets.banner import Banner
from trackscope.wire.era import ERAS


async def send(screen: Screen, event: str, **properties: object) -> str:
    """Send an event to the collector as an SDK does; the answer's body, or its status."""
    address = screen.program.collector.address
    url = url_of(event, **properties).replace("http://api.mixpanel.com", address)

    def ask() -> str:
        try:
            with urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            with suppress(OSError):
                error.close()
            return str(error.code)

    return await asyncio.to_thread(ask)


def banner(screen: Screen) -> str:
    found = screen.part(Banner, "faultsOn")
    return found.sentence if found.isVisible() else ""


async def add_fault(screen: Screen, answer: str, requests: str, operand: str = "") -> None:
    screen.select("Answer", answer)
    screen.select("To", requests)
    if operand:
        screen.see(QLineEdit, "N").setText(operand)
    screen.click("Add fault")


async def test_strictness_changes_while_the_collector_runs(live: Screen) -> None:
    await show_live(live)
    address = live.program.collector.address
    assert await send(live, "game") == "1"
    live.part(QCheckBox, "strictCollector").click()
    await live.until(lambda: live.program.collector.standing.strict, "the collector's word")
    assert live.program.actions["strict"].isChecked()
    assert live.program.composer.book.is_strict
    assert live.program.collector.address == address
    live.run("strict")
    await live.until(lambda: not live.program.collector.standing.strict, "the collector's word")
    assert not live.part(QCheckBox, "strictCollector").isChecked()


async def test_the_era_and_strictness_come_back(new_screen: NewScreen) -> None:
    async with new_screen() as screen:
        await show_live(screen)
        assert screen.see(QComboBox, "Era").count() == len(ERAS)
        screen.select("Era", list(ERAS)[-1])
        screen.run("strict")
    async with new_screen() as screen:
        await show_live(screen)
        assert screen.see(QComboBox, "Era").currentText() == list(ERAS)[-1]
        assert screen.program.collector.standing.era == list(ERAS)[-1]
        assert screen.program.collector.standing.strict


async def test_faulty_answers_are_given_shown_and_followed(live: Screen) -> None:
    await show_live(live)
    assert await send(live, "game") == "1"
    await live.at_rest()
    live.press("Ctrl+Shift+Y")
    await add_fault(live, "500 Internal Server Error", "Every request")
    await live.until(lambda: bool(live.program.collector.standing.faults), "the fault")
    assert banner(live) == "Faulty answers are on: 500."
    assert await send(live, "signup", **{"$insert_id": "a"}) == "500"
    assert await send(live, "buy", **{"$insert_id": "b"}) == "500"
    live.part(QPushButton, "answerHonestly").click()
    await live.until(lambda: not live.program.collector.standing.faults, "honesty")
    assert banner(live) == ""
    assert await send(live, "signup", **{"$insert_id": "a"}) == "1"
    await live.until(lambda: "1 retried" in live.words("aftermathWords"), "what became of them")
    rows = [row[:4] for row in live.table("What became of events")]
    assert rows == [["signup", "500", "retried", "1"], ["buy", "500", "dropped", "never"]]


async def test_a_fault_is_removed_from_the_list(live: Screen) -> None:
    await show_live(live)
    live.run("faults")
    await add_fault(live, "0: refused", "Every Nth request", "3")
    await live.until(lambda: len(live.program.collector.standing.faults) == 1, "the fault")
    await add_fault(live, "None: the connection is cut", "Every request")
    await live.until(lambda: len(live.program.collector.standing.faults) == 2, "the other")
    faults = live.see(QListWidget, "Faults in force")
    assert [faults.item(row).text() for row in range(2)] == ["0 every 3", "cut"]
    faults.setCurrentRow(0)
    live.click("Remove fault")
    await live.until(lambda: list(map(str, live.program.collector.standing.faults)) == ["cut"])


async def test_a_value_that_is_none_is_refused_with_a_sentence(live: Screen) -> None:
    await show_live(live)
    live.run("faults")
    await add_fault(live, "0: refused", "Every Nth request", "often")
    assert "whole number" in live.words("faultMistake")
    assert live.program.collector.standing.faults == ()


async def test_a_collector_that_is_started_anew_answers_honestly(live: Screen) -> None:
    await show_live(live)
    live.run("faults")
    await add_fault(live, "0: refused", "Every request")
    await live.until(lambda: bool(banner(live)), "the banner")
    live.run("toggle-collector")
    assert banner(live) == ""
    live.run("toggle-collector")
    await live.until(lambda: bool(live.program.collector.address), "a collector that listens")
    assert await send(live, "game") == "1"


async def test_the_ledger_counts_by_event_and_follows_what_arrives(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, "view", "view", "buy")
    arrive(screen, "buy", verdict=0)
    await screen.at_rest()
    screen.press("Ctrl+Shift+L")

    def rows() -> dict[str, list[str]]:
        return {row[0]: row[2:5] for row in screen.table("Ledger")}

    await screen.until(lambda: "total" in rows(), "the ledger")
    assert rows() == {
        "view": ["2", "2", "0"], "buy": ["2", "1", "1"], "total": ["4", "3", "1"],
    }  # fmt: skip
    arrive(screen, "view")
    await screen.until(lambda: rows()["total"] == ["5", "4", "1"], "the next")
    assert "gaps cannot be told" in screen.part(QLabel, "ledgerNumbers").text()
    assert screen.see(QTableView, "Ledger").isVisible()


async def test_the_ledger_begins_with_the_run(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, "before")
    await screen.at_rest()
    screen.run("ledger")
    await screen.until(lambda: len(screen.table("Ledger")) == 2, "the ledger")
    screen.traffic.runs.start_over()
    await screen.at_rest()
    arrive(screen, "after")
    await screen.until(
        lambda: [row[0] for row in screen.table("Ledger")] == ["after", "total"], "the run's"
    )


async def test_whatever_takes_the_focus_has_a_name_and_an_object_name(live: Screen) -> None:
    await show_live(live)
    assert await send(live, "game") == "1"
    await live.at_rest()
    live.run("next-exchange")
    await live.settle()
    for command in ("start-over", "undo-start-over", "faults", "ledger", "connect-sdk"):
        live.run(command)
        await live.at_rest()
    live.run("judge-again")
    await live.settle()
    for widget in live.window.findChildren(QWidget):
        is_part = isinstance(widget.parent(), QAbstractScrollArea | QComboBox)
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible() or is_part:
            continue
        if not widget.objectName().startswith("qt_"):
            has_words = isinstance(widget, QPushButton) and widget.text()
            assert names_of(widget) or has_words, widget
            assert widget.objectName() or isinstance(widget.parent(), Banner), widget


async def test_an_exchange_is_judged_again_as_if_received_later(live: Screen) -> None:
    await show_live(live)
    now = int(time.time())
    assert await send(live, "game", time=now) == "1"
    assert await send(live, "buy", time=now) == "1"
    await live.at_rest()
    live.run("next-exchange")
    await live.until(lambda: live.part(QPushButton, "judgeAgain").isVisible(), "the detail")
    live.press("Ctrl+J")
    assert live.words("judgeSentence").endswith("it would be 1 as well.")
    live.click("3 days later")
    assert "it would be 0, not 1" in live.words("judgeSentence")
    (row,) = live.table("What changes")
    assert row[1:] == ["time.too-old", "error", "new"]
    live.select("Judge by", next(text for text in _eras(live) if text.startswith("classic")))
    assert live.words("judgeSentence").endswith("it would be 1 as well.")
    live.see(QLineEdit, "As if received").setText("tomorrow")
    assert "Write how much later" in live.words("judgeMistake")


def _eras(screen: Screen) -> list[str]:
    box = screen.see(QComboBox, "Judge by")
    return [box.itemText(row) for row in range(box.count())]


async def test_the_sender_is_a_column_and_a_row_of_the_detail(screen: Screen) -> None:
    await show_live(screen)
    version: dict[str, Any] = {"$lib_version": "2.83.0"}
    arrive(screen, "view", mp_lib="web", **version)
    await screen.at_rest()
    titles = [column.title for column in screen.requests.requests.columns]
    (row,) = screen.table("Captured requests")
    assert row[titles.index("Sender")] == "mixpanel-browser 2.83.0"
