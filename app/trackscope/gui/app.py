"""Starts the window: paint it first, then load what only sending and storing need."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from trackscope.errors import HistoryError
from trackscope.gui.bridge import ErrorHooks, release_clipboard
from trackscope.gui.program import HistoryFiles, Program
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import Theme
from trackscope.history.file import default_path
from trackscope.history.history import History


def main(arguments: Sequence[str] = (), history_path: Path | None = None) -> int:
    """Open the window and run until it is closed; returns the exit code.

    `arguments` are files whose text is read into Compose.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Trackscope")
    app.setDesktopFileName("trackscope")
    # The window's end is not the program's: what is under way is finished first.
    app.setQuitOnLastWindowClosed(False)
    path = history_path or default_path()
    settings = Settings(path.with_name("window.ini"))
    theme = Theme(app)
    theme.set_zoom(settings.number("zoom", 1.0, 0.8, 1.5))
    theme.apply()
    files, problem = open_history(path)
    program = Program(files, settings, theme)
    program.window.show()
    app.processEvents()  # the window is there before anything else is loaded
    if problem:
        program.announce(problem)
    _run(app, program, arguments)
    files.history.close()
    release_clipboard()
    return 0


def open_history(path: Path) -> tuple[HistoryFiles, str]:
    """The history, or one in memory with the sentence that says why."""
    try:
        history, watcher = History.open(path), History.open_to_read(path)
    except HistoryError as error:
        problem = f"{error} Until then nothing is kept after the window closes."
        return HistoryFiles(path, History.in_memory(), lambda: 0), problem
    # A connection of its own, so that asking never waits for a read or a write under way.
    return HistoryFiles(path, history, watcher.data_version), ""


def _run(app: QApplication, program: Program, arguments: Sequence[str]) -> None:
    # qasync brings asyncio with it: imported after the first paint.
    from qasync import QEventLoop

    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    hooks = ErrorHooks(program.report)
    hooks.install(loop)

    async def until_closed() -> None:
        ended = loop.create_future()
        program.ended.connect(lambda: ended.done() or ended.set_result(None))
        QTimer.singleShot(0, lambda: program.start(arguments))
        await ended
        await program.close()

    with loop:
        loop.run_until_complete(until_closed())
