"""The dialog that sends many copies: how many, how fast, and how it goes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.tally_dialog import TallyDialog
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.spin_box import indented
from trackscope.session.repetition import MAX_COPIES, Repetition

HINT = (
    "Each copy has generated values of its own: now, uuid, counter and random choice,\n"
    "as chosen in the Type column of the form."
)


class SendManyDialog(TallyDialog):
    """`begun` asks for a Repetition, `stopped` for its end; it stays open beside the work."""

    begun = Signal(object)

    def __init__(self, target: str, parent: QWidget) -> None:
        super().__init__("sendMany", parent)
        self._count_wanted = 0
        self._build_ui(target)
        self._connect()

    def _build_ui(self, target: str) -> None:
        self.setObjectName("sendMany")
        self.setWindowTitle("Send many")
        self._count = QSpinBox()
        self._count.setObjectName("copies")
        self._count.setAccessibleName("Copies")
        self._count.setRange(1, MAX_COPIES)
        self._count.setGroupSeparatorShown(True)
        self._count.setValue(100)
        self._rate = QDoubleSpinBox()
        self._rate.setObjectName("rate")
        self._rate.setAccessibleName("Copies a second")
        self._rate.setRange(0, 10_000)
        self._rate.setDecimals(1)
        self._rate.setSpecialValueText("as fast as they are answered")
        self._rate.setMinimumWidth(240)
        indented(self._count, self._rate)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.addRow("&Copies", self._count)
        form.addRow("A &second", self._rate)
        form.addRow("To", QLabel(plain(target, 120)))
        hint = QLabel(HINT)
        hint.setObjectName("caption")
        self._start = IconButton("send", "Send copies", text="Send", kind="primary")
        self._start.setObjectName("sendManyStart")
        self._stop = IconButton("x", "Stop sending copies", text="Cancel", kind="outlined")
        self._stop.setObjectName("sendManyStop")
        self._stop.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._stop)
        buttons.addWidget(self._start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(self._progress)
        layout.addWidget(self._tally)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self._start.clicked.connect(self._on_start)
        self._stop.clicked.connect(self.stopped)

    def _on_start(self) -> None:
        self._count_wanted = self._count.value()
        self._progress.setRange(0, self._count_wanted)
        self._progress.setValue(0)
        rate = self._rate.value()
        self.begun.emit(Repetition(self._count_wanted, rate if rate > 0 else None))

    def show_running(self, *, is_running: bool) -> None:
        """Let the buttons say whether copies are being sent."""
        self._start.setEnabled(not is_running)
        self._stop.setEnabled(is_running)
        self._count.setEnabled(not is_running)
        self._rate.setEnabled(not is_running)
