"""Shows a small picture that came back, enlarged over a chequered ground."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QRect, QSize
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from trackscope.gui.theme.theme import Theme

SIDE_PX = 48
SQUARE_PX = 8
MAX_PIXELS = 1_000_000
"""A picture that claims to be larger is not decoded."""


class PictureView(QWidget):
    """A transparent pixel shows as the chequered ground alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setAccessibleName("Answer picture")

    def show_picture(self, data: bytes) -> None:
        """Show a GIF or PNG; anything that cannot be decoded shows nothing."""
        buffer = QBuffer(self)
        buffer.setData(QByteArray(data))
        reader = QImageReader(buffer)
        size = reader.size()
        is_bounded = 0 < size.width() * size.height() <= MAX_PIXELS
        self._image = reader.read() if is_bounded else QImage()
        buffer.deleteLater()
        self.update()

    def sizeHint(self) -> QSize:
        """A square, and as much again to its right."""
        side = Theme.current().px(SIDE_PX)
        return QSize(side * 2, side)

    def minimumSizeHint(self) -> QSize:
        """It is never squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the picture over it, and a frame."""
        if self._image.isNull():
            return
        theme = Theme.current()
        side, square = theme.px(SIDE_PX), theme.px(SQUARE_PX)
        area = QRect(0, 0, side, side)
        painter = QPainter(self)
        painter.fillRect(area, theme.colour("surface"))
        for row in range(0, side, square):
            for column in range(0, side, square):
                if (row + column) // square % 2:
                    painter.fillRect(column, row, square, square, theme.colour("border"))
        painter.drawImage(area, self._image)
        painter.setPen(theme.colour("border_strong"))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.end()
