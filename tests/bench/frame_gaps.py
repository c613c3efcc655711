"""Driver side of the frame rows: scrolls a table steadily and notes the time between its frames."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QTableView

BEAT_MS = 8
"""From frame to frame where nothing else is done: twice as fast as a screen."""

STEP_PX = 40
JUMP_EVERY = 250
"""Frames after which the scroll bar jumps somewhere else."""

_JUMP_PX = 2_654_435_761
"""Far, and to another place each time: the number of Knuth's multiplicative hash."""


class FrameGaps(QObject):
    """Tells the times in milliseconds from each painted frame to the next, when it is over."""

    def __init__(
        self, table: QTableView, seconds: float, on_end: Callable[[list[float]], None]
    ) -> None:
        super().__init__(table)
        self._table = table
        self._end = time.perf_counter() + seconds
        self._on_end = on_end
        self._gaps_ms: list[float] = []
        self._before = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        bar = self._table.verticalScrollBar()
        count = len(self._gaps_ms) + 1
        place = bar.value() + STEP_PX
        if count % JUMP_EVERY == 0:
            place = count * _JUMP_PX % max(1, bar.maximum())
        bar.setValue(place)
        self._table.viewport().repaint()
        now = time.perf_counter()
        if self._before:
            self._gaps_ms.append((now - self._before) * 1000)
        self._before = now
        if now > self._end:
            self._timer.stop()
            self._on_end(self._gaps_ms)
