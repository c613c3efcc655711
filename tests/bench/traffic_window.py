"""The running program with its own long history in Traffic, while exchanges arrive.

    traffic_window.py HISTORY ROWS ROWS_A_SECOND SECONDS

Prints the gaps between frames, the window's memory, and how many exchanges did arrive a second.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QPushButton
from tests.bench.frame_gaps import FrameGaps
from tests.bench.processes import resident_mb

from trackscope.__main__ import main
from trackscope.gui.window import MainWindow

POLL_MS = 50
READY_S = 120


class Watch:
    """Shows what is sent and received, waits until all of it is listed, and measures."""

    def __init__(self, window: MainWindow, history: str, rows: int, rate: str, seconds: float):
        self._window = window
        self._arguments = (history, rate)
        self._rows = rows
        self._seconds = seconds
        self._source: subprocess.Popen[str] | None = None
        self._deadline = time.monotonic() + READY_S
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._look)
        QTimer.singleShot(1500, self._begin)

    def _begin(self) -> None:
        button = self._window.findChild(QPushButton, "workspaceTraffic")
        assert isinstance(button, QPushButton)
        button.click()
        box = self._window.findChild(QComboBox, "trafficSource")
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(1)
        box.activated.emit(1)
        self._timer.start(POLL_MS)

    def _look(self) -> None:
        from trackscope.gui.traffic.request_table import RequestTable

        assert time.monotonic() < self._deadline, "the list was not read"
        table = self._window.findChild(RequestTable)
        assert isinstance(table, RequestTable)
        if len(table.requests.rows) < self._rows:
            return
        self._timer.stop()
        history, rate = self._arguments
        command = [sys.executable, "-m", "tests.bench.exchanges", history, "--rate", rate]
        self._source = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        table.verticalScrollBar().setValue(10_000)
        FrameGaps(table, self._seconds, self._tell)

    def _tell(self, gaps_ms: list[float]) -> None:
        assert self._source is not None
        arrived, _ = self._source.communicate()
        result = {
            "gaps_ms": gaps_ms,
            "memory_mb": resident_mb(os.getpid()),
            "arrived": float(arrived),
        }
        self._window.close()
        print(json.dumps(result))


if __name__ == "__main__":
    _, path, rows, rate, seconds = sys.argv
    show = MainWindow.show
    watches: list[Watch] = []

    def watched_show(window: MainWindow) -> None:
        show(window)
        watches.append(Watch(window, path, int(rows), rate, float(seconds)))

    MainWindow.show = watched_show  # type: ignore[assignment, method-assign]  # here only, to get hold of the window
    main([])
