"""Opening captures: by file, drop, paste; what is said of them; several at once, and none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton
from tests.gui.conftest import NewScreen
from tests.gui.screen import Screen
from tests.gui.traffic.captures import har, url_of, urls

from trackscope.gui.traffic.empty_state import EmptyState
from trackscope.gui.traffic.reading_line import ReadingLine
from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.code_edit import CodeEdit


async def test_a_capture_becomes_a_list_of_its_requests(screen: Screen, tmp_path: Path) -> None:
    await screen.open(urls(tmp_path, "first", "second"))
    assert screen.listed == ["first", "second"]
    assert screen.words("trafficCount") == "2 requests"
    assert screen.said.startswith("Read from urls.txt: 2 requests with 2 events")
    assert not screen.part(ReadingLine, "readingLine").isVisible()


async def test_captures_are_read_one_after_the_other_into_one_list(
    screen: Screen, tmp_path: Path
) -> None:
    files = [urls(tmp_path, f"event {number}", name=f"{number}.txt") for number in range(3)]
    await screen.open(*files)
    await screen.open(urls(tmp_path, "later", name="later.txt"))
    assert screen.listed == ["event 0", "event 1", "event 2", "later"]


async def test_the_pages_of_a_har_divide_the_list(screen: Screen, tmp_path: Path) -> None:
    entries = [("view", "Home", 1), ("add", "Home", 2), ("buy", "Cart", 3), ("view", "Home", 4)]
    await screen.open(har(tmp_path, entries))
    assert screen.listed == ["[Home]", "view", "add", "[Cart]", "buy", "[Home]", "view"]
    screen.press("Ctrl+Down", "Ctrl+Down", "Ctrl+Down")
    assert screen.requests.currentIndex().row() == 4
    screen.press("Ctrl+Up")
    assert screen.requests.currentIndex().row() == 2


@pytest.mark.parametrize("name", ["JSON", "Request URL", "Event name", "redirect"])
async def test_files_dropped_anywhere_are_opened_in_traffic(
    screen: Screen, tmp_path: Path, name: str
) -> None:
    mime = QMimeData()
    files = [urls(tmp_path, "dropped"), urls(tmp_path, "too", name="too.txt")]
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    field = next(each for each in screen.all_named(name) if isinstance(each, QLineEdit | CodeEdit))
    before = screen.request
    assert screen.drop(field, mime)
    await screen.settle()
    await screen.read()
    assert screen.listed == ["dropped", "too"]
    assert screen.request == before


async def test_a_file_dropped_on_the_filter_is_opened_and_not_typed(
    screen: Screen, tmp_path: Path
) -> None:
    await screen.open(urls(tmp_path, "first"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(urls(tmp_path, "second", name="b.txt")))])
    assert screen.drop(screen.see(CodeEdit, "Filter"), mime)
    await screen.settle()
    await screen.read()
    assert screen.listed == ["first", "second"]
    assert screen.see(CodeEdit, "Filter").text() == ""


async def test_a_pasted_text_with_several_requests_is_opened_in_traffic(screen: Screen) -> None:
    QGuiApplication.clipboard().setText("\n".join(map(url_of, ("one", "two", "three"))))
    screen.press("Ctrl+Shift+V")
    await screen.settle()
    await screen.read()
    assert screen.listed == ["one", "two", "three"]
    assert "pasted text 1" in screen.said
    scratch = screen.traffic.opening.scratch
    assert scratch is not None
    assert not list(scratch.path.parent.glob("pasted*"))


async def test_one_pasted_request_goes_into_compose_also_from_traffic(screen: Screen) -> None:
    screen.press("Ctrl+2")
    QGuiApplication.clipboard().setText(url_of("pasted"))
    screen.press("Ctrl+Shift+V")
    await screen.settle()
    assert screen.see(QLineEdit, "Event name").text() == "pasted"


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "cut"])
async def test_what_cannot_be_read_as_a_whole_is_said_and_stays_said(
    screen: Screen, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "capture.har"
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "cut":
        whole = har(tmp_path, [("view", "Home", 1), ("add", "Home", 2)], name="whole.har")
        path.write_bytes(whole.read_bytes()[:-600])
    await screen.open(path)
    banner = screen.part(Banner, "readingProblem")
    assert banner.isVisible()
    assert banner.sentence.startswith("capture.har: ")
    if kind == "cut":
        assert "view" in screen.listed
    else:
        assert screen.part(EmptyState, "emptyOpened").isVisible()
    (dismiss,) = banner.findChildren(QPushButton)
    dismiss.click()
    assert not banner.isVisible()


async def test_reading_can_be_cancelled_and_what_was_read_stays(
    screen: Screen, tmp_path: Path
) -> None:
    line = f"{url_of('many')}\n".encode()
    path = tmp_path / "long.log"
    log = b'127.0.0.1 - - [24/Nov/2011:13:00:00 +0000] "GET /track/?%b HTTP/1.1" 200 1 "-" "-"\n'
    path.write_bytes(log % line.strip().partition(b"?")[2] * 60_000)
    screen.program.open([path])
    await screen.until(lambda: screen.traffic.opening.is_reading)
    await screen.until(lambda: len(screen.traffic.workspace.model.rows) > 0, "a first row")
    screen.click("Cancel reading")
    await screen.until(lambda: not screen.traffic.opening.is_reading, "the end")
    await screen.until(lambda: "Stopped reading" in screen.said, "the sentence")
    assert 0 < len(screen.traffic.workspace.model.rows) <= 60_000


async def test_clearing_what_was_opened_can_be_undone(screen: Screen, tmp_path: Path) -> None:
    await screen.open(urls(tmp_path, "first", "second"))
    screen.click("Clear list")
    await screen.at_rest()
    assert screen.part(EmptyState, "emptyOpened").isVisible()
    screen.run("restore-history")
    await screen.at_rest()
    assert screen.listed == ["first", "second"]


async def test_captures_opened_lately_are_offered_in_the_next_run(
    new_screen: NewScreen, tmp_path: Path
) -> None:
    file = urls(tmp_path, "again & again", name="a & b.txt")
    async with new_screen() as screen:
        await screen.open(file)
    async with new_screen() as screen:
        screen.choose(screen.program.captures.menu, "a && b.txt")
        await screen.read()
        assert screen.listed == ["again & again"]
        screen.choose(screen.program.captures.menu, "Forget")
        assert not screen.program.captures.menu.menuAction().isEnabled()


async def test_the_scratch_history_goes_with_the_window(
    new_screen: NewScreen, tmp_path: Path
) -> None:
    async with new_screen() as screen:
        await screen.open(urls(tmp_path, "first"))
        scratch = screen.traffic.opening.scratch
        assert scratch is not None
        folder = scratch.path.parent
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


async def test_the_window_can_be_closed_while_it_reads(
    new_screen: NewScreen, tmp_path: Path
) -> None:
    path = tmp_path / "long.txt"
    path.write_text("\n".join([url_of("many")] * 20_000))
    async with new_screen() as screen:
        screen.program.open([path, path])
        await screen.until(lambda: screen.traffic.opening.is_reading)
