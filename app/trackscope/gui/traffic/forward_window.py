"""Forwarding: where what is received goes as well, how much of it came there, and what did not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from trackscope.errors import UsageError
from trackscope.gui.models.text_rows import TextRow, TextRowModel
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.forward_form import ForwardForm
from trackscope.gui.widgets.badge_delegate import BadgeDelegate
from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.text_table import TextTable
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.history.forwarding import Forward
from trackscope.session.forward_text import TONES, host_of
from trackscope.session.forwarding import ForwardSettings

HEADERS = ("What went wrong", "State", "Exchange", "Tries")
OFF = "Off: nothing that is received goes anywhere else."
_WIDTHS = (240, 104, 80, 56)
_SIZE = (760, 580)


class ForwardWindow(QDialog):
    """Stays open beside the work. `wanted` carries the ForwardSettings that are asked for, None
    for off; `unwanted` says that what waits is never to be sent; `pointed` carries the id of an
    exchange that is to be shown.
    """

    wanted = Signal(object)
    unwanted = Signal()
    pointed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._build_ui()
        self._connect()
        self.show_state(None, OFF, "", is_possible=False)
        self.show_troubles(())

    def _build_ui(self) -> None:
        self.setObjectName("forwardWindow")
        self.setWindowTitle("Forward")
        self.resize(*(Theme.current().px(side) for side in _SIZE))
        self.form = ForwardForm()
        self.question = Banner()
        self.question.setObjectName("forwardQuestion")
        self._mistake = _words("forwardMistake")
        self._mistake.setProperty("tone", "danger")
        self._state = _words("forwardState")
        self._state.show()
        self._waiting = _words("forwardWaiting")
        self._start = IconButton("play", "Start forwarding", text="Start", kind="primary")
        self._start.setObjectName("startForwarding")
        self._stop = IconButton("square", "Stop forwarding", text="Stop", kind="outlined")
        self._stop.setObjectName("stopForwarding")
        self._drop = IconButton("trash-2", "Never send what waits", text="Never send what waits",
                                kind="outlined")  # fmt: skip
        self._drop.setObjectName("dropWaiting")
        self.troubles = TextRowModel(HEADERS, numbers_from=2, state_column=1, parent=self)
        self._table = TextTable(self.troubles, _WIDTHS)
        self._table.setItemDelegateForColumn(1, BadgeDelegate(self._table))
        self._table.setObjectName("forwardTroubles")
        self._table.setAccessibleName("What was not forwarded")
        self._pane = Pane("Latest troubles: Enter shows the exchange")
        self._pane.set_content(self._table)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._start)
        buttons.addWidget(self._stop)
        buttons.addStretch(1)
        buttons.addWidget(self._drop)
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 12)
        top.setSpacing(8)
        top.addWidget(self.form)
        for words in (self._mistake, self.question):
            top.addWidget(words)
        top.addLayout(buttons)
        for words in (self._state, self._waiting):
            top.addWidget(words)
        column = tight_column(self)
        column.addLayout(top)
        column.addWidget(self._pane, 1)

    def _connect(self) -> None:
        self._start.clicked.connect(self._on_start)
        self._stop.clicked.connect(lambda: self.wanted.emit(None))
        self._drop.clicked.connect(self.unwanted)
        self._table.activated.connect(self._on_activated)

    def show_state(
        self, settings: ForwardSettings | None, sentence: str, waiting: str, *, is_possible: bool
    ) -> None:
        """Show what is forwarded where, in a sentence, and what waits without being sent.

        It `is_possible` to start where a collector listens.
        """
        is_on = settings is not None
        self.form.setEnabled(not is_on)
        self._start.setEnabled(is_possible and not is_on)
        self._start.setToolTip("" if is_possible else "Start the collector first")
        self._stop.setEnabled(is_on)
        self._drop.setEnabled(bool(waiting))
        self._state.setText(plain(sentence, 600))
        self._waiting.setText(plain(waiting, 600))
        self._waiting.setVisible(bool(waiting))

    def show_troubles(self, troubles: Sequence[Forward]) -> None:
        """Show what went wrong last, newest first."""
        self.troubles.set_rows(list(map(_row, troubles)))

    def say_mistake(self, sentence: str) -> None:
        """Say why it cannot be done; empty for nothing."""
        self._mistake.setText(plain(sentence, 600))
        self._mistake.setVisible(bool(sentence))

    def ask_to_leave(self, target: str, sentence: str, agreed: Callable[[], object]) -> None:
        """Ask, before anything leaves this machine, whether that is meant."""

        def agree() -> None:
            self.question.hide()
            agreed()

        actions = ((f"Send it to {host_of(target)}", agree), ("No", self.question.hide))
        self.question.say("attention", sentence, actions)

    def _on_start(self) -> None:
        self.question.hide()
        try:
            settings = self.form.settings()
        except UsageError as problem:
            self.say_mistake(str(problem))
            return
        self.say_mistake("")
        self.wanted.emit(settings)

    def _on_activated(self, index: QModelIndex) -> None:
        row = self.troubles.row_at(index)
        if row is not None:
            self.pointed.emit(row.key)


def _words(object_name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(object_name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.hide()
    return label


def _row(trouble: Forward) -> TextRow:
    outcome = trouble.outcome
    texts = (outcome.why, outcome.state.value, f"{trouble.exchange_id:,}", f"{trouble.tries:,}")
    return TextRow(trouble.exchange_id, texts, TONES[outcome.state])
