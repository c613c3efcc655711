"""An exchange judged again: by another era, strictly or not, as if received at another time."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from trackscope.capture.exchange import Exchange
from trackscope.gui.bridge import TaskScope
from trackscope.gui.latest import Latest
from trackscope.gui.models.text_rows import TextRow, TextRowModel
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.badge_delegate import BadgeDelegate
from trackscope.gui.widgets.form_row import caption, form_row
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.text_table import TextTable
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.arrival import AS_IT_WAS, Arrival, arrival
from trackscope.session.inspection import is_large
from trackscope.session.rejudging import Rejudged, difference, rejudge
from trackscope.wire.era import ERAS, rule_book
from trackscope.wire.finding import Finding, Severity

HEADERS = ("What", "Rule", "Is", "Change")
NO_MOMENT = "Write how much later, such as +3d or -2h, or a date: 2011-11-23."
NO_CHANGE = "Nothing: the findings are the same."
_WIDTHS = (240, 176, 88, 96)
_SIZE = (760, 400)
_CAPTION_PX = 96
_TONES = {Severity.ERROR: "danger", Severity.WARNING: "attention", Severity.NOTE: "info"}
_VERDICT_TONES = {0: "danger", 1: "success"}


class JudgeWindow(QDialog):
    """Stays open beside the work, and shows the exchange that is pointed at."""

    def __init__(self, scope: TaskScope, parent: QWidget) -> None:
        super().__init__(parent)
        self._exchange: Exchange | None = None
        self._judging: Latest[Rejudged] = Latest(self._show)
        self._judging.use_scope(scope)
        self._build_ui()
        self._connect()

    def _build_ui(self) -> None:
        self.setObjectName("judgeWindow")
        self.setWindowTitle("Judge again")
        self.resize(QSize(*(Theme.current().px(side) for side in _SIZE)))
        self.era = QComboBox()
        self.era.setObjectName("judgeEra")
        self.era.setAccessibleName("Judge by")
        for era in ERAS.values():
            self.era.addItem(f"{era.name}: {era.title}", era.name)
        self.strict = QCheckBox("Strict")
        self.strict.setObjectName("judgeStrict")
        self.strict.setAccessibleName("Strict")
        self.moment = QLineEdit()
        self.moment.setObjectName("judgeMoment")
        self.moment.setAccessibleName("As if received")
        self.moment.setPlaceholderText("when it was; or +3d, -2h, 2011-11-23")
        self._later = IconButton("clock", "3 days later", text="3 days later", kind="outlined")
        self._later.setObjectName("judgeLater")
        self._mistake = QLabel(NO_MOMENT)
        self._mistake.setObjectName("judgeMistake")
        self._mistake.setProperty("tone", "danger")
        self._mistake.hide()
        self._before, self._arrow, self._after = Badge(), QLabel("→"), Badge()
        self._sentence = QLabel()
        self._sentence.setObjectName("judgeSentence")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self.changes = TextRowModel(HEADERS, state_column=2, parent=self)
        table = TextTable(self.changes, _WIDTHS)
        table.setItemDelegateForColumn(2, BadgeDelegate(table))
        table.setObjectName("judgeChanges")
        table.setAccessibleName("What changes")
        pane = Pane("What changes")
        pane.set_content(table)
        self._pane = pane
        column = tight_column(self)
        column.addLayout(self._top())
        column.addWidget(pane, 1)

    def _top(self) -> QVBoxLayout:
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 12)
        top.setSpacing(8)
        top.addLayout(
            form_row(caption("Judge by", self.era, _CAPTION_PX), self.era, self.strict, wide=1)
        )
        moment = caption("As if received", self.moment, _CAPTION_PX)
        top.addLayout(form_row(moment, self.moment, self._later, wide=1))
        top.addWidget(self._mistake)
        top.addLayout(form_row(self._before, self._arrow, self._after, self._sentence, wide=3))
        return top

    def _connect(self) -> None:
        self.era.activated.connect(self._judge)
        self.strict.clicked.connect(self._judge)
        self.moment.textChanged.connect(self._judge)
        self._later.clicked.connect(lambda: self.moment.setText("+3d"))

    def show_exchange(self, exchange: Exchange) -> None:
        """Judge this exchange as it was chosen; at first by the rules by which it was."""
        if self._exchange is None:
            self.era.setCurrentIndex(max(0, self.era.findData(exchange.era)))
            self.strict.setChecked(exchange.strict)
        self._exchange = exchange
        self._judge()

    def _judge(self) -> None:
        exchange, when = self._exchange, _arrival(self.moment.text().strip())
        self._mistake.setVisible(when is None)
        if exchange is None or when is None:
            return
        book = rule_book(str(self.era.currentData()), strict=self.strict.isChecked())
        at = when.of(exchange.at)
        self._judging.ask(lambda: rejudge(exchange, book, at), is_large=is_large(exchange))

    def _show(self, judged: Rejudged) -> None:
        for badge, verdict in ((self._before, judged.before), (self._after, judged.after)):
            badge.show_state(str(verdict.value), _VERDICT_TONES[verdict.value])
        self._sentence.setText(plain(difference(judged), 400))
        rows = list(_changes(judged))
        self.changes.set_rows(rows)
        self._pane.set_extra("" if rows else NO_CHANGE)


def _arrival(text: str) -> Arrival | None:
    """When it counts as received; None for a text that is no moment."""
    try:
        return arrival(text) if text else AS_IT_WAS
    except (ValueError, OverflowError):
        return None


def _changes(judged: Rejudged) -> Iterator[TextRow]:
    for finding in judged.come:
        yield _finding_row(finding, "new")
    for old, new in judged.weighed:
        yield _finding_row(new, f"was {old.severity}")
    for finding in judged.gone:
        yield _finding_row(finding, "gone")


def _finding_row(finding: Finding, change: str) -> TextRow:
    texts = (finding.message, finding.rule, finding.severity.value, change)
    return TextRow((change, finding.rule, finding.at), texts, _TONES[finding.severity])
