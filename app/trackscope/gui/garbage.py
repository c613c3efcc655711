"""Lets Python's cyclic garbage be collected by the window's thread alone."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500

FULL_S = 60.0
"""How often the oldest generation is collected at most: that takes as long as several frames."""


def settle() -> None:
    """Take all that is there now for what stays until the end: no collection goes through it.

    Modules and widgets are so many that going through them takes as long as several frames: it is
    done once, while the program starts.
    """
    gc.collect()
    gc.freeze()


class Garbage(QObject):
    """Collects in Python's stead, by its thresholds, from now on until the process ends.

    Python collects in whichever thread allocates next. Where that is a worker's, it would end
    Qt's objects there, timers among them, and Qt crashes of that.
    """

    def __init__(self, parent: QObject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._full_s = clock()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, and the younger ones with it."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > limits[generation]]
        if 2 in due and self._clock() - self._full_s < FULL_S:
            due.remove(2)
        if due:
            gc.collect(max(due))
        if 2 in due:
            self._full_s = self._clock()
