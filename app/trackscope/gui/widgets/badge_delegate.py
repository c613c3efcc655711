"""Draws a cell's text as a badge, in a table of exchanges."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.badge import paint_badge
from trackscope.gui.widgets.cell_ground import paint_ground

TONE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The data role under which a model gives the badge's colours: "success", "danger" and so on."""


class BadgeDelegate(QStyledItemDelegate):
    """Draws `DisplayRole` in the colours of `TONE_ROLE`."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The cell's ground as the style draws it, then the badge."""
        text, tone = index.data(Qt.ItemDataRole.DisplayRole), index.data(TONE_ROLE)
        paint_ground(self, painter, option, index)
        if text and tone:
            area = option.rect.adjusted(Theme.current().px(8), 0, 0, 0)
            paint_badge(painter, area, text, tone)
