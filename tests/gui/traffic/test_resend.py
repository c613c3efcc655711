"""Send again: asked first, tallied, stopped on demand, and kept in the program's history."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QLabel, QMessageBox, QProgressBar, QPushButton
from tests.gui.screen import Screen
from tests.gui.traffic_gallery import event, request_of

from trackscope.capture.exchange import Exchange, Origin
from trackscope.gui.traffic.resend_control import ResendControl
from trackscope.gui.traffic.resend_dialog import ResendDialog
from trackscope.gui.widgets.banner import Banner
from trackscope.session.target import Target
from trackscope.wire.decoding import decode
from trackscope.wire.request import TrackRequest


def control(screen: Screen) -> ResendControl:
    program = screen.program
    services = program.sending._services
    return ResendControl(program.composer, program.sending, services, screen.window)


def opened(screen: Screen, requests: Sequence[TrackRequest]) -> list[int]:
    """Put requests into the history as if a capture had been opened."""
    exchanges = [Exchange(each, Origin.OPENED, time.time(), source="a.har") for each in requests]
    return list(screen.history.append_many(exchanges))


def dialog(screen: Screen) -> ResendDialog:
    (found,) = screen.window.findChildren(ResendDialog)
    return found


def part(screen: Screen, name: str) -> QPushButton:
    return screen.part(QPushButton, name)


def question(screen: Screen) -> str:
    return screen.part(QLabel, "sendAgainQuestion").text()


async def asked(screen: Screen) -> None:
    await screen.until(
        lambda: (
            bool(screen.window.findChildren(ResendDialog))
            and part(screen, "sendAgainStart").isEnabled()
        ),
        "the question",
    )


def sent(screen: Screen) -> list[Exchange]:
    return [each for each in screen.history.each() if each.origin is Origin.SENT]


async def test_several_are_sent_after_the_question(live: Screen) -> None:
    ids = opened(live, [request_of(event(f"e{n}")) for n in range(30)])
    control(live).send(ids, live.history.load)
    await asked(live)
    assert question(live).startswith("Send 30 requests with 30 events to Built-in collector")
    assert sent(live) == []
    part(live, "sendAgainStart").click()
    await live.until(lambda: part(live, "sendAgainStop").text() == "Close", "the end")
    words = live.part(QLabel, "sendAgainTally").text()
    assert words.startswith("30 sent · 30 × 1 · 0 × 0")
    await live.settle()
    again = sent(live)
    assert {each.verdict for each in again} == {1}
    assert {each.names[0] for each in again} == {f"e{n}" for n in range(30)}
    base = live.program.composer.target.base
    assert all(each.request.url.startswith(base) for each in again)
    part(live, "sendAgainStop").click()


async def test_nothing_is_sent_when_it_is_cancelled(live: Screen) -> None:
    resending = control(live)
    resending.send(opened(live, [request_of(event())] * 3), live.history.load)
    await asked(live)
    part(live, "sendAgainStop").click()
    await live.until(lambda: not resending.is_busy, "the end")
    await live.settle()
    assert sent(live) == []


async def test_old_events_are_told_of_and_get_the_present_time_on_demand(live: Screen) -> None:
    old = int(time.time()) - 10 * 86_400
    ids = opened(live, [request_of(event()), *[request_of(event(time=old))] * 2])
    control(live).send(ids, live.history.load)
    await asked(live)
    (banner,) = dialog(live).findChildren(Banner)
    assert banner.sentence == "2 of 3 are older than 48 hours: they will be answered 0."
    box = live.see(QCheckBox, "Set old times to now")
    assert not box.isChecked()
    box.click()
    part(live, "sendAgainStart").click()
    await live.until(lambda: part(live, "sendAgainStop").text() == "Close", "the end")
    assert live.part(QLabel, "sendAgainTally").text().startswith("3 sent · 3 × 1")
    await live.settle()
    for each in sent(live):
        (carried,) = decode(each.request).events or ()
        assert carried["properties"]["time"] > old
    part(live, "sendAgainStop").click()


async def test_left_alone_old_events_are_answered_0(live: Screen) -> None:
    ids = opened(live, [request_of(event(time=1_322_092_800))])
    control(live).send(ids, live.history.load)
    await asked(live)
    part(live, "sendAgainStart").click()
    await live.until(lambda: part(live, "sendAgainStop").text() == "Close", "the end")
    assert live.part(QLabel, "sendAgainTally").text().startswith("1 sent · 0 × 1 · 1 × 0")
    part(live, "sendAgainStop").click()


async def test_one_that_stays_here_is_sent_at_once(live: Screen) -> None:
    said: list[str] = []
    resending = control(live)
    resending.said.connect(said.append)
    resending.send(opened(live, [request_of(event())]), live.history.load)
    await live.until(lambda: bool(said), "a sentence")
    assert said == ["Sent again to Built-in collector: 1 sent · 1 × 1 · 0 × 0."]
    assert live.window.findChildren(ResendDialog) == []


async def test_before_one_leaves_the_machine_it_is_asked(screen: Screen) -> None:
    resending = control(screen)
    screen.program.composer.aim(Target("Far", "http://198.51.100.1"))
    resending.send(opened(screen, [request_of(event())]), screen.history.load)
    await screen.until(lambda: bool(screen.window.findChildren(QMessageBox)), "the question")
    (box,) = screen.window.findChildren(QMessageBox)
    box.reject()
    await screen.until(lambda: not resending.is_busy, "the end")
    assert sent(screen) == []


async def test_closing_the_dialog_stops_what_is_under_way(live: Screen) -> None:
    ids = opened(live, [request_of(event(f"e{n}")) for n in range(2_000)])
    resending = control(live)
    resending.send(ids, live.history.load)
    await asked(live)
    part(live, "sendAgainStart").click()
    progress = live.part(QProgressBar, "sendAgainProgress")
    await live.until(lambda: progress.value() > 5, "some progress")
    dialog(live).reject()
    await live.until(lambda: not resending.is_busy, "the end")
    await live.settle()
    assert 5 < len(sent(live)) < 2_000


async def test_while_one_is_busy_no_other_begins(live: Screen) -> None:
    resending = control(live)
    ids = opened(live, [request_of(event())] * 2)
    resending.send(ids, live.history.load)
    resending.send(ids, live.history.load)
    await asked(live)
    assert len(live.window.findChildren(ResendDialog)) == 1
    part(live, "sendAgainStop").click()
    await live.settle()
