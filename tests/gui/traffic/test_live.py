"""What arrives: held back, out of view, by runs, refused, and the SDKs that send it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.request import urlopen

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton
from tests.gui.conftest import NewScreen
from tests.gui.screen import Screen
from tests.gui.traffic.captures import url_of

from trackscope.capture.exchange import Exchange, Origin
from trackscope.gui.traffic.detail import NONE, DetailArea
from trackscope.gui.traffic.live_bar import LiveBar
from trackscope.gui.traffic.newest_pill import NewestPill
from trackscope.gui.traffic.row_control import MANY
from trackscope.gui.widgets.badge import Badge
from trackscope.session.connecting import SDKS
from trackscope.wire.request import TrackRequest

NOON = 1_322_136_000.0


async def show_live(screen: Screen) -> None:
    """Traffic, with what is sent and received."""
    screen.press("Ctrl+2")
    screen.traffic.source.show(1)
    await screen.at_rest()


def arrive(screen: Screen, *events: str, verdict: int = 1, **properties: object) -> None:
    """What the collector writes when a request comes, in one go."""
    exchange = Exchange(TrackRequest("GET", ""), Origin.RECEIVED, NOON, verdict=verdict)
    screen.history.append_many(
        replace(exchange, request=TrackRequest("GET", url_of(name, **properties)), names=(name,))
        for name in events
    )


def pill(screen: Screen) -> NewestPill:
    return screen.part(NewestPill, "newestPill")


def badge(screen: Screen) -> str:
    found = screen.part(Badge, "heldBadge")
    return found.text() if found.isVisible() else ""


async def test_a_paused_list_stands_still_and_counts_what_it_keeps_back(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, "first")
    await screen.at_rest()
    screen.press("Ctrl+P")
    assert badge(screen) == "paused"
    arrive(screen, "second", "third")
    await screen.until(lambda: badge(screen) == "paused, 2 new", "the count")
    arrive(screen, "fourth")
    await screen.until(lambda: badge(screen) == "paused, 3 new", "the count")
    assert screen.listed == ["first"]
    screen.click("Resume")
    await screen.at_rest()
    assert screen.listed == ["fourth", "third", "second", "first"]
    assert badge(screen) == ""


async def test_a_filter_applies_to_what_a_paused_list_keeps_back(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, "first")
    await screen.at_rest()
    screen.traffic.workspace.tools.filter.set_filter("event:buy")
    await screen.at_rest()
    screen.run("pause-list")
    arrive(screen, "view", "buy", "view")
    await screen.until(lambda: badge(screen) == "paused, 1 new", "the count")
    screen.run("pause-list")
    await screen.at_rest()
    assert screen.listed == ["buy"]


async def test_a_list_that_is_scrolled_away_does_not_jump(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, *(f"event {number}" for number in range(80)))
    await screen.at_rest()
    bar = screen.requests.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    anchor = screen.requests.anchor()
    arrive(screen, "one", "other")
    await screen.until(lambda: pill(screen).isVisible(), "the pill")
    assert pill(screen).text() == "2 new"
    assert screen.requests.anchor() == anchor
    screen.press("Ctrl+Home")
    assert bar.value() == 0
    assert not pill(screen).isVisible()
    arrive(screen, "newest")
    await screen.until(lambda: len(screen.requests.requests.rows) == 83, "the newest")
    assert bar.value() == 0
    assert not pill(screen).isVisible()


async def test_what_takes_the_place_of_a_selected_request_is_selected(screen: Screen) -> None:
    await show_live(screen)
    request = TrackRequest("GET", url_of("view"))
    received = Exchange(request, Origin.RECEIVED, NOON, verdict=1, request_id="r1")
    screen.history.append(received)
    await screen.at_rest()
    screen.run("next-exchange")
    sent_id = screen.history.append(replace(received, origin=Origin.SENT))
    await screen.until(lambda: screen.requests.current_id() == sent_id, "the selection")
    assert len(screen.listed) == 1


async def test_of_several_selected_none_of_which_is_current_it_is_said(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, "one", "other")
    await screen.at_rest()
    detail = screen.part(DetailArea, "detailArea")
    shown = detail.findChildren(QLabel, "emptyState")
    assert [each.text() for each in shown] == [NONE]
    screen.requests.selectAll()
    assert [each.text() for each in shown] == [MANY]


async def test_the_row_grows_with_the_zoom(screen: Screen) -> None:
    await show_live(screen)
    bar = screen.part(LiveBar, "liveBar")
    height, width = bar.height(), screen.see(QLineEdit, "Collector address").width()
    screen.run("zoom-in")
    await screen.until(lambda: bar.height() > height, "the zoom")
    assert screen.see(QLineEdit, "Collector address").width() > width


async def test_the_rate_is_told_and_fades(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, *["view"] * 30)
    await screen.until(lambda: screen.words("arrivalRate") == "10 /s", "the rate")
    await screen.until(lambda: screen.words("arrivalRate") == "0 /s", "its end")


async def test_starting_over_shows_a_run_and_deletes_nothing(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, "before")
    await screen.at_rest()
    screen.click("Start over")
    await screen.at_rest()
    assert screen.see(QLineEdit, "Collector address").isVisible()
    arrive(screen, "one")
    await screen.at_rest()
    assert screen.listed[0] == "one"
    assert screen.listed[1].startswith("[Run 1 began at ")
    assert screen.part(QLabel, "trafficCount").text() == "1 request"
    screen.click("Start over")
    await screen.at_rest()
    arrive(screen, "two")
    await screen.at_rest()
    screen.traffic.runs.choose(None)
    await screen.at_rest()
    kinds = ["divider" if each.startswith("[") else each for each in screen.listed]
    assert kinds == ["two", "divider", "one", "divider", "before"]


async def test_starting_over_can_be_undone(screen: Screen) -> None:
    await show_live(screen)
    arrive(screen, "before")
    await screen.at_rest()
    screen.press("Ctrl+Shift+K")
    await screen.at_rest()
    arrive(screen, "after")
    await screen.at_rest()
    screen.run("undo-start-over")
    await screen.at_rest()
    assert screen.listed == ["after", "before"]
    assert screen.traffic.runs.runs == ()
    assert not screen.part(QComboBox, "run").isVisible()


async def test_a_run_is_chosen_by_its_title(screen: Screen) -> None:
    await show_live(screen)
    for name in ("one", "two"):
        screen.run("start-over")
        await screen.at_rest()
        arrive(screen, name)
        await screen.at_rest()
    first = screen.traffic.runs.runs[0]
    screen.select("Run", first.title)
    await screen.at_rest()
    assert [each for each in screen.listed if not each.startswith("[")] == ["two", "one"]


async def test_what_is_opened_has_no_runs(screen: Screen) -> None:
    screen.press("Ctrl+2")
    await screen.settle()
    assert not screen.part(LiveBar, "liveBar").isVisible()
    screen.run("start-over")
    assert "Sent and received" in screen.said


async def test_each_sdk_has_its_lines_and_they_are_copied(live: Screen) -> None:
    await show_live(live)
    for sdk in SDKS:
        live.select("SDK", sdk.label)
        lines = live.see(QPlainTextEdit, "Lines of configuration").toPlainText()
        assert lines == sdk.code(live.program.collector.address)
    live.click("Copy lines")
    assert QGuiApplication.clipboard().text() == SDKS[-1].code(live.program.collector.address)
    assert live.said == "Copied the lines for curl"


async def test_the_choice_of_an_sdk_comes_back(new_screen: NewScreen) -> None:
    async with new_screen() as screen:
        await show_live(screen)
        screen.select("SDK", "Python")
    async with new_screen() as screen:
        await show_live(screen)
        assert screen.see(QComboBox, "SDK").currentText() == "Python"


async def test_without_a_collector_it_is_said_how_to_start_one(screen: Screen) -> None:
    await show_live(screen)
    assert "does not listen" in screen.words("sdkHint")
    assert not screen.see(QPushButton, "Copy lines").isEnabled()


async def test_an_sdk_can_be_connected_while_the_list_is_full(live: Screen) -> None:
    await show_live(live)
    arrive(live, "first")
    await live.at_rest()
    live.press("Ctrl+I")
    window = live.part(QDialog, "connectWindow")
    assert window.isVisible()
    assert not window.isModal()
    assert live.see(QLineEdit, "Collector address").text() == live.program.collector.address
    live.click("Send a test event")
    await live.sent()
    await live.at_rest()
    assert live.listed == ["game", "first"]


async def test_an_event_is_shown_as_stored_as_soon_as_it_is(live: Screen) -> None:
    await show_live(live)
    url = url_of("signup", mp_lib="web").replace(
        "http://api.mixpanel.com", live.program.collector.address
    )
    await asyncio.to_thread(lambda: urlopen(f"{url}&ip=1", timeout=5).close())
    model = live.traffic.workspace.model
    await live.until(lambda: len(model.rows) == 1, "the event")
    await live.until(lambda: model.row_at(0) is not None, "what it is")
    live.run("next-exchange")
    tree = live.traffic.workspace.detail.tree

    def stored() -> str:
        model = tree.model_
        events = [model.index(row, 0) for row in range(model.rowCount())]
        for index in events:
            if index.data() == "Event":
                model.fetchMore(index)
                for row in range(model.rowCount(index)):
                    if model.index(row, 0, index).data() == "As stored":
                        return str(model.index(row, 2, index).data())
        return ""

    await live.until(lambda: "mp_lib left out" in stored(), "the stored form")


async def test_a_0_is_told_once_it_is_wanted(screen: Screen) -> None:
    assert not screen.program.actions["notify"].isChecked()
    screen.run("notify")
    alert = screen.program.alert
    await screen.until(lambda: alert._last_id is not None, "the beginning")
    arrive(screen, "signup", verdict=0)
    await screen.until(lambda: screen.said.startswith("Answered 0: signup"), "the message")
    screen.run("notify")
    assert not alert.is_wanted


async def test_who_looks_elsewhere_is_told_by_the_desktop(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    alert = screen.program.alert
    monkeypatch.setattr(alert.notice, "show", lambda *words: told.append(words))
    monkeypatch.setattr(screen.window, "isActiveWindow", lambda: False)
    screen.run("notify")
    await screen.until(lambda: alert._last_id is not None, "the beginning")
    arrive(screen, "signup", verdict=0)
    await screen.until(lambda: bool(told), "the message")
    assert told == [("Answered 0", "signup")]


async def test_without_a_tray_the_window_asks_for_attention(screen: Screen) -> None:
    screen.program.alert.notice.show("Answered 0", "signup")
    screen.program.alert.notice.end()
    assert screen.window.isVisible()
