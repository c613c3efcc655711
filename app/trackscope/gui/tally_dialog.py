"""A dialog over the sending of many requests: how far it is, and what came back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QWidget

from trackscope.sender.many import Tally
from trackscope.session.repetition import tally_text


class TallyDialog(QDialog):
    """Has a bar and a line of words, which the dialog puts where it wants them.

    `name` begins their object names. `stopped` asks to send no more; closing does too.
    """

    stopped = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._progress = QProgressBar(self)
        self._progress.setObjectName(f"{name}Progress")
        self._progress.setTextVisible(False)
        self._tally = QLabel("Nothing sent yet.", self)
        self._tally.setObjectName(f"{name}Tally")
        self.rejected.connect(self.stopped)

    def show_tally(self, tally: Tally) -> None:
        """How it goes."""
        self._progress.setValue(tally.sent)
        self._tally.setText(tally_text(tally))
