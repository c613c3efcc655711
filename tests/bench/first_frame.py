"""Tells when a window has been painted for the first time: driver side of the start-up rows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

STARTED = "BENCH_STARTED_NS"
"""The variable with the monotonic time at which the process was started."""

_PAINTING = (QEvent.Type.Expose, QEvent.Type.Paint, QEvent.Type.UpdateRequest)


class FirstFrame(QObject):
    """Watches a window from before it is shown, and tells after its first frame is flushed.

    The events of the native window paint all widgets before they come back: so each is delivered
    here, and the window has a frame when a paint event reached it meanwhile.
    """

    def __init__(self, window: QWidget, on_painted: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._on_painted = on_painted
        self._is_painted = False
        window.winId()  # makes the native window, which showing would do next
        self._handle = window.windowHandle()
        self._handle.installEventFilter(self)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Deliver what paints, and look whether it did."""
        if watched is self._window:
            self._is_painted = self._is_painted or event.type() == QEvent.Type.Paint
            return False
        if event.type() not in _PAINTING:
            return False
        self._handle.removeEventFilter(self)
        QCoreApplication.sendEvent(self._handle, event)
        if self._is_painted:
            self._window.removeEventFilter(self)
            self._on_painted()
        else:
            self._handle.installEventFilter(self)
        return True


def since_start_ms() -> float:
    """Milliseconds since the process was started by `run_driver`'s caller."""
    return (time.monotonic_ns() - int(os.environ[STARTED])) / 1e6


def qt_modules() -> list[str]:
    """The modules of Qt that are loaded, without their package."""
    names = (name.partition(".") for name in sys.modules if name.startswith("PySide6.Qt"))
    return sorted(name for _, _, name in names)
