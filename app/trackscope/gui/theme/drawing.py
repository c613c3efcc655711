"""Lucide's drawings in any colour, as pictures for the screen."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trackscope.resources import MissingResourceError, find


def svg(name: str, colour: str) -> bytes:
    """The drawing `icons/NAME.svg` with its strokes in `colour` ("#RRGGBB")."""
    drawing = find(f"icons/{name}.svg").read_text(encoding="utf-8")
    return drawing.replace("currentColor", colour).encode()


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, side_px: int, ratio: float = 1.0, gap_px: int = 0) -> QPixmap:
    """The drawing, `side_px` wide and high and with a gap at its right.

    `ratio` is how many of the screen's pixels one of ours has.

    It is empty where the drawing is missing: the words beside it still say all.
    """
    side = round(side_px * ratio)
    picture = QPixmap(QSize(side + round(gap_px * ratio), side))
    picture.fill(Qt.GlobalColor.transparent)
    try:
        drawing = svg(name, colour)
    except MissingResourceError:
        return QPixmap()
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
