"""Opens captures: one process reads them one after the other, the list fills meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.reader_process import ReaderProcess
from trackscope.gui.traffic.workspace import TrafficWorkspace
from trackscope.session.importing import Progress, State
from trackscope.session.progress import counted, problem_text
from trackscope.session.scratch import Scratch

MAX_PROBLEMS = 3
"""Captures whose problems the banner names; of the others it says how many there are."""


class OpeningControl(QObject):
    """Owns the scratch history, which is made with the first capture.

    `began` says that there is one to show, `ended` carries the path of a capture that is not read
    any more, and the Progress that it came to.
    """

    began = Signal()
    ended = Signal(object, object)

    def __init__(self, workspace: TrafficWorkspace, scope: TaskScope) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._scope = scope
        self._scratch: Scratch | None = None
        self._reader: ReaderProcess | None = None
        self._waiting: list[Path] = []
        self._current: Path | None = None
        self._last: Progress | None = None
        self._began_s = 0.0
        self._pasted = 0
        self._problems: list[str] = []
        workspace.reading.cancelled.connect(self.cancel)

    @property
    def scratch(self) -> Scratch | None:
        """The history of what was opened; None before anything was."""
        return self._scratch

    @property
    def is_reading(self) -> bool:
        """Whether a capture is being read."""
        return self._current is not None

    def open(self, paths: Sequence[Path]) -> None:
        """Read captures, after those that are being read."""
        if paths:
            self._scope.start(self._open(list(paths)), name="open")

    def open_text(self, text: str) -> None:
        """Read a text with many requests, such as was pasted."""
        self._scope.start(self._open_text(text), name="open text")

    def cancel(self) -> None:
        """Stop reading: what was read stays, what waits is not begun."""
        self._waiting.clear()
        if self._reader is not None and self._reader.is_running:
            self._workspace.reading.show_stopping()
            self._reader.cancel()

    def stop(self) -> None:
        """End what is being read, for good."""
        self._waiting.clear()
        if self._reader is not None:
            self._reader.stop()
        self._current = None

    def close(self) -> None:
        """Remove what was opened from the disk; nothing may read it any more."""
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.close()

    async def _open(self, paths: list[Path]) -> None:
        await self._prepare()
        self._waiting += paths
        self.began.emit()
        self._next()

    async def _open_text(self, text: str) -> None:
        scratch = await self._prepare()
        self._pasted += 1
        path = await asyncio.to_thread(scratch.keep_text, text, self._pasted)
        await self._open([path])

    async def _prepare(self) -> Scratch:
        if self._scratch is None:
            scratch = await asyncio.to_thread(Scratch)
            if self._scratch is None:
                self._scratch = scratch
                self._reader = ReaderProcess(scratch.path, self)
                self._reader.told.connect(self._on_told)
                self._reader.ended.connect(self._on_ended)
            else:  # two drops at once: the other was faster
                scratch.close()
        return self._scratch

    def _next(self) -> None:
        if self._reader is None or self._current is not None:
            return
        if not self._waiting:
            self._workspace.reading.end()
            return
        self._current = self._waiting.pop(0)
        self._began_s = time.monotonic()
        self._workspace.reading.begin(self._current.name, len(self._waiting))
        self._reader.start([self._current])

    def _on_told(self, progress: Progress) -> None:
        if progress.state is State.READING:
            elapsed_s = time.monotonic() - self._began_s
            self._workspace.reading.show_progress(progress, elapsed_s)
            return
        self._last = progress
        problem = problem_text(progress)
        if problem:
            self._problems.append(problem)
            self._show_problems()

    def _on_ended(self) -> None:
        current, self._current = self._current, None
        self._next()
        if current is None or self._last is None:
            return
        if self._is_pasted(current):
            current.unlink(missing_ok=True)
        self.ended.emit(current, self._last)

    def _is_pasted(self, path: Path) -> bool:
        return self._scratch is not None and path.parent == self._scratch.path.parent

    def _show_problems(self) -> None:
        shown = self._problems[-MAX_PROBLEMS:]
        more = len(self._problems) - len(shown)
        words = " ".join(shown)
        if more:
            words += f" And {counted(more, 'capture')} more could not be read as a whole."
        self._workspace.problem.say("attention", words, [("Dismiss", self.dismiss_problems)])

    def dismiss_problems(self) -> None:
        """Hide the banner: it was read."""
        self._problems.clear()
        self._workspace.problem.hide()
