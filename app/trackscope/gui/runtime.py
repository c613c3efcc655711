"""The program's life behind its window: the history it opens, the loop it runs in, its end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from trackscope.errors import HistoryError
from trackscope.gui.bridge import ErrorHooks, release_clipboard
from trackscope.gui.program import HistoryFiles, Program
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import Theme
from trackscope.gui.window import MainWindow
from trackscope.history.file import default_path
from trackscope.history.history import History


def run(
    app: QApplication,
    window: MainWindow,
    settings: Settings,
    theme: Theme,
    arguments: Sequence[str],
) -> None:
    """Fill the window, run until it is closed, and leave everything kept."""
    files, problem = open_history(default_path())
    program = Program(window, files, settings, theme)
    if problem:
        program.announce(problem)
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
    files.history.close()
    release_clipboard()


def open_history(path: Path) -> tuple[HistoryFiles, str]:
    """The history, or one in memory with the sentence that says why."""
    try:
        history, watcher = History.open(path), History.open_to_read(path)
    except HistoryError as error:
        problem = f"{error} Until then nothing is kept after the window closes."
        return HistoryFiles(path, History.in_memory(), lambda: 0), problem
    # A connection of its own, so that asking never waits for a read or a write under way.
    return HistoryFiles(path, history, watcher.data_version), ""
