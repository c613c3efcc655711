"""What is being read just now: name, count, rate, remaining time, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.progress_line import ProgressLine
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.importing import Progress
from trackscope.session.progress import fraction, progress_text


class ReadingLine(QFrame):
    """Hidden unless something is read; `cancelled` asks to stop that."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_ui()
        self._cancel.clicked.connect(self.cancelled)
        self.hide()

    def _build_ui(self) -> None:
        self.setObjectName("readingLine")
        self._name = QLabel()
        self._name.setObjectName("readingName")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._facts = ElidedLabel()
        self._facts.setObjectName("readingFacts")
        self._cancel = IconButton("x", "Cancel reading", text="Cancel", kind="outlined")
        self._cancel.setObjectName("cancelReading")
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self._name)
        row.addWidget(self._facts, 1)
        row.addWidget(self._cancel)
        self._progress = ProgressLine()
        self._progress.setObjectName("readingProgress")
        column = tight_column(self)
        column.addLayout(row)
        column.addWidget(self._progress)

    def begin(self, name: str, waiting: int) -> None:
        """A file is about to be read, and so many others after it."""
        more = f" (and {waiting:,} more)" if waiting else ""
        self._name.setText(f"Reading {name}{more}")
        self._facts.set_text("")
        self._cancel.setEnabled(True)
        self._progress.start()
        self.show()

    def show_progress(self, progress: Progress, elapsed_s: float) -> None:
        """How far it is."""
        self._facts.set_text(progress_text(progress, elapsed_s))
        part = fraction(progress)
        if part is not None:
            self._progress.set_fraction(part)

    def show_stopping(self) -> None:
        """It was asked to stop, and finishes what it is at."""
        self._cancel.setEnabled(False)
        self._facts.set_text("Stopping…")

    def end(self) -> None:
        """Nothing is read any more."""
        self._progress.stop()
        self.hide()
