"""The comparison: differences first, all on demand, the changed characters marked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot
from tests.session.exchanges import event, exchange_of, request_of

from trackscope.gui.bridge import TaskScope
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.compare_control import CompareControl
from trackscope.gui.traffic.compare_delegate import pieces_of
from trackscope.gui.traffic.compare_window import CompareWindow
from trackscope.session.comparison import compare
from trackscope.wire.json_text import Span

A = exchange_of(request_of(event(plan="free", level=7)), names=("game",), source="a.har")
B = exchange_of(request_of(event(plan="freemium", level="7")), names=("game",), source="b.har")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Iterator[CompareWindow]:
    parent = QWidget()
    qtbot.addWidget(parent)
    window = CompareWindow(A, B, compare(A, B), parent)
    window.show()
    yield window
    window.close()


def table(window: CompareWindow) -> QTableView:
    found = window.findChild(QTableView, "comparison")
    assert isinstance(found, QTableView)
    return found


def texts(window: CompareWindow) -> list[list[str]]:
    model = table(window).model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_only_differences_are_shown_at_first(window: CompareWindow) -> None:
    assert texts(window) == [
        ["changed", "Event · game", "plan", '"free"', '"freemium"'],
        ["changed", "Event · game", "level", "7", '"7"'],
    ]
    title = window.findChild(QLabel, "title")
    assert isinstance(title, QLabel)
    assert title.text().startswith("2 changed · ")


def test_the_rest_is_shown_on_demand(window: CompareWindow) -> None:
    box = window.findChild(QCheckBox, "onlyDifferences")
    assert isinstance(box, QCheckBox)
    box.click()
    assert ["same", "Event · game", "token", '"t"', '"t"'] in texts(window)
    box.click()
    assert len(texts(window)) == 2


def test_it_does_not_hold_up_the_window(window: CompareWindow) -> None:
    assert not window.isModal()
    assert table(window).accessibleName() == "Comparison"


def test_a_row_is_copied_whole(window: CompareWindow) -> None:
    table(window).selectRow(0)
    window.copy_row()
    assert QGuiApplication.clipboard().text() == 'Event · game\tplan\t"free"\t"freemium"'


def test_of_a_long_value_the_part_around_the_difference_is_shown() -> None:
    text = "x" * 500 + "y"
    pieces = pieces_of(text, Span(500, 501))
    assert pieces[0] == ("…", False)
    assert pieces[-1] == ("y", True)
    assert sum(len(piece) for piece, _ in pieces) < 40


async def test_two_exchanges_are_compared_beside_the_window(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    scope = TaskScope(print)
    CompareControl(scope, parent).compare(A, B)
    async with asyncio.timeout(10):
        while not parent.findChildren(CompareWindow):  # noqa: ASYNC110 (it tells nobody)
            await asyncio.sleep(0.01)
    (window,) = parent.findChildren(CompareWindow)
    assert window.isVisible()
    await scope.close()
