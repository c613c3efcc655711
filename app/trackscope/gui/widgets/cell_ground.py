"""Draws what is behind the text of a cell, for delegates that draw the text themselves."""

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
    """The cell as the style draws it, selected and focused or not, but without its text."""
    ground = QStyleOptionViewItem(option)
    delegate.initStyleOption(ground, index)
    ground.text = ""
    widget = ground.widget
    widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, widget)
