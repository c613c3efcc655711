"""Faulty answers: which are given, to which requests, and what the SDK made of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from trackscope.collector.faults import Fault
from trackscope.errors import UsageError
from trackscope.gui.models.text_rows import TextRow, TextRowModel
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.choice_line import ChoiceLine
from trackscope.gui.widgets.badge_delegate import BadgeDelegate
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.text_table import TextTable
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.aftermath import Outcome, Trace, by_fault
from trackscope.session.fault_choice import ANSWERS, REQUESTS, chosen_fault

HEADERS = ("Event", "Fault", "Became", "Came again", "After", "Logged")
NOTHING = "No event has met a faulty answer."
_WIDTHS = (184, 168, 112, 96, 72, 72)
_SIZE = (760, 560)
_LIST_PX = 84
_TONES = {
    Outcome.RETRIED: "success",
    Outcome.KEPT: "success",
    Outcome.DROPPED: "danger",
    Outcome.REFUSED: "danger",
    Outcome.DUPLICATED: "attention",
}


class FaultWindow(QDialog):
    """Stays open beside the work. `wanted` carries the faults that are to be given, a tuple."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._faults: tuple[Fault, ...] = ()
        self._build_ui()
        self._connect()
        self.show_faults((), is_listening=False)
        self.show_aftermath(())

    def _build_ui(self) -> None:
        self.setObjectName("faultWindow")
        self.setWindowTitle("Faulty answers")
        self.resize(*(Theme.current().px(side) for side in _SIZE))
        self.answer = ChoiceLine("Answer", ANSWERS)
        self.requests = ChoiceLine("To", REQUESTS)
        self._add = IconButton("plus", "Add fault", text="Add", kind="primary")
        self._add.setObjectName("addFault")
        self._mistake = QLabel()
        self._mistake.setObjectName("faultMistake")
        self._mistake.setProperty("tone", "danger")
        self._mistake.setTextFormat(Qt.TextFormat.PlainText)
        self._mistake.setWordWrap(True)
        self._mistake.hide()
        self.faults = QListWidget()
        self.faults.setObjectName("faults")
        self.faults.setAccessibleName("Faults in force")
        self.faults.setFixedHeight(Theme.current().px(_LIST_PX))
        self._remove = IconButton("x", "Remove fault", text="Remove", kind="outlined")
        self._remove.setObjectName("removeFault")
        self._honest = IconButton(
            "check", "Answer honestly", text="Answer honestly", kind="outlined"
        )
        self._honest.setObjectName("answerHonestly")
        self.traces = TextRowModel(HEADERS, numbers_from=3, state_column=2, parent=self)
        table = TextTable(self.traces, _WIDTHS)
        table.setItemDelegateForColumn(2, BadgeDelegate(table))
        table.setObjectName("aftermath")
        table.setAccessibleName("What became of events")
        self._words = QLabel()
        self._words.setObjectName("aftermathWords")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setContentsMargins(12, 8, 12, 8)
        self._lay_out(table)

    def _lay_out(self, table: QWidget) -> None:
        self._pane = Pane("What became of the events that met a fault")
        inner = QWidget()
        inner_column = tight_column(inner)
        inner_column.addWidget(self._words)
        inner_column.addWidget(table, 1)
        self._pane.set_content(inner)
        adding = QHBoxLayout()
        adding.setSpacing(8)
        adding.addWidget(self.requests, 1)
        adding.addWidget(self._add)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        buttons.addWidget(self._honest)
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 12)
        top.setSpacing(8)
        top.addWidget(self.answer)
        top.addLayout(adding)
        top.addWidget(self._mistake)
        top.addWidget(self.faults)
        top.addLayout(buttons)
        column = tight_column(self)
        column.addLayout(top)
        column.addWidget(self._pane, 1)

    def _connect(self) -> None:
        self._add.clicked.connect(self._on_add)
        self.answer.submitted.connect(self._on_add)
        self.requests.submitted.connect(self._on_add)
        self._remove.clicked.connect(self._on_remove)
        self._honest.clicked.connect(lambda: self.wanted.emit(()))
        self.faults.currentRowChanged.connect(lambda row: self._remove.setEnabled(row >= 0))

    def show_faults(self, faults: tuple[Fault, ...], *, is_listening: bool) -> None:
        """Show which faulty answers are given; none can be where no collector listens."""
        self._faults = faults
        self.faults.clear()
        self.faults.addItems([plain(str(fault), 200) for fault in faults])
        self._remove.setEnabled(False)
        self._honest.setEnabled(bool(faults))
        self._add.setEnabled(is_listening)
        tip = "" if is_listening else "Start the collector first"
        self._add.setToolTip(tip or "Add fault")

    def show_aftermath(self, traces: Sequence[Trace], extent: str = "") -> None:
        """Show what became of each event that got a faulty answer, and out of how many."""
        self._pane.set_extra(extent)
        self.traces.set_rows([_row(number, trace) for number, trace in enumerate(traces)])
        told = [plain(f"{each.sentence}.", 300) for each in by_fault(traces)]
        self._words.setText("\n".join(told) or NOTHING)

    def _on_add(self) -> None:
        if not self._add.isEnabled():
            return
        try:
            fault = chosen_fault(
                self.answer.choice,
                self.answer.field.text(),
                self.requests.choice,
                self.requests.field.text(),
            )
        except UsageError as error:
            self._mistake.setText(plain(str(error), 400))
            self._mistake.show()
            return
        self._mistake.hide()
        self.wanted.emit((*self._faults, fault))

    def _on_remove(self) -> None:
        row = self.faults.currentRow()
        if row >= 0:
            self.wanted.emit((*self._faults[:row], *self._faults[row + 1 :]))


def _row(number: int, trace: Trace) -> TextRow:
    after = "" if trace.again_s is None else f"{trace.again_s:.1f} s"
    again = f"{trace.again_count:,}" if trace.again_count else "never"
    texts = (trace.name, trace.fault, trace.outcome.value, again, after, f"{trace.logged_count:,}")
    return TextRow((number, texts), texts, _TONES[trace.outcome])
