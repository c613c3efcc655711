"""Send many: copies with values of their own, a tally, an end on demand; all of them kept."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QProgressBar, QPushButton, QSpinBox
from tests.gui.screen import Screen

from trackscope.gui.compose.send_many import SendManyDialog
from trackscope.gui.widgets.code_edit import CodeEdit


def dialog(screen: Screen) -> SendManyDialog:
    (found,) = screen.window.findChildren(SendManyDialog)
    return found


def tally(screen: Screen) -> str:
    return screen.part(QLabel, "sendManyTally").text()


def sent(screen: Screen) -> int:
    return screen.part(QProgressBar, "sendManyProgress").value()


def is_over(screen: Screen) -> bool:
    start = screen.part(QPushButton, "sendManyStart")
    return start.isEnabled() and tally(screen) != "Nothing sent yet."


async def test_copies_have_values_of_their_own_and_are_all_kept(live: Screen) -> None:
    live.edit_cell("level", 1, "counter")
    live.edit_cell("level", 2, "1")
    live.run("send-many")
    live.see(QSpinBox, "Copies").setValue(30)
    live.click("Send copies")
    await live.until(lambda: is_over(live), "the end")
    assert tally(live).startswith("30 sent · 30 × 1 · 0 × 0")
    assert sent(live) == 30
    await live.until(lambda: len(live.rows) == 30, "the rows")
    data = {live.history.load(row.id).request.url for row in live.rows}
    assert len(data) == 30


async def test_an_event_that_is_too_old_is_tallied_as_0(live: Screen) -> None:
    live.edit_cell("time", 1, "seconds ago")
    live.edit_cell("time", 2, "500000")
    live.run("send-many")
    live.see(QSpinBox, "Copies").setValue(5)
    live.click("Send copies")
    await live.until(lambda: is_over(live), "the end")
    assert tally(live).startswith("5 sent · 0 × 1 · 5 × 0")


async def test_sending_many_can_be_stopped_and_what_was_answered_is_kept(live: Screen) -> None:
    live.run("send-many")
    live.see(QSpinBox, "Copies").setValue(100_000)
    live.see(QDoubleSpinBox, "Copies a second").setValue(200)
    live.click("Send copies")
    await live.until(lambda: sent(live) > 5, "some progress")
    live.click("Stop sending copies")
    await live.until(lambda: is_over(live), "the end")
    assert 5 < sent(live) < 100_000
    await live.until(lambda: live.history.count() >= sent(live), "everything in the history")


async def test_closing_the_dialog_stops_it_too(live: Screen) -> None:
    live.run("send-many")
    live.see(QSpinBox, "Copies").setValue(100_000)
    live.see(QDoubleSpinBox, "Copies a second").setValue(50)
    live.click("Send copies")
    await live.until(lambda: sent(live) > 0, "some progress")
    dialog(live).reject()
    await live.settle()


async def test_the_draft_and_its_undo_are_left_alone(live: Screen) -> None:
    draft = live.request
    live.run("send-many")
    live.see(QSpinBox, "Copies").setValue(3)
    live.click("Send copies")
    await live.until(lambda: is_over(live), "the end")
    assert live.request == draft
    assert not live.program.actions["undo"].isEnabled()


async def test_the_dialog_names_where_the_copies_go_now(live: Screen) -> None:
    live.run("send-many")
    dialog(live).reject()
    await live.settle()
    live.window.activateWindow()
    await live.until(live.window.isActiveWindow, "the window in front")
    live.retype(live.see(CodeEdit, "Request URL"), "http://127.0.0.1:1/track/?data=")
    live.run("send-many")
    assert "http://127.0.0.1:1" in [each.text() for each in dialog(live).findChildren(QLabel)]
