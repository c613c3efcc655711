"""Shows a text exactly, quickly however long its lines are, with colours and marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.code_document import Change, CodeDocument, difference
from trackscope.gui.widgets.dressing import Dressing
from trackscope.gui.widgets.mark import Mark
from trackscope.gui.widgets.soft_text import CHUNK

_MARGIN_PX = 12
_FLAG = Qt.TextInteractionFlag


class CodeView(QPlainTextEdit):
    """Shows one text; all offsets are characters of `text()`.

    `selection_moved` carries (start, end) when a person moved caret or selection.
    """

    selection_moved = Signal(object)

    MAX_SHOWN = 10_000_000
    """Characters that are displayed; a longer text is read-only."""
    TOO_LONG = "The first 10 million characters, read-only"

    is_single_line = False

    def __init__(self, language: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = ""
        self._after = ""
        self._is_read_only = False
        self._is_showing = False
        self._last_range = (0, 0)
        self._marks: tuple[Mark, ...] = ()
        self._code = CodeDocument(self.document(), self.is_single_line)
        self._dressing = Dressing(self.document(), self._code.soft, language)
        self._build_ui()
        self._connect()

    def _build_ui(self) -> None:
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setCursorWidth(2)
        self._notice = QLabel(self.TOO_LONG, self)
        self._notice.setObjectName("cutNotice")
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.hide()
        self._use_theme()

    def _connect(self) -> None:
        self.cursorPositionChanged.connect(self._on_selection)
        self.selectionChanged.connect(self._on_selection)

    def text(self) -> str:
        """The whole text, exactly as it was shown or edited."""
        return self._before + self._code.soft.text + self._after

    def show_text(self, text: str) -> None:
        """Show another text. Nothing is emitted; caret and scroll stay as well as they can."""
        old = self.text()
        if text == old:
            return
        change = difference(old, text)
        anchor, caret = (_moved(offset, change) for offset in self._caret())
        self._lay(text, caret, change)
        self._put_caret(anchor, caret)

    def selected_range(self) -> tuple[int, int]:
        """Start and end of the selection; both are the caret's where nothing is selected."""
        low, high = sorted(self._caret())
        return low, high

    def select_range(self, start: int, end: int) -> None:
        """Select these characters and make them visible; nothing is emitted."""
        self._reveal(start, end)
        self._put_caret(start, end)
        self.ensureCursorVisible()

    def offset_at(self, position: int) -> int:
        """The offset of a place in Qt's document."""
        return len(self._before) + self._code.offset_at(position)

    def position_of(self, offset: int) -> int:
        """The place in Qt's document of an offset; the nearest that is shown."""
        return self._code.position_of(offset - len(self._before))

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Point out these places instead of the ones before."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self._dressing.set_marks(self._marks, len(self._before))
            self._dress_visible()

    def set_dimmed(self, is_dimmed: bool) -> None:
        """Show that this is only the last good version."""
        if is_dimmed != self._dressing.is_dimmed:
            self._dressing.is_dimmed = is_dimmed
            self.setProperty("dimmed", is_dimmed)
            self.style().polish(self)
            self._dress_visible()

    @property
    def is_cut(self) -> bool:
        """Whether the text is too long to be displayed as a whole."""
        return bool(self._after) and not self.is_single_line

    def setReadOnly(self, is_read_only: bool) -> None:
        """Let the text be changed or not; it can be selected with the keyboard either way."""
        self._is_read_only = is_read_only
        self._apply_read_only()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break long lines where rows end, so that the breaks do not show."""
        super().resizeEvent(event)
        height = self._notice.height()
        self._notice.setGeometry(0, self.height() - height, self.width(), height)
        self._fit_columns()
        self._dress_visible()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Colour what comes into view."""
        super().scrollContentsBy(dx, dy)
        self._dress_visible()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint; whatever is not coloured yet is coloured first."""
        self._dress_visible()
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take up another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._use_theme()
            self._fit_columns()
            self._dress_visible()

    def _use_theme(self) -> None:
        theme = Theme.current()
        if theme.data_font() != self.font():
            self.setFont(theme.data_font())
        self._set_margin(theme)

    def _set_margin(self, theme: Theme) -> None:
        """Leave some room around the text."""
        self.document().setDocumentMargin(theme.px(_MARGIN_PX))

    def _window(self, length: int, around: int) -> tuple[int, int]:
        """Which part of a text of that length is displayed."""
        return 0, min(length, self.MAX_SHOWN)

    def _reveal(self, start: int, end: int) -> None:
        """Let the part that is displayed hold these offsets if it can."""

    def _lay(self, text: str, around: int, change: Change | None = None) -> None:
        """Display a text, or the part of it around an offset.

        `change` is what differs from the text before, where that is known.
        """
        first, last = self._window(len(text), around)
        is_whole = last - first == len(text) and not self._before and not self._after
        if change is None or not is_whole:
            change = difference(self._code.soft.text, text[first:last])
        scrolled = self.verticalScrollBar().value()
        self._is_showing = True
        try:
            self._code.replace(*change)
        finally:
            self._is_showing = False
        self.verticalScrollBar().setValue(scrolled)
        self._set_window(text[:first], text[last:])
        self._dress_visible()

    def _set_window(self, before: str, after: str) -> None:
        """Remember what is not displayed."""
        is_moved = len(before) != len(self._before)
        self._before, self._after = before, after
        if is_moved:
            self._dressing.set_marks(self._marks, len(before))
        self._apply_read_only()

    def _caret(self) -> tuple[int, int]:
        """The offsets at which the selection was begun and at which the caret is."""
        cursor = self.textCursor()
        return self.offset_at(cursor.anchor()), self.offset_at(cursor.position())

    def _put_caret(self, anchor: int, caret: int) -> None:
        """Select from one offset to the other without scrolling."""
        places = self.position_of(anchor), self.position_of(caret)
        cursor = self.textCursor()
        if places == (cursor.anchor(), cursor.position()):
            return
        cursor.setPosition(places[0])
        cursor.setPosition(places[1], QTextCursor.MoveMode.KeepAnchor)
        bars = self.verticalScrollBar(), self.horizontalScrollBar()
        scrolled = [bar.value() for bar in bars]
        self._is_showing = True
        try:
            self.setTextCursor(cursor)
        finally:
            self._is_showing = False
        for bar, value in zip(bars, scrolled, strict=True):
            bar.setValue(value)
        self._last_range = self.selected_range()

    def _apply_read_only(self) -> None:
        is_fixed = self._is_read_only or self.is_cut
        if self.is_cut != self._notice.isVisibleTo(self):
            self._notice.setVisible(self.is_cut)
            self._notice.setFixedHeight(Theme.current().px(24))
            self.setViewportMargins(0, 0, 0, self._notice.height() if self.is_cut else 0)
        if is_fixed != self.isReadOnly():
            super().setReadOnly(is_fixed)
            if is_fixed:
                self.setTextInteractionFlags(
                    _FLAG.TextSelectableByMouse | _FLAG.TextSelectableByKeyboard
                )

    def _on_selection(self) -> None:
        if self._is_showing or self._code.is_projecting or self._code.is_unsettled:
            return
        selected = self.selected_range()
        if selected != self._last_range:
            self._last_range = selected
            self.selection_moved.emit(selected)

    def _fit_columns(self) -> None:
        """Make chunks a whole number of rows long."""
        margins = 2 * self.document().documentMargin()
        width = self.viewport().width() - margins
        columns = int(width / (QFontMetricsF(self.font()).horizontalAdvance("0" * 64) / 64))
        chunk = columns * max(1, CHUNK // columns) if columns > 0 else CHUNK
        if self.is_single_line or chunk == self._code.soft.chunk:
            return
        self._code.columns = columns
        anchor, caret = self._caret()
        if self._code.break_anew(chunk):
            self._put_caret(anchor, caret)

    def _dress_visible(self) -> None:
        """Give the blocks in view their colours."""
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= bottom:
            self._dressing.dress(block)
            top += self.blockBoundingRect(block).height()
            block = block.next()


def _moved(offset: int, change: Change) -> int:
    """Where a place is after the change."""
    start, end, new = change
    if offset <= start:
        return offset
    if offset >= end:
        return offset + len(new) - (end - start)
    return min(offset, start + len(new))
