"""Draws a value of a comparison with the characters marked that are not the same."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.compare_model import DIFFERENCE_ROLE, Column
from trackscope.gui.widgets.cell_ground import paint_ground
from trackscope.gui.widgets.visible_text import visible_runs
from trackscope.session.comparison import Change, Difference, changed_parts
from trackscope.wire.json_text import Span

_BEFORE = 24
"""Characters that are shown before a difference far into a long value."""

_LONG = 60


class CompareDelegate(QStyledItemDelegate):
    """Draws the texts of a `CompareModel`; what changes by its nature is dimmed."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The cell's ground as the style draws it, then the text in pieces."""
        row = index.data(DIFFERENCE_ROLE)
        if not isinstance(row, Difference):
            super().paint(painter, option, index)
            return
        paint_ground(self, painter, option, index)
        px = Theme.current().px
        painter.save()
        _paint(painter, option.rect.adjusted(px(8), 0, -px(4), 0), row, index.column())
        painter.restore()


def _paint(painter: QPainter, area: QRect, row: Difference, column: int) -> None:
    theme = Theme.current()
    is_value = column in (Column.A, Column.B)
    painter.setFont(theme.data_font() if is_value else theme.font(12))
    role = "muted" if row.is_volatile or row.change is Change.SAME else "text"
    left = area.left()
    for text, is_marked in _pieces(row, column):
        metrics = QFontMetrics(painter.font())
        room = area.right() - left
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(shown)
        if is_marked:
            height = metrics.height()
            top = area.top() + (area.height() - height) // 2
            painter.fillRect(QRect(left, top, width, height), theme.colour("attention_bg"))
        painter.setPen(theme.colour("attention" if is_marked else role))
        box = QRect(left, area.top(), room, area.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        left += width
        if shown != text:
            return


def _pieces(row: Difference, column: int) -> list[tuple[str, bool]]:
    """The text of a cell, each piece with whether it is marked as changed."""
    if column not in (Column.A, Column.B):
        text = row.section if column == Column.WHERE else row.label
        return [(part, False) for part, _ in visible_runs(text)]
    own, other = (row.a, row.b) if column == Column.A else (row.b, row.a)
    if row.change is not Change.CHANGED:
        return [(part, False) for part, _ in visible_runs(own)]
    span = changed_parts(own, other)[0]
    return pieces_of(own, span)


def pieces_of(text: str, span: Span) -> list[tuple[str, bool]]:
    """A text in pieces, that of the span marked; its beginning is left out where it is long.

    >>> pieces_of('"free"', Span(1, 5))
    [('"', False), ('free', True), ('"', False)]
    """
    start = span.start - _BEFORE if span.start > _LONG else 0
    parts = (text[start : span.start], False), (text[span.start : span.end], True)
    cut = [("…", False)] if start else []
    for part, is_marked in (*parts, (text[span.end :], False)):
        cut += [(piece, is_marked) for piece, _ in visible_runs(part)]
    return cut
