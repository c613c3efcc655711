"""Number fields whose text stands as far from the frame as in every other field."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox

_MARGIN_PX = 6


def indented(*boxes: QAbstractSpinBox) -> None:
    """Indent the text of number fields, which a style sheet cannot reach."""
    for box in boxes:
        box.lineEdit().setTextMargins(_MARGIN_PX, 0, 0, 0)
