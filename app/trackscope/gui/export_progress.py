"""How far an export is, and the button that stops it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget

from trackscope.capture.exchange import Exchange

SHOWN_AFTER_MS = 500
"""What is done sooner shows no progress."""

_TICK_MS = 100


class ExportStoppedError(Exception):
    """The user has stopped the export."""


class ExportProgress(QProgressDialog):
    """Appears after half a second. `watched` is for another thread: it counts what it passes on,
    and raises ExportStoppedError once Cancel was pressed or `stop` called.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Writing the exchanges…", "Cancel", 0, 0, parent)
        self.setObjectName("exportProgress")
        self.setWindowTitle("Export")
        self.setMinimumDuration(SHOWN_AFTER_MS)
        self.setAutoClose(False)
        self.setAutoReset(False)
        self._count = 0
        self._is_stopped = False
        self.canceled.connect(self.stop)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show_count)
        self._timer.start()

    def stop(self) -> None:
        """Let the export end at its next exchange."""
        self._is_stopped = True

    def end(self) -> None:
        """It is over, one way or another."""
        self._timer.stop()
        self.stop()
        self.reset()
        self.deleteLater()

    def watched(self, exchanges: Iterator[Exchange]) -> Iterator[Exchange]:
        """The exchanges, counted."""
        for exchange in exchanges:
            if self._is_stopped:
                raise ExportStoppedError
            self._count += 1
            yield exchange

    def expect(self, size: int) -> None:
        """So many exchanges will come."""
        self.setMaximum(max(size, 1))

    def _show_count(self) -> None:
        # Below its end until it is over: more may have come meanwhile.
        self.setValue(min(self._count, max(self.maximum() - 1, 0)))
