"""Lets Python's cyclic garbage be collected by the window's thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500


class Garbage(QObject):
    """Collects in Python's stead, by its thresholds, from now on until the process ends.

    Python collects in whichever thread allocates next. Where that is a worker's, it would end
    Qt's objects there, timers among them, and Qt crashes of that.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, and the younger ones with it."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [
            generation
            for generation, (count, limit) in enumerate(zip(counts, limits, strict=True))
            if limit and count > limit
        ]
        if due:
            gc.collect(max(due))
