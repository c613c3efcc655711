"""Rows of a form: captions that belong to their fields, and widgets side by side."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from trackscope.gui.theme.theme import Theme

GAP_PX = 8


def caption(words: str, field: QWidget, width_px: int = 0) -> QLabel:
    """What a field is called, at its left; it is at least `width_px` wide at normal size."""
    label = QLabel(words)
    label.setObjectName("captionLabel")
    label.setBuddy(field)
    label.setMinimumWidth(Theme.current().px(width_px))
    return label


def form_row(*widgets: QWidget, wide: int) -> QHBoxLayout:
    """The widgets side by side; the one at the place `wide` takes what room there is."""
    row = QHBoxLayout()
    row.setSpacing(GAP_PX)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, int(place == wide))
    return row
