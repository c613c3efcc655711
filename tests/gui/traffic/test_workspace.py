"""The workspace as a whole: its names, its panes, its sizes, and what it costs to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from tests.gui.conftest import NewScreen
from tests.gui.screen import Screen, names_of
from tests.gui.traffic.captures import har, urls

from trackscope.gui.traffic.time_strip import TimeStrip

CONTRACT: dict[str, type[QWidget]] = {
    "Record": QPushButton,
    "Open capture": QPushButton,
    "Clear list": QPushButton,
    "Source": QComboBox,
    "Filter": QPlainTextEdit,
    "Captured requests": QTableView,
    "Time line": TimeStrip,
}


@pytest.mark.parametrize("name", CONTRACT)
async def test_every_control_is_found_by_its_name_exactly_once(
    screen: Screen, tmp_path: Path, name: str
) -> None:
    await screen.open(urls(tmp_path, "first"))
    assert screen.see(CONTRACT[name], name).isEnabled()
    assert len(list(screen.all_named(name))) == 1


async def test_whatever_takes_the_focus_has_a_name_and_an_object_name(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, [("view", "Home", 1)]))
    screen.run("next-exchange")
    await screen.settle()
    for widget in screen.traffic.workspace.findChildren(QWidget):
        is_part = isinstance(widget.parent(), QAbstractScrollArea | QComboBox)
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible() or is_part:
            continue
        if not widget.objectName().startswith("qt_"):
            assert names_of(widget), widget
            assert widget.objectName(), widget


async def test_f6_walks_through_what_is_shown(screen: Screen, tmp_path: Path) -> None:
    await screen.open(urls(tmp_path, "first"))
    seen = []
    for _ in range(3):
        screen.press("F6")
        focused = screen.window.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
    assert len(set(seen)) == 3


async def test_the_keyboard_goes_on_in_the_list_that_was_opened(
    screen: Screen, tmp_path: Path
) -> None:
    screen.press("Ctrl+2")
    await screen.open(har(tmp_path, [("view", "Home", 1), ("buy", "Home", 2)]))
    assert screen.requests.hasFocus()
    screen.press("Down")
    assert screen.requests.currentIndex().row() == 1  # under the divider
    screen.press("Down")
    assert screen.requests.currentIndex().row() == 2


async def test_an_empty_list_says_what_to_do(live: Screen) -> None:
    live.press("Ctrl+2")
    assert live.part(QPushButton, "openFirstCapture").isVisible()
    live.select("Source", "Sent and received")
    await live.at_rest()
    assert live.see(QLineEdit, "Collector address").text() == live.program.collector.address
    live.click("Copy address")
    assert live.said == f"Copied {live.program.collector.address}"
    live.click("Send a test event")
    await live.sent()
    await live.at_rest()
    assert live.listed == ["game"]


async def test_sizes_and_source_come_back(new_screen: NewScreen, tmp_path: Path) -> None:
    async with new_screen() as screen:
        await screen.open(urls(tmp_path, "first"))
        screen.traffic.workspace.rows.setSizes([200, 400])
        upper, lower = screen.traffic.workspace.rows.sizes()
        screen.traffic.source.show(1)
        await screen.at_rest()
    async with new_screen() as screen:
        screen.press("Ctrl+2")
        await screen.at_rest()
        assert screen.traffic.source.source == 1
        screen.traffic.source.show(0)
        await screen.open(urls(tmp_path, "first"))
        sizes = screen.traffic.workspace.rows.sizes()
        assert sizes[0] / sizes[1] == pytest.approx(upper / lower, abs=0.05)


async def test_the_count_says_how_many_are_hidden(screen: Screen, tmp_path: Path) -> None:
    await screen.open(har(tmp_path, [("view", "Home", 1), ("buy", "Home", 2)]))
    screen.traffic.workspace.tools.filter.set_filter("event:buy")
    await screen.at_rest()
    assert screen.part(QLabel, "trafficCount").text() == "1 of 2"


async def test_a_click_on_the_time_line_selects_and_a_drag_filters(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(har(tmp_path, [("view", "Home", 1), ("buy", "Home", 20)]))
    strip = screen.see(TimeStrip, "Time line")
    line = strip.line
    assert sum(step.ones for step in line.steps) == 2
    last = len(line.steps) - 1
    strip.chosen.emit((line.time_of(last), line.time_of(last + 1)))
    await screen.at_rest()
    assert screen.requests.currentIndex().row() == 2
    strip.dragged.emit((line.time_of(0), line.time_of(last)))
    await screen.at_rest()
    assert screen.listed == ["[Home]", "view"]


def test_nothing_of_traffic_is_imported_before_it_is_shown() -> None:
    code = (
        "import sys, trackscope.gui.runtime\n"
        "print([name for name in sys.modules if name.startswith('trackscope.gui.traffic')\n"
        "       or name in ('trackscope.capture.har', 'trackscope.session.importing')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
