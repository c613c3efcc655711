"""A line of two pixels that says that something is under way."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from trackscope.gui.theme.theme import Theme

DELAY_MS = 150
"""What is done sooner shows no line."""
_TICK_MS = 40
_STEP = 0.02
_PART = 0.25


class ProgressLine(QWidget):
    """Empty until `start`; then a part of it moves until `set_fraction` knows how far it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(2)
        self._fraction: float | None = None
        self._place = 0.0
        self._is_shown = False
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._begin)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._move)

    @property
    def is_running(self) -> bool:
        """Whether something is under way, seen or not yet."""
        return self._is_shown or self._delay.isActive()

    def start(self) -> None:
        """Something is under way; the line appears after 150 ms."""
        if not self.is_running:
            self._fraction = None
            self._delay.start()

    def set_fraction(self, fraction: float) -> None:
        """So much of it is done, 0 to 1."""
        self._fraction = min(1.0, max(0.0, fraction))
        self._tick.stop()
        self.update()

    def stop(self) -> None:
        """It is over."""
        self._delay.stop()
        self._tick.stop()
        self._is_shown = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part that is done, or the one that moves."""
        if not self._is_shown:
            return
        width = self.width()
        bar = QRectF(self._place * (1 + _PART) * width - _PART * width, 0, _PART * width, 2)
        if self._fraction is not None:
            bar = QRectF(0, 0, self._fraction * width, 2)
        painter = QPainter(self)
        painter.fillRect(bar, Theme.current().colour("accent"))
        painter.end()

    def _begin(self) -> None:
        self._is_shown = True
        if self._fraction is None:
            self._tick.start()
        self.update()

    def _move(self) -> None:
        self._place = (self._place + _STEP) % 1.0
        self.update()
