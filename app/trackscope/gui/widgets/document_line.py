"""A field of one line that shows a part of the document: undo and files belong to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

_UNDO_ENTRIES = 3
"""Undo, redo and a separator begin the menu that Qt makes."""


class DocumentLine(QLineEdit):
    """Leaves undo and redo to the window: Qt's field would undo its own typing, or do nothing."""

    def event(self, event: QEvent) -> bool:
        """Do not claim the keys of undo from the window's shortcuts."""
        is_claim = event.type() == QEvent.Type.ShortcutOverride
        if is_claim and isinstance(event, QKeyEvent) and _is_undo(event):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nothing is undone here, also where the window has nothing to undo."""
        if _is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are the window's: Qt's field would insert their paths."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Cut, copy, paste and the like; undo stands in the window's menu."""
        menu = self.createStandardContextMenu()
        for action in menu.actions()[:_UNDO_ENTRIES]:
            menu.removeAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def show_exactly(line: QLineEdit, text: str) -> None:
    """Show a text; what the field cannot hold as it is, half a pair or 40,000 characters, can only
    be read there: an edit would lose the rest.
    """
    if line.text() != text:
        line.setText(text)
    line.setReadOnly(line.text() != text)


def _is_undo(event: QKeyEvent) -> bool:
    standard = QKeySequence.StandardKey
    return event.matches(standard.Undo) or event.matches(standard.Redo)
