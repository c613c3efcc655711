"""Puts the focus into a field as a key does: with all of its text selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit


def focus(field: QLineEdit | QPlainTextEdit) -> None:
    """Let the next key replace what is in the field."""
    field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    field.selectAll()
