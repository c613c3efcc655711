"""The dialog that asks before exchanges are sent again, and shows how it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.tally_dialog import TallyDialog
from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.plain import plain

_WIDTH = 480


class ResendDialog(TallyDialog):
    """`begun` says to send, and whether old times become now; `stopped` to send no more."""

    begun = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("sendAgain", parent)
        self._is_running = False
        self._build_ui()
        self._connect()

    def _build_ui(self) -> None:
        self.setObjectName("sendAgainDialog")
        self.setWindowTitle("Send again")
        self.setMinimumWidth(_WIDTH)
        self._question = QLabel("Looking at what would be sent…")
        self._question.setObjectName("sendAgainQuestion")
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._question.setWordWrap(True)
        self._address = ElidedLabel()
        self._address.setObjectName("mono")
        self._warning = Banner()
        self._set_time = QCheckBox("Set old times to now")
        self._set_time.setObjectName("setTimes")
        self._set_time.setAccessibleName("Set old times to now")
        self._set_time.hide()
        self._changed = QLabel("What is sent is then no longer what was captured.")
        self._changed.setObjectName("caption")
        self._changed.hide()
        self._progress.hide()
        self._tally.hide()
        self._start = IconButton("send", "Send them again", text="Send", kind="primary")
        self._start.setObjectName("sendAgainStart")
        self._start.setEnabled(False)
        self._stop = IconButton("x", "Do not send them", text="Cancel", kind="outlined")
        self._stop.setObjectName("sendAgainStop")
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._stop)
        buttons.addWidget(self._start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for widget in (self._question, self._address, self._warning, self._set_time,
                       self._changed, self._progress, self._tally):  # fmt: skip
            layout.addWidget(widget)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self._start.clicked.connect(lambda: self.begun.emit(self._set_time.isChecked()))
        self._stop.clicked.connect(self._on_stop)
        self._set_time.toggled.connect(self._changed.setVisible)

    def ask(self, question: str, address: str, warning: str, *, has_old: bool) -> None:
        """Ask whether to send there; with `has_old` the times can be set to now."""
        self._question.setText(plain(question, 600))
        self._address.set_text(address)
        if warning:
            self._warning.say("attention", warning)
        self._set_time.setVisible(has_old)
        self.adjustSize()
        self._start.setEnabled(True)
        self._start.setFocus()

    def show_running(self, count: int) -> None:
        """It has begun, with so many requests to send."""
        self._is_running = True
        self._progress.setRange(0, count)
        self._progress.show()
        self._tally.show()
        self.adjustSize()
        self._start.setEnabled(False)
        self._set_time.setEnabled(False)

    def show_done(self) -> None:
        """Nothing more is sent; the tally stays until the dialog is closed."""
        self._is_running = False
        self._stop.setText("Close")
        self._stop.setFocus()

    def _on_stop(self) -> None:
        if self._is_running:
            self.stopped.emit()
        else:
            self.reject()
