"""The border between Qt and asyncio: tasks with an owner, dialogs to await, errors to one place."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from trackscope.errors import TrackscopeError

_log = logging.getLogger(__name__)

Report = Callable[[BaseException], object]


class TaskScope:
    """Tasks that end with their owner; the only place that starts any.

    asyncio keeps no reference to a task and says nothing of its exception while somebody else
    does; both are done here. `report` hears of what a task raised.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._tasks: dict[asyncio.Task[Any], Report] = {}
        self._is_closed = False

    def start(
        self,
        coroutine: Coroutine[Any, Any, Any],
        on_error: Report | None = None,
        name: str | None = None,
    ) -> asyncio.Task[Any] | None:
        """Run the coroutine; `on_error` hears of its exception instead of the scope's report.

        A scope that is closed runs nothing any more and gives None.
        """
        if self._is_closed:
            coroutine.close()
            return None
        task = asyncio.create_task(coroutine, name=name)
        self._tasks[task] = on_error or self._report
        task.add_done_callback(self._on_done)
        return task

    async def close(self) -> None:
        """Cancel what runs, but not the caller, and wait for its end."""
        self._is_closed = True
        running = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        report = self._tasks.pop(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        if not isinstance(error, TrackscopeError):
            _log.error("the task %s failed", task.get_name(), exc_info=error)
        report(error)


async def ask(dialog: QDialog) -> int:
    """Open the dialog without stopping the program; its result when it is finished.

    A dialog whose waiting is cancelled is closed.
    """
    result: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def on_finished(code: int) -> None:
        if not result.done():
            result.set_result(code)

    dialog.finished.connect(on_finished)
    dialog.open()
    try:
        return await result
    finally:
        dialog.finished.disconnect(on_finished)
        dialog.close()


def release_clipboard() -> None:
    """Let the clipboard hold its text without what Python made of it.

    An editor's copy is an object of Python's, and Qt would destroy it after Python has ended.
    """
    clipboard = QGuiApplication.clipboard()
    # The platform without a screen never says that it owns its clipboard.
    if clipboard.ownsClipboard() or QGuiApplication.platformName() == "offscreen":
        clipboard.setText(clipboard.text())


class ErrorHooks:
    """Brings every exception that nobody caught to one callback, each kind with its count.

    `report` gets the exception and how often the same was seen; the log has only the first. Data
    of users may stand in messages, so the log gets types and places, which a traceback has.
    """

    def __init__(self, report: Callable[[BaseException, int], object]) -> None:
        self._report = report
        self._seen: Counter[tuple[object, ...]] = Counter()
        self._is_reporting = False

    def install(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Take over the hooks of Python, of its threads and of the loop."""
        sys.excepthook = self._on_uncaught
        sys.unraisablehook = lambda raised: self.heard(raised.exc_value)
        threading.excepthook = lambda raised: self.heard(raised.exc_value)
        if loop is not None:
            loop.set_exception_handler(self._on_loop)

    def uninstall(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        threading.excepthook = threading.__excepthook__
        if loop is not None:
            loop.set_exception_handler(None)

    def heard(self, error: BaseException | None) -> None:
        """Report an exception; the same from the same place is counted, and logged once."""
        if error is None or self._is_reporting:
            return
        key = (type(error), *_place(error.__traceback__))
        self._seen[key] += 1
        if self._seen[key] == 1:
            _log.error("an error that nobody caught", exc_info=error)
        self._is_reporting = True
        try:
            self._report(error, self._seen[key])
        finally:
            self._is_reporting = False

    def _on_uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.heard(error)

    def _on_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.heard(error if error is not None else RuntimeError(context.get("message", "")))


def _place(trace: TracebackType | None) -> tuple[object, ...]:
    """File and line where an exception was raised."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace else ()
