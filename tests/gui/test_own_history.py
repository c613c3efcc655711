"""The history that the window keeps: opened, or what is to be done asked in the window."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton
from tests.session.exchanges import exchange_of, request_of

from trackscope.gui.history_trouble import HistoryTrouble
from trackscope.gui.own_history import OwnHistory, open_history
from trackscope.gui.program import HistoryFiles
from trackscope.gui.settings import Settings
from trackscope.gui.window import MainWindow
from trackscope.history import file
from trackscope.history.history import History

pytestmark = pytest.mark.usefixtures("theme")
COUNT = 60


class Opening:
    """A window whose history is being opened."""

    def __init__(self, folder: Path) -> None:
        self.usual = folder / "history.trackscope"
        self.settings = Settings(folder / "window.ini")
        self.window = MainWindow()
        self.own = OwnHistory(self.window, self.settings, self.usual)
        self.task = asyncio.create_task(self.own.opened(), name="opening")

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 (no one event tells of it)
                await asyncio.sleep(0.01)

    def words(self, name: str) -> str:
        found = self.window.findChildren(QLabel, name)
        return found[-1].text() if found else ""

    def offers(self) -> list[str]:
        buttons = self.window.findChildren(QPushButton)
        return [each.text() for each in buttons if each.objectName().startswith("history")]

    async def asked(self, before: str = "") -> str:
        """What is wrong, once that is asked; not what it was before."""
        await self.until(lambda: self.words("historyProblem") not in ("", before))
        return self.words("historyProblem")

    def choose(self, words: str) -> None:
        found = [each for each in self.window.findChildren(QPushButton) if each.text() == words]
        found[-1].click()

    async def opened(self) -> HistoryFiles:
        files = await self.task
        assert files is not None
        return files


@asynccontextmanager
async def opening(folder: Path) -> AsyncIterator[Opening]:
    found = Opening(folder)
    found.window.show()
    try:
        yield found
    finally:
        if not found.task.done():
            found.window.closed.emit()
        files = await found.task
        if files is not None:
            files.history.close()
        found.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def usual(tmp_path: Path) -> Path:
    """A history with exchanges, closed."""
    path = tmp_path / "history.trackscope"
    with closing(History.open(path)) as history:
        history.append_many([exchange_of(request_of({"event": "game"}))] * COUNT)
    return path


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def damage(path: Path) -> bytes:
    """Overwrite the beginning of the file, as a broken disk does; what it is then."""
    content = bytearray(path.read_bytes())
    content[:100] = b"\xff" * 100
    path.write_bytes(content)
    return bytes(content)


def damage_pages(path: Path) -> None:
    """Overwrite pages in the middle, and leave it as after an unclean end."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 3 * 4096] = b"\xff" * 3 * 4096
    path.write_bytes(content)
    path.with_name(f"{path.name}-wal").write_bytes(b"\0" * 32)


async def test_a_sound_history_is_opened_without_a_word(usual: Path, tmp_path: Path) -> None:
    async with opening(tmp_path) as found:
        files = await found.opened()
        assert (files.path, files.history.count()) == (usual, COUNT)
        assert found.own.news == ""
        assert found.window.findChild(HistoryTrouble) is None


async def test_a_damaged_one_is_recovered_when_that_is_chosen(usual: Path, tmp_path: Path) -> None:
    damage_pages(usual)
    async with opening(tmp_path) as found:
        assert "damaged" in await found.asked()
        assert found.words("title") == "The history is damaged"
        found.choose("Recover what is readable")
        files = await found.opened()
        saved = files.history.count()
        assert files.path == usual
        assert 0 < saved <= COUNT
        assert f"Exchanges saved: {saved}, lost: " in found.own.news
        assert f"{usual} was damaged and is now {usual}.damaged-" in found.own.news


async def test_a_fresh_one_is_begun_beside_it_and_found_again(usual: Path, tmp_path: Path) -> None:
    content = damage(usual)
    async with opening(tmp_path) as found:
        await found.asked()
        found.choose("Begin a fresh one")
        files = await found.opened()
        fresh = tmp_path / "history-fresh.trackscope"
        assert (files.path, files.history.count()) == (fresh, 0)
        assert str(fresh) in found.own.news
    assert content_of(usual) == content
    async with opening(tmp_path) as again:
        assert (await again.opened()).path == fresh
        assert str(fresh) in again.own.news


async def test_another_file_is_chosen(usual: Path, tmp_path: Path) -> None:
    damage(usual)
    other = tmp_path / "other.trackscope"
    async with opening(tmp_path) as found:
        await found.asked()
        found.choose("Choose another file…")
        await found.until(lambda: found.window.findChild(QFileDialog) is not None)
        dialog = found.window.findChild(QFileDialog)
        assert dialog is not None
        dialog.reject()
        await found.until(lambda: found.window.findChild(QFileDialog, "chooseHistory") is None)
        found.choose("Choose another file…")
        await found.until(lambda: found.window.findChild(QFileDialog) is not None)
        dialog = found.window.findChild(QFileDialog)
        assert dialog is not None
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(name, QLineEdit)
        name.setText(str(other))
        dialog.accept()
        assert (await found.opened()).path == other


async def test_one_of_a_later_version_is_not_offered_to_be_recovered(
    usual: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(usual)) as connection:
        connection.execute("PRAGMA user_version = 999")
    content = content_of(usual)
    async with opening(tmp_path) as found:
        await found.asked()
        assert found.words("title") == "The history is of a later version"
        assert found.offers()[:2] == ["Try again", "Begin a fresh one"]
        found.choose("Keep nothing")
        files = await found.opened()
        files.history.append(exchange_of(request_of({"event": "game"})))
        assert files.watched() == files.watched()
        assert "Nothing is kept" in found.own.news
    assert content_of(usual) == content
    assert found.settings.text("history/path") == ""


async def test_a_locked_one_is_tried_again(
    usual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(usual, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        async with opening(tmp_path) as found:
            assert "Another program has kept" in await found.asked()
            other.close()
            found.choose("Try again")
            assert (await found.opened()).history.count() == COUNT


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write to any file")
async def test_one_that_cannot_be_written_to_is_said_to_be_so(usual: Path, tmp_path: Path) -> None:
    os.chmod(usual, 0o400)
    async with opening(tmp_path) as found:
        assert "cannot be written to" in await found.asked()
        os.chmod(usual, 0o600)
        found.choose("Try again")
        assert (await found.opened()).history.count() == COUNT


async def test_what_was_chosen_and_is_unusable_leads_back_to_the_usual_one(
    usual: Path, tmp_path: Path
) -> None:
    Settings(tmp_path / "window.ini").set("history/path", str(tmp_path))
    async with opening(tmp_path) as found:
        assert "is not a file" in await found.asked()
        found.choose("Use the usual one")
        assert (await found.opened()).path == usual
        assert found.settings.text("history/path") == ""


async def test_the_window_can_be_closed_instead(usual: Path, tmp_path: Path) -> None:
    content = damage(usual)
    async with opening(tmp_path) as found:
        await found.asked()
        found.window.close()
        assert await found.task is None
        assert not found.window.isVisible()
    assert content_of(usual) == content


async def test_the_best_choice_has_the_focus_and_each_says_what_comes_of_it(
    usual: Path, tmp_path: Path
) -> None:
    damage(usual)
    async with opening(tmp_path) as found:
        await found.asked()
        await found.until(lambda: found.window.isActiveWindow())
        focus = QGuiApplication.focusObject()
        assert isinstance(focus, QPushButton)
        assert focus.text() == "Recover what is readable"
        for button in found.window.findChildren(QPushButton):
            if button.objectName().startswith("history"):
                assert button.accessibleName()
                assert button.accessibleDescription()


def test_a_history_is_watched_by_a_connection_of_its_own(tmp_path: Path) -> None:
    files = open_history(tmp_path / "history.trackscope")
    before = files.watched()
    files.history.clear()
    assert files.watched() >= before
    files.history.close()
