"""A column of widgets that touch each other and the edges of what they stand in."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget


def tight_column(widget: QWidget | None = None) -> QVBoxLayout:
    """The layout of a widget, or one to be put into another, without margins and gaps."""
    column = QVBoxLayout(widget) if widget is not None else QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
