"""Paints the visible rows of the list in one go: grounds, texts, badges, dividers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QStaticText

from trackscope.gui.models.traffic import PLACEHOLDER
from trackscope.gui.models.traffic_cells import Cell, Look
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.badge import badge_size, paint_badge

PADDING_PX = 8
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_TEXTS = (Look.WORDS, Look.DATA, Look.NUMBER)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column is: its number in the model, its left edge and its width in pixels."""

    column: int
    left: int
    width: int


class RowPainter:
    """Knows fonts and colours of one painting; `painter` is open on the list's viewport."""

    def __init__(self, painter: QPainter, places: Sequence[Place], width: int) -> None:
        theme = Theme.current()
        self._painter = painter
        self._places = places
        self._width = width
        self._padding = theme.px(PADDING_PX)
        self._fonts = {look: font_of(look, theme) for look in _TEXTS}
        self._strong = theme.font(12, is_strong=True)
        self._badge_look = (theme.is_dark, theme.zoom, painter.device().devicePixelRatioF())
        self._theme = theme
        self._colours: dict[str, QColor] = {}
        self._look = Look.BADGE  # none of texts: no font is set yet

    def paint_ground(self, top: int, height: int, colour: QColor) -> None:
        """The ground of a selected row."""
        self._painter.fillRect(0, top, self._width, height, colour)

    def paint_current(self, top: int, height: int) -> None:
        """The row that the keyboard is at, where it is not selected."""
        self._painter.setPen(QPen(self._theme.colour("accent"), 1, Qt.PenStyle.DotLine))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(0, top, self._width - 1, height - 1)

    def paint_divider(self, top: int, height: int, title: str) -> None:
        """A line over the whole width that names the page."""
        painter, theme = self._painter, self._theme
        painter.fillRect(0, top, self._width, height, theme.colour("sunken"))
        painter.fillRect(0, top + height - 1, self._width, 1, theme.colour("border"))
        painter.setFont(self._strong)
        self._look = Look.BADGE  # another font than that of texts
        painter.setPen(theme.colour("muted"))
        room = QRect(self._padding, top, self._width - 2 * self._padding, height)
        metrics = QFontMetrics(self._strong)
        words = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, _LEFT, words)

    def paint_cells(self, top: int, height: int, cells: Sequence[Cell] | None) -> None:
        """The cells of a row, or an ellipsis for one that was not read yet."""
        if cells is None:
            place = self._places[0]
            room = QRect(place.left + self._padding, top, place.width, height)
            self._paint_text(room, Cell(PLACEHOLDER, "disabled"))
            return
        for place in self._places:
            cell = cells[place.column]
            room = QRect(place.left + self._padding, top, place.width - 2 * self._padding, height)
            if not cell.text or room.width() <= 0:
                continue
            if cell.look in (Look.BADGE, Look.OUTLINED):
                self._paint_badge(room, cell)
            else:
                self._paint_text(room, cell)

    def _paint_badge(self, room: QRect, cell: Cell) -> None:
        picture = badge_picture(cell.text, cell.role, cell.look is Look.OUTLINED, self._badge_look)
        height = round(picture.height() / self._badge_look[2])
        top = room.top() + (room.height() - height) // 2
        painter = self._painter
        painter.setClipRect(room)
        painter.drawPixmap(room.left(), top, picture)
        painter.setClipping(False)

    def _paint_text(self, room: QRect, cell: Cell) -> None:
        painter = self._painter
        text = laid_out(cell.text, cell.look, self._theme.zoom)
        width = text.size().width()
        if width > room.width():
            metrics = QFontMetrics(self._fonts[cell.look])
            words = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, room.width())
            text = laid_out(words, cell.look, self._theme.zoom)
            width = text.size().width()
        if cell.look is not self._look:
            self._look = cell.look
            painter.setFont(self._fonts[cell.look])
        colour = self._colours.get(cell.role)
        if colour is None:
            colour = self._colours[cell.role] = self._theme.colour(cell.role)
        painter.setPen(colour)
        left = room.left() + (room.width() - width if cell.look is Look.NUMBER else 0)
        top = room.top() + (room.height() - text.size().height()) / 2
        painter.drawStaticText(QPointF(left, top), text)


def font_of(look: Look, theme: Theme) -> QFont:
    """The font of a cell's text."""
    return theme.font(12) if look is Look.WORDS else theme.data_font()


@lru_cache(maxsize=4096)
def laid_out(text: str, look: Look, zoom: float) -> QStaticText:
    """A text with its glyphs in place: most are painted in many frames, and that takes longest.

    It is set in the present theme's font, which depends on `zoom`.
    """
    laid = QStaticText(text)
    laid.setTextFormat(Qt.TextFormat.PlainText)
    laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    laid.prepare(font=font_of(look, Theme.current()))
    return laid


@lru_cache(maxsize=256)
def badge_picture(
    text: str, role: str, is_outlined: bool, look: tuple[bool, float, float]
) -> QPixmap:
    """A badge as it is painted on a screen of so many pixels a pixel, in the present theme.

    `look` is what it depends on besides: dark or not, zoom, and that ratio.
    """
    size, ratio = badge_size(text), look[2]
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_badge(painter, QRect(QPoint(0, 0), size), text, role, is_outlined=is_outlined)
    painter.end()
    return picture
