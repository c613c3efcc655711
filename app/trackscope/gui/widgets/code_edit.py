"""An editor for data: exact about its text, quick with long ones, silent when told what to show."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMetaMethod, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QTextCursor,
)

from trackscope.gui.widgets.code_document import Change
from trackscope.gui.widgets.code_view import CodeView

_KEY = Qt.Key
_ENTER = (_KEY.Key_Return, _KEY.Key_Enter)
_BACKWARD = (_KEY.Key_Backspace, _KEY.Key_Left)
_FORWARD = (_KEY.Key_Delete, _KEY.Key_Right)
_OWN_LETTERS = (_KEY.Key_A, _KEY.Key_C, _KEY.Key_V, _KEY.Key_X)


class CodeEdit(CodeView):
    """Shows and edits one text.

    `edited` says that a person changed it, never that it was told what to show. Undo belongs to
    the owner, as do all of the window's keys; Tab leaves. Where somebody listens to
    `paste_requested`, text that is pasted or dropped is only told: `insert` puts it in.
    """

    edited = Signal()
    paste_requested = Signal(object)

    def _connect(self) -> None:
        super()._connect()
        self._is_edited = False
        self.document().contentsChange.connect(self._on_document_changed)
        self.textChanged.connect(self._on_text_changed)

    def insert(self, text: str) -> None:
        """Put the text in the place of the selection, as a person's edit."""
        if not self.isReadOnly():
            start, end = self.selected_range()
            self._edit((start, end, text), start + len(text))

    def event(self, event: QEvent) -> bool:
        """Leave the window its keys: Qt's editors would claim undo and some letters with Ctrl."""
        is_claim = event.type() == QEvent.Type.ShortcutOverride
        if is_claim and isinstance(event, QKeyEvent) and _is_for_window(event):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step over soft breaks; let go of the window's keys."""
        if _is_for_window(event):
            event.ignore()
        elif event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.insert("\n")  # Qt would insert U+2028
        else:
            if event.key() in _BACKWARD + _FORWARD:
                self._step_over_soft_break(event)
            super().keyPressEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selected part of the text itself, without stand-ins and soft breaks."""
        start, end = self.selected_range()
        part = self.text()[start:end]
        mime = QMimeData()
        mime.setText(part.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        return mime

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Plain text only."""
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert pasted text, or tell it to the owner who listens."""
        if self.isReadOnly() or not source.hasText():
            return
        if self.isSignalConnected(QMetaMethod.fromSignal(self.paste_requested)):
            self.paste_requested.emit(source.text())
        else:
            self.insert(source.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are the window's."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Files are the window's."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Insert dropped text where it was dropped; text that was dragged from here moves."""
        if event.mimeData().hasUrls() or self.isReadOnly():
            event.ignore()
            return
        event.acceptProposedAction()
        place = self.cursorForPosition(event.position().toPoint()).position()
        target = self.offset_at(place)
        is_own = event.source() in (self, self.viewport())
        if is_own and event.dropAction() == Qt.DropAction.MoveAction:
            self._move_selection(target)
        else:
            self._put_caret(target, target)
            self.insertFromMimeData(event.mimeData())
        # Qt's own drop handling has to end too, but with nothing to insert.
        keys, nothing = event.modifiers(), QMimeData()
        over = QDropEvent(event.position(), event.dropAction(), nothing, event.buttons(), keys)
        super().dropEvent(over)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Cut, copy, paste and the like; undo is the window's and stands in its menu."""
        menu = self.createStandardContextMenu()
        for action in menu.actions()[: 0 if self.isReadOnly() else 3]:
            menu.removeAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _edit(self, change: Change, caret: int) -> None:
        """A person's edit that does not come through Qt's document."""
        start, end, new = change
        text = self.text()
        self._lay(text[:start] + new + text[end:], caret, change)
        self._put_caret(caret, caret)
        self.ensureCursorVisible()
        if start != end or new:
            self.edited.emit()

    def _move_selection(self, target: int) -> None:
        start, end = self.selected_range()
        text = self.text()
        if target < start:
            self._edit((target, end, text[start:end] + text[target:start]), target + end - start)
        elif target > end:
            self._edit((start, target, text[end:target] + text[start:end]), target)

    def _step_over_soft_break(self, event: QKeyEvent) -> None:
        """Put the caret on the other side of a soft break, so that the key meets a character."""
        cursor = self.textCursor()
        is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if cursor.hasSelection() and not is_extending:
            return
        chunk = cursor.blockNumber()
        move = QTextCursor.MoveOperation
        mode = QTextCursor.MoveMode.KeepAnchor if is_extending else QTextCursor.MoveMode.MoveAnchor
        soft = self._code.soft
        if event.key() in _BACKWARD and cursor.atBlockStart() and chunk and soft.is_soft(chunk - 1):
            cursor.movePosition(move.PreviousCharacter, mode)
            self.setTextCursor(cursor)
        elif event.key() in _FORWARD and cursor.atBlockEnd() and soft.is_soft(chunk):
            cursor.movePosition(move.NextCharacter, mode)
            self.setTextCursor(cursor)

    def _on_document_changed(self, position: int, removed: int, added: int) -> None:
        """Qt changed its document by itself: a person typed, deleted, or composed a character."""
        if self._code.is_projecting:
            return
        length = len(self._code.soft.text)
        change = self._code.absorb(position, added)
        if change is not None:
            self._is_edited = True
            self._on_absorbed(change, length)

    def _on_absorbed(self, change: Change, length: int) -> None:
        """The displayed part, which had that length, was changed by a person."""

    def _on_text_changed(self) -> None:
        """Qt has finished with its change."""
        if self._code.is_projecting:
            return
        caret = self._code.settle()
        if caret is not None:
            caret += len(self._before)
            self._put_caret(caret, caret)
        if self._is_edited:
            self._is_edited = False
            self._dress_visible()
            self.edited.emit()


def _is_for_window(event: QKeyEvent) -> bool:
    """Whether the key is one of the window's that Qt's editors would take: undo, Ctrl+K …"""
    standard = QKeySequence.StandardKey
    if event.matches(standard.Undo) or event.matches(standard.Redo):
        return True
    modifiers = event.modifiers()
    kind = Qt.KeyboardModifier
    if not modifiers & kind.ControlModifier or modifiers & kind.AltModifier:
        return False
    is_letter = _KEY.Key_A <= event.key() <= _KEY.Key_Z
    is_own = event.key() in _OWN_LETTERS and not modifiers & kind.ShiftModifier
    return is_letter and not is_own
