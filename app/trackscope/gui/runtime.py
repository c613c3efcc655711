"""The program's life behind its window: the history it opens, the loop it runs in, its end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop, QThreadExecutor

from trackscope.gui.bridge import ErrorHooks, release_clipboard
from trackscope.gui.garbage import Garbage, settle
from trackscope.gui.own_history import OwnHistory
from trackscope.gui.program import Program
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import MAX_ZOOM, MIN_ZOOM, Scheme, Theme
from trackscope.gui.window import MainWindow
from trackscope.history.file import default_path
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
    app.setWindowIcon(QIcon(str(find("icons/trackscope.svg"))))
    theme = restored_theme(app, settings)
    loop = new_loop(app)
    asyncio.set_event_loop(loop)
    with closing(loop):
        loop.run_until_complete(_live(window, settings, theme, arguments))
    release_clipboard()


async def _live(
    window: MainWindow, settings: Settings, theme: Theme, arguments: Sequence[str]
) -> None:
    """Open the history, and run until the window is closed."""
    own = OwnHistory(window, settings, default_path())
    files = await own.opened()
    if files is None:
        settings.flush()
        return
    with closing(files.history):
        program = Program(window, files, settings, theme)
        program.grown.connect(settle)
        ErrorHooks(program.report).install(asyncio.get_running_loop())
        if own.news:
            program.announce(own.news)
        ended = asyncio.Event()
        program.ended.connect(ended.set)
        QTimer.singleShot(0, lambda: program.start(arguments))
        await ended.wait()
        await program.close()


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
