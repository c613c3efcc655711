"""The program as `trackscope` opens it, told apart from a user's only by its watched window."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from PySide6.QtCore import QTimer
from tests.bench.first_frame import FirstFrame, qt_modules, since_start_ms
from tests.bench.processes import children, resident_mb

from trackscope.__main__ import main
from trackscope.gui.window import MainWindow

POLL_MS = 2


class Watch:
    """Notes the first frame, then when something could be sent, and closes the window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._result: dict[str, Any] = {}
        FirstFrame(window, self._on_painted)
        self._timer = QTimer(window)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)

    def _on_painted(self) -> None:
        self._result["painted_ms"] = since_start_ms()
        self._timer.start()

    def _look(self) -> None:
        """Ready: the collector listens, and what the first Send imports is imported."""
        if not hasattr(self._window, "collector"):  # a frame yet
            return
        said = self._window.collector.text()
        if "not running" in said:
            sys.exit(f"{said}: {self._window.collector.toolTip()}")
        if "listening" not in said:
            return
        self._timer.stop()
        from trackscope.sender import failure, sender, transport

        assert failure, (sender, transport)
        pid = os.getpid()
        self._result |= {
            "ready_ms": since_start_ms(),
            "memory_mb": resident_mb(pid),
            "collector_mb": sum(map(resident_mb, children(pid))),
            "modules": qt_modules(),
        }
        self._window.close()

    def tell(self) -> None:
        """Print what was noted."""
        print(json.dumps(self._result))


if __name__ == "__main__":
    watches: list[Watch] = []
    show = MainWindow.show

    def watched_show(window: MainWindow) -> None:
        watches.append(Watch(window))
        show(window)

    MainWindow.show = watched_show  # type: ignore[assignment, method-assign]  # here only, to be told of it
    main([])
    watches[0].tell()
