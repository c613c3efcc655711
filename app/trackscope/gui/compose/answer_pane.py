"""What came back: the headline, why, and the answer's body, headers and raw bytes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from trackscope.capture.exchange import Exchange
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.picture_view import PictureView
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.progress_line import ProgressLine
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.explanation import NO_ANSWER, Explanation, explain
from trackscope.session.sending import STOPPED
from trackscope.session.wording import answer_facts, body_text, raw_answer

TONES = {1: "success", 0: "danger", None: "info"}

EMPTY = "Press Send to see the answer: 1, or 0 and why."


class AnswerPane(Pane):
    """Shows one exchange's answer; nothing modal, no toast: the answer appears in place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Answer", parent=parent)
        self._build_ui()
        self._connect()
        self.show_nothing()

    def _build_ui(self) -> None:
        self.setObjectName("answerPane")
        self._headline = QLabel()
        self._headline.setObjectName("answer")
        self._headline.setTextFormat(Qt.TextFormat.PlainText)
        # Found by the pane's name, while its own stays what it says.
        self._title.setBuddy(self._headline)
        self._headline.setMinimumWidth(36)
        self._sentence = _text("answerSentence")
        self._facts = _text("caption")
        self._reason = _text("answerReason")
        self._disagreement = _text("answerDisagreement")
        self._picture = PictureView()
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._sentence, self._reason, self._disagreement, self._facts):
            words.addWidget(label)
        words.addWidget(self._picture)
        top = QHBoxLayout()
        top.setContentsMargins(12, 12, 12, 12)
        top.setSpacing(12)
        top.addWidget(self._headline, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        self._views = QStackedWidget()
        self._body = _viewer("answerBody", "Answer body")
        self._headers = _viewer("answerHeaders", "Answer headers")
        self._raw = _viewer("answerRaw", "Answer raw")
        self._tabs = QButtonGroup(self)
        for number, (name, view) in enumerate(
            (("Body", self._body), ("Headers", self._headers), ("Raw", self._raw))
        ):
            button = IconButton("", f"Answer: {name.lower()}", text=name)
            button.setObjectName(f"answer{name}Tab")
            button.setCheckable(True)
            button.setChecked(number == 0)
            self._tabs.addButton(button, number)
            self.add_action_widget(button)
            self._views.addWidget(view)
        self._progress = ProgressLine()
        content = QWidget()
        layout = tight_column(content)
        layout.addWidget(self._progress)
        layout.addLayout(top)
        layout.addWidget(self._views, 1)
        layout.addStretch(0)
        self.set_content(content)

    def _connect(self) -> None:
        self._tabs.idClicked.connect(self._views.setCurrentIndex)

    def show_nothing(self) -> None:
        """The empty state: no answer yet."""
        self._show_words(Explanation("none", None, "–", "No answer yet", EMPTY), "", tone="muted")
        self._picture.hide()
        for view in (self._body, self._headers, self._raw):
            view.show_text("")

    def show_sending(self, seconds: int) -> None:
        """A request is under way since so many whole seconds."""
        passed = f" {seconds} s" if seconds else ""
        sending = Explanation("none", None, "…", f"Sending{passed}. Esc stops it.")
        self._show_words(sending, "", tone="muted")
        self._picture.hide()

    def show_stopped(self) -> None:
        """The request was stopped by hand."""
        stopped = Explanation("none", None, NO_ANSWER, STOPPED.removesuffix("."))
        self._show_words(stopped, "", tone="attention")

    def show_progress(self, *, is_busy: bool) -> None:
        """Show that a request is under way, once it takes a while."""
        if is_busy:
            self._progress.start()
        else:
            self._progress.stop()

    def show_exchange(self, exchange: Exchange) -> None:
        """Show an exchange's answer and announce it."""
        explanation = explain(exchange)
        tone = TONES[explanation.value] if exchange.reply is not None else "attention"
        self._show_words(explanation, answer_facts(exchange), tone=tone)
        reply = exchange.reply
        body = body_text(reply.body) if reply else ""
        headers = "\n".join(f"{name}: {value}" for name, value in reply.headers) if reply else ""
        is_picture = explanation.kind == "pixel" and reply is not None
        self._picture.setVisible(is_picture)
        if is_picture and reply is not None:
            self._picture.show_picture(reply.body)
        self._views.setVisible(reply is not None)
        self._body.show_text(body)
        self._headers.show_text(headers)
        self._raw.show_text(raw_answer(exchange))
        words = f"{explanation.headline}. {explanation.sentence}. {explanation.reason}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, plain(words, 300)))

    def _show_words(self, explanation: Explanation, facts: str, *, tone: str) -> None:
        self._headline.setText(plain(explanation.headline, 24))
        is_long = len(explanation.headline) > 3
        for label, name, value in (
            (self._headline, "tone", tone),
            (self._headline, "long", is_long),
            (self._reason, "tone", tone),
        ):
            label.setProperty(name, value)
            label.style().polish(label)
        self._sentence.setText(plain(explanation.sentence, 600))
        for label, text in (
            (self._facts, facts),
            (self._reason, explanation.reason),
            (self._disagreement, explanation.disagreement),
        ):
            label.setText(plain(text, 600))
            label.setVisible(bool(text))
        described = " ".join(part for part in (explanation.sentence, explanation.reason) if part)
        for label in (self._title, self._headline):
            label.setAccessibleDescription(plain(described, 600))


def _text(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label


def _viewer(object_name: str, name: str) -> CodeEdit:
    view = CodeEdit(language="http")
    view.setObjectName(object_name)
    view.setAccessibleName(name)
    view.setReadOnly(True)
    view.setMinimumHeight(36)
    return view
