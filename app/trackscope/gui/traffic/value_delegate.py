"""Draws a decoded row: the finding on it, its type, its value with what cannot be seen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from trackscope.gui.models.decoded import NODE_ROLE, Column
from trackscope.gui.theme.roles import SEVERITY_ROLES
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.badge import paint_badge, paint_shape
from trackscope.gui.widgets.cell_ground import paint_ground
from trackscope.gui.widgets.visible_text import visible_runs
from trackscope.session.form import Type
from trackscope.session.value_tree import Node
from trackscope.wire.finding import Finding

_ROLES = {
    Type.TEXT: "string",
    Type.DATE: "string",
    Type.NUMBER: "number",
    Type.BOOLEAN: "literal",
    Type.NULL: "literal",
    Type.LIST: "punctuation",
    Type.OBJECT: "punctuation",
}
_SHAPE_PX = 8

Run = tuple[str, str, QFont]
"""A text, the role of its colour, its font."""


class ValueDelegate(QStyledItemDelegate):
    """Draws the cells of a `DecodedModel`; colours follow the theme."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The cell's ground as the style draws it, then what stands in it."""
        node = index.data(NODE_ROLE)
        if not isinstance(node, Node):
            super().paint(painter, option, index)
            return
        paint_ground(self, painter, option, index)
        px = Theme.current().px
        # A field stands behind its arrow; the others as far in as their header does.
        left = px(4) if index.column() == Column.FIELD else px(8)
        area = option.rect.adjusted(left, 0, -px(4), 0)
        painter.save()
        painter.setClipRect(option.rect)
        if index.column() == Column.FIELD:
            _paint_field(painter, area, node, is_top=not index.parent().isValid())
        elif index.column() == Column.TYPE:
            _paint_type(painter, area, node)
        else:
            _paint_runs(painter, area, _value_runs(node))
        painter.restore()


def _paint_field(painter: QPainter, area: QRect, node: Node, *, is_top: bool) -> None:
    theme = Theme.current()
    font = theme.font(12, is_strong=is_top)
    runs = [
        (text, "attention" if is_stray else "text", font)
        for text, is_stray in visible_runs(node.label, 120)
    ]
    end = _paint_runs(painter, area, runs)
    if node.severity is not None and not isinstance(node.points_at, Finding):
        side = theme.px(_SHAPE_PX)
        left = min(end + theme.px(6), area.right() - side)
        middle = area.top() + (area.height() - side) / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_shape(painter, QRectF(left, middle, side, side), SEVERITY_ROLES[node.severity])


def _paint_type(painter: QPainter, area: QRect, node: Node) -> None:
    if isinstance(node.points_at, Finding) and node.severity is not None:
        paint_badge(painter, area, node.severity.value, SEVERITY_ROLES[node.severity])
    else:
        _paint_runs(painter, area, [(node.type, "muted", Theme.current().font(12))])


def _value_runs(node: Node) -> list[Run]:
    theme = Theme.current()
    role = "attention" if node.is_missing else _ROLES.get(Type(node.type)) if node.type else "text"
    font = theme.data_font() if node.type else theme.font(12)
    runs = [
        (text, "attention" if is_stray else role or "text", font)
        for text, is_stray in visible_runs(node.value)
    ]
    if node.hint:
        gap = "   " if runs else ""
        runs.append((gap + node.hint, "muted", theme.font(12)))
    return runs


def _paint_runs(painter: QPainter, area: QRect, runs: list[Run]) -> int:
    """Paint texts one after the other, as far as there is room; where they end."""
    theme = Theme.current()
    left = area.left()
    for text, role, font in runs:
        metrics = QFontMetrics(font)
        room = area.right() - left
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        box = QRect(left, area.top(), room, area.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        left += metrics.horizontalAdvance(text)
        if shown != text:
            break
    return min(left, area.right())
