"""The head of the detail: what an exchange came to, and the user's note on it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from trackscope.gui.commands import key_of
from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.session.inspection import Inspection
from trackscope.session.wording import answer_facts

MAX_NOTE = 4_000
"""Characters of a note."""

_NOTE_PX = 280


class AnswerLine(QFrame):
    """`noted` carries the exchange's id and what its note says now; `#words` in it are tags.

    `judge_asked` says that it is to be judged again.
    """

    noted = Signal(object, str)
    judge_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id: int | None = None
        self._kept = ""
        self._build_ui()
        self._note.editingFinished.connect(self._keep)
        self._judge.clicked.connect(self.judge_asked)

    def _build_ui(self) -> None:
        self.setObjectName("answerLine")
        self._badge = Badge()
        self._words = ElidedLabel()
        self._words.setObjectName("answerWords")
        self._facts = QLabel()
        self._facts.setObjectName("caption")
        self._judge = IconButton("repeat", "Judge again as…", key=key_of("judge-again"))
        self._judge.setObjectName("judgeAgain")
        self._note = QLineEdit()
        self._note.setObjectName("note")
        self._note.setAccessibleName("Note")
        self._note.setPlaceholderText("Note, with #tags")
        self._note.setMaxLength(MAX_NOTE)
        self._note.setFixedWidth(_NOTE_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(self._badge)
        row.addWidget(self._words, 1)
        row.addWidget(self._facts)
        row.addWidget(self._judge)
        row.addWidget(self._note)

    def show_inspection(self, seen: Inspection) -> None:
        """Show another exchange; a note that is being written is kept first."""
        self._keep()
        words = seen.explanation
        self._badge.show_state(words.headline, seen.tone, is_outlined=words.is_predicted)
        self._words.set_text(_said(seen))
        self._facts.setText(answer_facts(seen.exchange))
        self._id, self._kept = seen.exchange.id, seen.exchange.note
        self._note.setText(seen.exchange.note)
        self._note.setCursorPosition(0)
        self._note.setEnabled(self._id is not None)

    def _keep(self) -> None:
        text = self._note.text()
        if self._id is not None and text != self._kept:
            self._kept = text
            self.noted.emit(self._id, text)


def _said(seen: Inspection) -> str:
    """The explanation in a line, with whether it is the answer or expected."""
    words = seen.explanation
    parts = [words.sentence, words.reason, words.disagreement]
    said = ". ".join(part.removesuffix(".") for part in parts if part)
    if seen.exchange.failure is not None or (words.is_predicted and words.value is None):
        return f"{said}."
    return f"{'Predicted' if words.is_predicted else 'Answered'}: {said}."
