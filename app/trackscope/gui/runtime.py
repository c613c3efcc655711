"""The program's life behind its window: the history it opens, the loop it runs in, its end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop, QThreadExecutor

from trackscope.errors import HistoryError
from trackscope.gui.bridge import ErrorHooks, release_clipboard
from trackscope.gui.garbage import Garbage, settle
from trackscope.gui.program import HistoryFiles, Program
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import MAX_ZOOM, MIN_ZOOM, Scheme, Theme
from trackscope.gui.window import MainWindow
from trackscope.history.file import default_path
from trackscope.history.history import History
from trackscope.resources import find

SWITCH_S = 0.001
"""How long the window waits for a thread that computes: a fifth of Python's own 5 ms."""

THREADS = 5
"""Threads that read and compute: each takes memory, and the most wait for the same file."""


def run(
    app: QApplication,
    window: MainWindow,
    settings: Settings,
    arguments: Sequence[str],
) -> None:
    """Fill the window, run until it is closed, and leave everything kept."""
    sys.setswitchinterval(SWITCH_S)
    Garbage(app)
    files, problem = open_history(default_path())
    app.setWindowIcon(QIcon(str(find("icons/trackscope.svg"))))
    program = Program(window, files, settings, restored_theme(app, settings))
    program.grown.connect(settle)
    if problem:
        program.announce(problem)
    loop = new_loop(app)
    asyncio.set_event_loop(loop)
    hooks = ErrorHooks(program.report)
    hooks.install(loop)

    async def until_closed() -> None:
        ended = asyncio.Event()
        program.ended.connect(ended.set)
        QTimer.singleShot(0, lambda: program.start(arguments))
        await ended.wait()
        await program.close()

    with closing(loop):
        loop.run_until_complete(until_closed())
    files.history.close()
    release_clipboard()


def restored_theme(app: QApplication, settings: Settings) -> Theme:
    """The look that was chosen last, applied."""
    theme = Theme(app)
    theme.set_zoom(settings.number("zoom", 1.0, MIN_ZOOM, MAX_ZOOM))
    theme.set_scheme(Scheme(settings.choice("theme", [each.value for each in Scheme])))
    theme.apply()
    return theme


def new_loop(app: QApplication) -> asyncio.AbstractEventLoop:
    """The event loop of Qt as one of asyncio's.

    Like those it closes a generator that nobody reads to its end, such as a body that is cut off.
    """
    loop: asyncio.AbstractEventLoop = QEventLoop(app)
    loop.set_default_executor(QThreadExecutor(THREADS))

    def close(generator: AsyncGenerator[Any, Any]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(loop.create_task, generator.aclose())

    sys.set_asyncgen_hooks(finalizer=close)
    return loop


def open_history(path: Path) -> tuple[HistoryFiles, str]:
    """The history, or one in memory with the sentence that says why."""
    try:
        history, watcher = History.open(path), History.open_to_read(path)
    except HistoryError as error:
        problem = f"{error} Until then nothing is kept after the window closes."
        return HistoryFiles(path, History.in_memory(), lambda: 0), problem
    # A connection of its own, so that asking never waits for a read or a write under way.
    return HistoryFiles(path, history, watcher.data_version), ""
