"""A history that cannot be used: what is wrong with it, and what can be done, to choose from."""

from __future__ import annotations

from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from trackscope.errors import DamagedHistoryError, HistoryError, NewerHistoryError
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.plain import plain

_WIDTH_PX = 760
_LIMIT = 600


class Choice(Enum):
    """What can be done, in the words of its button."""

    RECOVER = "Recover what is readable"
    AGAIN = "Try again"
    FRESH = "Begin a fresh one"
    OTHER = "Choose another file…"
    USUAL = "Use the usual one"
    WITHOUT = "Keep nothing"


class HistoryTrouble(QWidget):
    """Is all that the window shows, before it is filled, until something is `chosen`, a Choice."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[QPushButton] = []
        self._captions: list[QLabel] = []
        self._build_ui()

    def _build_ui(self) -> None:
        self.setObjectName("historyTrouble")
        self._title = QLabel()
        self._title.setObjectName("title")
        self._sentence = _words("historyProblem")
        self._progress = _words("historyProgress")
        self._choices = QGridLayout()
        self._choices.setHorizontalSpacing(16)
        self._choices.setVerticalSpacing(8)
        self._choices.setColumnStretch(1, 1)
        inner = QWidget()
        inner.setMaximumWidth(Theme.current().px(_WIDTH_PX))
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        for label in (self._title, self._sentence):
            column.addWidget(label)
        column.addLayout(self._choices)
        column.addWidget(self._progress)
        column.addStretch(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)

    def show_problem(self, problem: HistoryError, fresh: Path, usual: Path | None) -> None:
        """Say what is wrong, and offer what helps: `fresh` would be the new file, `usual` is the
        one that is used without a choice, where that is another.
        """
        self._title.setText(_title(problem))
        self._sentence.setText(plain(_sentence(problem), _LIMIT))
        self._progress.clear()
        for widget in (*self._buttons, *self._captions):
            widget.hide()
            widget.deleteLater()
        self._buttons, self._captions = [], []
        for choice, words in _offers(problem, fresh, usual).items():
            self._offer(choice, words)
        self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, sentence: str) -> None:
        """Say what is being done, while nothing else can be; with none, a choice can be made."""
        self._progress.setText(plain(sentence, _LIMIT))
        for button in self._buttons:
            button.setEnabled(not sentence)

    def _offer(self, choice: Choice, words: str) -> None:
        button = QPushButton(choice.value)
        button.setObjectName(f"history{choice.name.title()}")
        button.setAccessibleName(choice.value)
        button.setAccessibleDescription(words)
        button.setProperty("kind", "outlined" if self._buttons else "primary")
        button.clicked.connect(partial(self.chosen.emit, choice))
        caption = _words("historyChoice")
        caption.setText(plain(words, _LIMIT))
        row = len(self._buttons)
        self._choices.addWidget(button, row, 0)
        self._choices.addWidget(caption, row, 1)
        self._buttons.append(button)
        self._captions.append(caption)


def _title(problem: HistoryError) -> str:
    if isinstance(problem, DamagedHistoryError):
        return "The history is damaged"
    if isinstance(problem, NewerHistoryError):
        return "The history is of a later version"
    return "The history cannot be used"


def _sentence(problem: HistoryError) -> str:
    """The problem, with its own advice where the buttons do not give it."""
    if isinstance(problem, DamagedHistoryError | NewerHistoryError):
        return f"{problem.message} It was left as it is."
    return f"{problem} It was left as it is."


def _offers(problem: HistoryError, fresh: Path, usual: Path | None) -> dict[Choice, str]:
    """What helps against the problem and what comes of it, the best first."""
    offers = {}
    if isinstance(problem, DamagedHistoryError):
        offers[Choice.RECOVER] = (
            "The file is set aside, complete, under another name; what can be read of it is kept "
            "in a new one."
        )
    else:
        offers[Choice.AGAIN] = "Once that was put right."
    offers[Choice.FRESH] = f"{fresh}, from now on. The other file stays as it is."
    offers[Choice.OTHER] = "A history elsewhere, or a new one, from now on."
    if usual is not None:
        offers[Choice.USUAL] = f"{usual}, as if no other had been chosen."
    offers[Choice.WITHOUT] = "What is sent is gone when the window closes, and nothing is received."
    return offers


def _words(object_name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(object_name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
