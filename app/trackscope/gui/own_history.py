"""Opens the history that the window keeps; of one that cannot be used, asks what is to be done."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject

from trackscope.errors import HistoryError
from trackscope.gui.history_choice import chosen_file, remember, remembered
from trackscope.gui.history_trouble import Choice, HistoryTrouble
from trackscope.gui.program import HistoryFiles
from trackscope.gui.settings import Settings
from trackscope.gui.window import MainWindow
from trackscope.history.history import History
from trackscope.history.recovery import fresh_beside, recover


class OwnHistory(QObject):
    """Knows which file it is: `usual`, unless another was chosen, which is remembered.

    `news` is a sentence about how it came to be opened, empty where there is nothing to say.
    """

    def __init__(self, window: MainWindow, settings: Settings, usual: Path) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._usual = usual
        self._page: HistoryTrouble | None = None
        self._chosen: asyncio.Future[Choice] | None = None
        self._is_closed = False
        self.news = ""

    async def opened(self) -> HistoryFiles | None:
        """The history, once there is one that can be used; None if the window was closed."""
        self._window.closed.connect(self._on_closed)
        try:
            files = await self._opened(remembered(self._settings, self._usual))
        except asyncio.CancelledError:
            if not self._is_closed:
                raise
            return None
        finally:
            self._window.closed.disconnect(self._on_closed)
        if self._is_closed:
            files.history.close()
            return None
        return files

    async def _opened(self, path: Path) -> HistoryFiles:
        while True:
            try:
                files = await asyncio.to_thread(open_history, path)
            except HistoryError as problem:
                self._show(problem, path)
            else:
                self._remember(path)
                return files
            found = None
            while found is None:
                choice = await self._choice()
                if choice is Choice.WITHOUT:
                    self.news = "Nothing is kept after the window closes."
                    return HistoryFiles(path, History.in_memory(), lambda: 0)
                found = await self._carried_out(choice, path)
            path = found

    async def _choice(self) -> Choice:
        """What is chosen; cancelled when the window is closed instead."""
        self._chosen = asyncio.get_running_loop().create_future()
        if self._is_closed:
            self._chosen.cancel()
        return await self._chosen

    async def _carried_out(self, choice: Choice, path: Path) -> Path | None:
        """The file that a choice leads to; None where another choice has to be made."""
        if choice is Choice.RECOVER:
            return await self._recovered(path)
        if choice is Choice.OTHER:
            return await chosen_file(self._window, path)
        if choice is Choice.FRESH:
            return fresh_beside(path)
        return self._usual if choice is Choice.USUAL else path

    async def _recovered(self, path: Path) -> Path | None:
        assert self._page is not None
        self._page.show_progress(f"Reading what can be read of {path}…")
        try:
            self.news = (await asyncio.to_thread(recover, path)).sentence(path)
        except HistoryError as problem:
            self._show(problem, path)
            return None
        return path

    def _on_chosen(self, choice: Choice) -> None:
        if self._chosen is not None and not self._chosen.done():
            self._chosen.set_result(choice)

    def _on_closed(self) -> None:
        self._is_closed = True
        self._window.hide()
        if self._chosen is not None:
            self._chosen.cancel()

    def _show(self, problem: HistoryError, path: Path) -> None:
        if self._page is None:
            self._page = HistoryTrouble()
            self._page.chosen.connect(self._on_chosen)
            self._window.setCentralWidget(self._page)
        usual = self._usual if path != self._usual else None
        self._page.show_problem(problem, fresh_beside(path), usual)

    def _remember(self, path: Path) -> None:
        is_usual = path == self._usual
        remember(self._settings, None if is_usual else path)
        if not is_usual and not self.news:
            self.news = f"The history is {path}."


def open_history(path: Path) -> HistoryFiles:
    """The history at `path`, and what watches it; HistoryError."""
    history = History.open(path)
    try:
        # A connection of its own, so that asking never waits for a read or a write under way.
        watcher = History.open_to_read(path)
    except HistoryError:
        history.close()
        raise
    return HistoryFiles(path, history, watcher.data_version)
