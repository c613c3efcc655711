"""A short state in words, a shape and a colour: `1`, `0`, `error`, `no answer`."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.plain import plain

_HEIGHT, _PADDING, _SHAPE, _GAP = 18, 8, 7, 6
_LIMIT = 40


class Badge(QLabel):
    """A pill with a text; `role` is "success", "danger", "attention" or "info"."""

    def __init__(self, text: str = "", role: str = "info", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._is_outlined = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(text, role)

    @property
    def role(self) -> str:
        """The role of its colours."""
        return self._role

    def show_state(self, text: str, role: str, *, is_outlined: bool = False) -> None:
        """Show another state, an outlined one where it is expected and not known."""
        self._role = role
        self._is_outlined = is_outlined
        self.setText(plain(text, _LIMIT))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the text needs."""
        return badge_size(self.text())

    def minimumSizeHint(self) -> QSize:
        """It is never squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as `paint_badge` does in a table."""
        painter = QPainter(self)
        paint_badge(painter, self.rect(), self.text(), self._role, is_outlined=self._is_outlined)
        painter.end()


def badge_size(text: str) -> QSize:
    """What a badge with the text needs."""
    theme = Theme.current()
    words = QFontMetrics(theme.font(12, is_strong=True)).horizontalAdvance(text)
    return QSize(words + theme.px(2 * _PADDING + _SHAPE + _GAP), theme.px(_HEIGHT))


def paint_badge(
    painter: QPainter, area: QRect, text: str, role: str, *, is_outlined: bool = False
) -> None:
    """Paint a badge at the left of the area, in the middle of its height; for table cells.

    An outlined one has no ground: what it says is expected, not known.
    """
    theme = Theme.current()
    size = badge_size(text).boundedTo(area.size())
    top = area.top() + (area.height() - size.height()) // 2
    pill = QRectF(area.left(), top, size.width(), size.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_outlined:
        painter.setPen(QPen(theme.colour(role), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pill = pill.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(f"{role}_bg"))
    painter.drawRoundedRect(pill, theme.px(4), theme.px(4))
    side = theme.px(_SHAPE)
    left = pill.left() + theme.px(_PADDING)
    paint_shape(painter, QRectF(left, pill.center().y() - side / 2, side, side), role)
    painter.setPen(theme.colour(role))
    painter.setFont(theme.font(12, is_strong=True))
    words = pill.adjusted(theme.px(_PADDING + _SHAPE + _GAP), 0, -theme.px(4), 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


def paint_shape(painter: QPainter, box: QRectF, role: str) -> None:
    """A disc for success, a cross for danger, a triangle for attention, a ring for the rest."""
    colour = Theme.current().colour(role)
    painter.setBrush(colour if role in ("success", "attention") else Qt.BrushStyle.NoBrush)
    outlined = QPen(colour, box.width() / 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(Qt.PenStyle.NoPen if role in ("success", "attention") else outlined)
    if role == "success":
        painter.drawEllipse(box)
    elif role == "danger":
        inner = box.adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif role == "attention":
        top = QPointF(box.center().x(), box.top())
        painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
    else:
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
