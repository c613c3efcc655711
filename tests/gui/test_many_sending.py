"""The sending of many: one at a time, its dialog held while open, its tally shown at times."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from trackscope.gui.bridge import TaskScope
from trackscope.gui.many_sending import ManySending
from trackscope.gui.tally_dialog import TallyDialog
from trackscope.sender.many import Tally


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def _words(dialog: TallyDialog) -> str:
    label = dialog.findChild(QLabel, "someTally")
    assert isinstance(label, QLabel)
    return label.text()


async def test_closing_the_dialog_ends_what_it_shows(parent: QWidget) -> None:
    scope = TaskScope(print)
    sending: ManySending[TallyDialog] = ManySending(scope, "some")
    dialog = sending.hold(TallyDialog("some", parent))
    sending.start(asyncio.Event().wait())  # type: ignore[arg-type]  # it waits for ever
    await asyncio.sleep(0)
    assert sending.is_busy
    dialog.reject()
    await asyncio.sleep(0)
    assert not sending.is_busy
    assert sending.dialog is None
    sending.show(Tally(1, 1))  # nobody sees it
    await scope.close()


async def test_of_many_tallies_in_a_moment_the_first_and_the_last_are_shown(
    parent: QWidget,
) -> None:
    scope = TaskScope(print)
    sending: ManySending[TallyDialog] = ManySending(scope, "some")
    dialog = sending.hold(TallyDialog("some", parent))
    bar = dialog.findChild(QProgressBar, "someProgress")
    assert isinstance(bar, QProgressBar)
    bar.setRange(0, 9)
    assert _words(dialog) == "Nothing sent yet."
    sending.show_at_times(Tally(1, 1))
    sending.show_at_times(Tally(2, 2))
    assert bar.value() == 1
    sending.show(Tally(9, 9))
    assert bar.value() == 9
    assert _words(dialog).startswith("9 sent")
    await scope.close()
