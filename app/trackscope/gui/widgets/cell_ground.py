"""The ground of a cell as the style draws it, for delegates that draw what stands in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem


def paint_ground(
    delegate: QStyledItemDelegate,
    painter: QPainter,
    option: QStyleOptionViewItem,
    index: QModelIndex | QPersistentModelIndex,
) -> None:
    """Paint a cell of the delegate's view as if it had no text: selected or not, pointed at."""
    ground = QStyleOptionViewItem(option)
    delegate.initStyleOption(ground, index)
    ground.text = ""
    style = ground.widget.style()
    style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
