"""The field in which a filter is typed: checked, marked and completed on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.completion_list import CompletionList
from trackscope.gui.widgets.code_line import CodeLine
from trackscope.gui.widgets.mark import Mark, MarkKind
from trackscope.gui.widgets.plain import plain
from trackscope.history.query import Query
from trackscope.session.filter import (
    HELP,
    Filter,
    Mistake,
    Word,
    choices,
    completed,
    parse,
    repaired,
    without_begun,
    word_at,
)

PAUSE_MS = 150
"""How long nothing has to be typed until what was typed is in force."""

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_FOR_COMPLETER = _ENTER | {Qt.Key.Key_Escape}
EXAMPLE = "Filter: event:signup verdict:0"


class FilterField(CodeLine):
    """Parses what is typed; a filter with a mistake leaves the one before in force.

    A word that is still being typed is no mistake yet: the list under the field says what it
    takes, and the terms beside it are in force.

    `filtered` carries the Filter after each pause, valid or not; `asked` the Word for which a
    history may know completions: answer with `offer`.
    """

    filtered = Signal(object)
    asked = Signal(object)

    def __init__(
        self, now: Callable[[], datetime] = datetime.now, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._now = now
        self._word: Word | None = None

    def _build_ui(self) -> None:
        super()._build_ui()
        self.setObjectName("filter")
        self.setAccessibleName("Filter")
        self.setPlaceholderText(EXAMPLE)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._completions = CompletionList(self)

    def _connect(self) -> None:
        super()._connect()
        self._pause.timeout.connect(self._on_pause)
        self.submitted.connect(self._apply)
        self.edited.connect(self._on_edited)
        self._completions.activated.connect(self._on_chosen)

    @property
    def query(self) -> Query:
        """What is typed, as far as it is valid."""
        return self._parsed().query

    def set_filter(self, text: str) -> None:
        """Put another filter in force, as if it had been typed."""
        self.show_text(text)
        self.select_range(len(text), len(text))
        self._apply()

    def mend(self, mistake: Mistake) -> None:
        """Put what was probably meant in the place of a mistake."""
        self.set_filter(repaired(self.text(), mistake))

    def offer(self, word: Word, values: Sequence[str]) -> None:
        """Show completions of a word, if it is still the one that is being typed."""
        if word != self._word or not self.hasFocus():
            return
        shown = [each for each in dict.fromkeys(values) if each != word.beginning]
        area = self.cursorRect()
        area.setTop(self.viewport().rect().top())
        area.setBottom(self.viewport().rect().bottom() + Theme.current().px(4))
        self._completions.show_under(area, shown, self._advice(word))

    def _advice(self, word: Word) -> str:
        """What the word's field takes, until it has something of that kind."""
        if word.field is None:
            return ""
        is_begun = any(each.is_begun and each.end == word.end for each in self._parsed().mistakes)
        return HELP[word.field] if is_begun else ""

    def event(self, event: QEvent) -> bool:
        """Take Esc, which elsewhere stops sending, while there is something to clear."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_shown = self._completions.is_shown
            if event.key() == Qt.Key.Key_Escape and (self.text() or is_shown):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the completions their keys; Esc clears, Ctrl+Space and Down complete."""
        is_shown = self._completions.is_shown
        is_space = event.key() == Qt.Key.Key_Space
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _ENTER and is_shown and not self._completions.is_chosen:
            self._completions.hide()
            super().keyPressEvent(event)
        elif is_shown and event.key() in _FOR_COMPLETER:
            event.ignore()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.set_filter("")
        elif (is_space and is_control) or (event.key() == Qt.Key.Key_Down and not is_control):
            self._complete()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Let Tab take the first completion where some are shown, and else leave the field."""
        first = self._completions.first
        if is_next and first:
            self._completions.hide()
            self._on_chosen(first)
            return True
        return super().focusNextPrevChild(is_next)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is in force when the field is left."""
        super().focusOutEvent(event)
        if self._pause.isActive():
            self._apply()

    def _on_edited(self) -> None:
        self.set_marks(())
        self._pause.start()
        self._complete(is_asked=False)

    def _complete(self, *, is_asked: bool = True) -> None:
        """Offer what is known at once, and ask for what a history knows.

        Where nothing was begun, fields are offered only to who asks.
        """
        caret = self.selected_range()[1]
        self._word = word_at(self.text(), caret)
        if not is_asked and self._word.field is None and not self._word.beginning:
            self._word = None
            self._completions.hide()
            return
        self.offer(self._word, choices(self._word.field, self._word.beginning))
        if self._word.field is not None:
            self.asked.emit(self._word)

    def _on_chosen(self, value: str) -> None:
        if self._word is None:
            return
        text, caret = completed(self.text(), self._word, value)
        self.show_text(text)
        self.select_range(caret, caret)
        self._pause.start()
        if text[:caret].endswith(":"):
            self._complete()

    def _parsed(self) -> Filter:
        return parse(self.text(), self._now())

    def _on_pause(self) -> None:
        """Put in force what is typed; where the caret is, one may still be typing."""
        found = self._parsed()
        self._show(without_begun(found, self.selected_range()[1]) if self.hasFocus() else found)

    def _apply(self) -> None:
        self._pause.stop()
        self._show(self._parsed())

    def _show(self, found: Filter) -> None:
        self.set_marks([Mark(each.start, each.end, MarkKind.ERROR) for each in found.mistakes])
        words = " ".join(plain(each.message, 200) for each in found.mistakes)
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.filtered.emit(found)
