"""A data editor of one row, for the URL: as quick with 140,000 characters as with 140."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.code_document import Change
from trackscope.gui.widgets.code_edit import CodeEdit

_WHOLE_MAX = 4_000
_MARGIN = 500
"""Characters that are kept displayed on either side of the caret."""


class CodeLine(CodeEdit):
    """Shows and edits a text in one row; Enter emits `submitted`.

    A long text is displayed in part, around the caret; the part follows the caret. A selection
    that reaches the edge of the part reaches the end of the text.
    """

    submitted = Signal()

    is_single_line = True

    def _build_ui(self) -> None:
        super()._build_ui()
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter submits; Home and End reach the ends of the whole text."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)
            self._follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel to scroll sideways."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - turned)
        event.accept()

    def offset_at(self, position: int) -> int:
        """The offset of a place in Qt's document; the edge of a selection is the text's end."""
        if self._before and position == 0:
            return 0
        if self._after and position >= self.document().characterCount() - 1:
            return len(self.text())
        return super().offset_at(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click may have put the caret near the edge of what is displayed."""
        super().mouseReleaseEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the row in the middle of the height."""
        self._set_margin(Theme.current())
        super().resizeEvent(event)

    def _set_margin(self, theme: Theme) -> None:
        room = self.viewport().height() - QFontMetrics(self.font()).height()
        self.document().setDocumentMargin(max(0, room // 2))

    def _window(self, length: int, around: int) -> tuple[int, int]:
        """All, or the part around the caret."""
        if length <= _WHOLE_MAX:
            return 0, length
        first = min(max(0, around - _WHOLE_MAX // 2), length - _WHOLE_MAX)
        return first, first + _WHOLE_MAX

    def _reveal(self, start: int, end: int) -> None:
        """Display the part around `end` unless both are displayed."""
        shown_end = len(self._before) + len(self._code.soft.text)
        if start < len(self._before) or end > shown_end:
            self._lay(self.text(), end)

    def _follow(self) -> None:
        """Let the part that is displayed follow the caret."""
        start, caret = self.selected_range()
        if start != caret:
            return
        left = caret - len(self._before)
        right = len(self._code.soft.text) - left
        if (self._before and left < _MARGIN) or (self._after and right < _MARGIN):
            self._lay(self.text(), caret)
            self._put_caret(caret, caret)
            self.ensureCursorVisible()

    def _on_absorbed(self, change: Change, length: int) -> None:
        """What was cut off at the edge of the displayed part goes with a selection up to it."""
        start, end, _new = change
        if start == 0 and end > 0:
            self._before = ""
        if end == length and start < length:
            self._after = ""
