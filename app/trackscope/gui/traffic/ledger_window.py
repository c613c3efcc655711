"""The delivery ledger in a window: events by name and sender, and which numbers are missing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from trackscope.gui.models.text_rows import TextRow, TextRowModel
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.text_table import TextTable
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.ledger import COUNTS, Entry, LedgerTable
from trackscope.session.ledger_text import FORGOTTEN, amiss_text, numbering_text

HEADERS = ("Event", "Sender", *(name.capitalize() for name in COUNTS))
NO_NUMBERS = "No event carries a running number: gaps cannot be told."
_WIDTHS = (176, 184, *(96 for _ in COUNTS))
_SIZE = (940, 460)


class LedgerWindow(QDialog):
    """Stays open beside the work, and is told what to show."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._build_ui()
        self.show_table(LedgerTable(), "")

    def _build_ui(self) -> None:
        self.setObjectName("ledgerWindow")
        self.setWindowTitle("Ledger of what arrived")
        self.resize(*(Theme.current().px(side) for side in _SIZE))
        self.entries = TextRowModel(HEADERS, numbers_from=2, parent=self)
        table = TextTable(self.entries, _WIDTHS)
        table.setObjectName("ledger")
        table.setAccessibleName("Ledger")
        self._numbers = QLabel()
        self._numbers.setObjectName("ledgerNumbers")
        self._numbers.setTextFormat(Qt.TextFormat.PlainText)
        self._numbers.setWordWrap(True)
        self._numbers.setContentsMargins(12, 8, 12, 8)
        self._pane = Pane("What came of every event")
        inner = QWidget()
        column = tight_column(inner)
        column.addWidget(table, 1)
        column.addWidget(self._numbers)
        self._pane.set_content(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pane)

    def show_table(self, table: LedgerTable, extent: str) -> None:
        """Show a ledger, and in words out of what it was made."""
        rows = [_row(entry) for entry in table.entries]
        self.entries.set_rows([*rows, _row(table.total)] if rows else [])
        words = [_sentence(numbering_text(each)) for each in table.numberings]
        words = words or [NO_NUMBERS]
        words += [] if table.is_complete else [FORGOTTEN]
        self._numbers.setText("\n".join(plain(each, 600) for each in words))
        self._pane.set_extra(extent)
        if not rows:
            self._pane.clear_badge()
        elif table.is_clean:
            self._pane.set_badge("nothing is wrong", "success")
        else:
            self._pane.set_badge(amiss_text(table), "attention")


def _row(entry: Entry) -> TextRow:
    counts = (f"{getattr(entry, name):,}" for name in COUNTS)
    return TextRow((entry.event, entry.sender), (entry.event, entry.sender, *counts))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
