"""The field in which a filter is typed: checked, marked and completed on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QListView, QWidget

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.code_line import CodeLine
from trackscope.gui.widgets.mark import Mark, MarkKind
from trackscope.gui.widgets.plain import plain
from trackscope.history.query import Query
from trackscope.session.filter import Filter, Word, choices, completed, parse, word_at

PAUSE_MS = 150
"""How long nothing has to be typed until what was typed is in force."""

MAX_SHOWN = 12
_FOR_COMPLETER = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
)
EXAMPLE = "Filter: event:signup verdict:0"


class FilterField(CodeLine):
    """Parses what is typed; a filter with a mistake leaves the one before in force.

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
        self._offers = QStringListModel(self)
        self._completer = QCompleter(self._offers, self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._popup = QListView()
        self._popup.setObjectName("filterCompletions")
        self._popup.setAccessibleName("Completions")
        self._completer.setPopup(self._popup)
        self._completer.setMaxVisibleItems(MAX_SHOWN)

    def _connect(self) -> None:
        super()._connect()
        self._pause.timeout.connect(self._apply)
        self.submitted.connect(self._apply)
        self.edited.connect(self._on_edited)
        self._completer.activated.connect(self._on_chosen)

    @property
    def query(self) -> Query:
        """What is typed, as far as it is valid."""
        return self._parsed().query

    def set_filter(self, text: str) -> None:
        """Put another filter in force, as if it had been typed."""
        self.show_text(text)
        self.select_range(len(text), len(text))
        self._apply()

    def offer(self, word: Word, values: Sequence[str]) -> None:
        """Show completions of a word, if it is still the one that is being typed."""
        if word != self._word or not self.hasFocus():
            return
        shown = [each for each in dict.fromkeys(values) if each != word.beginning]
        self._offers.setStringList(shown[: MAX_SHOWN * 4])
        if not shown:
            self._popup.hide()
            return
        self._popup.setCurrentIndex(QModelIndex())  # Enter is for the filter until one is chosen
        theme = Theme.current()
        area = self.cursorRect()
        area.setTop(self.viewport().rect().top())
        area.setBottom(self.viewport().rect().bottom() + theme.px(4))
        area.setWidth(theme.px(280))
        self._completer.complete(area)

    def event(self, event: QEvent) -> bool:
        """Take Esc, which elsewhere stops sending, while there is something to clear."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_shown = self._popup.isVisible()
            if event.key() == Qt.Key.Key_Escape and (self.text() or is_shown):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the popup its keys; Esc clears, Ctrl+Space and Down complete."""
        is_shown = self._popup.isVisible()
        is_space = event.key() == Qt.Key.Key_Space
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_shown and event.key() in _FOR_COMPLETER:
            event.ignore()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.set_filter("")
        elif (is_space and is_control) or (event.key() == Qt.Key.Key_Down and not is_control):
            self._complete()
        else:
            super().keyPressEvent(event)

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
            self._popup.hide()
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

    def _apply(self) -> None:
        self._pause.stop()
        found = self._parsed()
        self.set_marks([Mark(each.start, each.end, MarkKind.ERROR) for each in found.mistakes])
        words = " ".join(plain(each.message, 200) for each in found.mistakes)
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.filtered.emit(found)
