"""The prediction: what the rules say of the request as it is now, with the fixes."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from trackscope.capture.exchange import Exchange
from trackscope.gui.finding_list import MOST_SHOWN, FindingList
from trackscope.gui.widgets.pane import Pane
from trackscope.session.composer import Composer
from trackscope.session.draft import Change
from trackscope.session.explanation import findings_of
from trackscope.session.wording import place_text
from trackscope.wire.decoding import Decoded
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.place import places_of_all
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import Verdict

LARGE = 20_000
"""From this many characters on, judging waits for a pause in typing."""

_PAUSE_MS = 150


class FindingPane(Pane):
    """Judges the draft after every change, at once or after a pause where it is large.

    `chosen` tells which finding is looked at.
    """

    chosen = Signal(object)

    def __init__(self, composer: Composer, parent: QWidget | None = None) -> None:
        super().__init__("Findings", parent=parent)
        self._composer = composer
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._build_ui()
        self._connect()
        self._on_judged(composer.verdict)

    def _build_ui(self) -> None:
        self.setObjectName("findingsPane")
        self._list = FindingList()
        self._empty = QLabel("No findings: nothing speaks against a 1.")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setObjectName("emptyState")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._empty)
        self.set_content(self._stack)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._composer.judge_now)
        self._composer.draft.changed.connect(self._on_changed)
        self._composer.judged.connect(self._on_judged)
        self._list.fixed.connect(self._composer.apply_fix)
        self._list.chosen.connect(self.chosen)

    def mend_first(self) -> bool:
        """Apply the first fix there is; False where there is none."""
        for finding in self._composer.verdict.findings:
            if finding.fix is not None:
                return self._composer.apply_fix(finding)
        return False

    def show_exchange(self, exchange: Exchange, decoded: Decoded) -> None:
        """Show what an exchange was answered by, until the draft changes."""
        self._show(exchange.request, decoded, findings_of(exchange, decoded))
        self.clear_badge()

    def _on_changed(self, change: Change) -> None:
        text = change.after.decoded.data or ""
        self._timer.start(_PAUSE_MS if len(text) > LARGE else 0)

    def _on_judged(self, verdict: Verdict) -> None:
        self._show(self._composer.document.request, verdict.decoded, verdict.findings)
        if verdict.value:
            self.set_badge("would be 1", "success")
        else:
            self.set_badge("would be 0", "danger")

    def _show(self, request: TrackRequest, decoded: Decoded, findings: tuple[Finding, ...]) -> None:
        ordered = sorted(findings, key=lambda each: list(Severity).index(each.severity))
        shown = ordered[:MOST_SHOWN]
        found = places_of_all(request, decoded, shown)
        self._list.show_findings(
            [
                (each, place_text(each.at, places, decoded))
                for each, places in zip(shown, found, strict=True)
            ],
            self._composer.book.era.name,
        )
        rest = f", the first {MOST_SHOWN} shown" if len(ordered) > MOST_SHOWN else ""
        self.set_extra(counted(findings) + rest)
        self._stack.setCurrentIndex(0 if findings else 1)


def counted(findings: tuple[Finding, ...]) -> str:
    """How many there are of each severity: `1 error, 2 warnings`."""
    parts = []
    for severity in Severity:
        count = sum(each.severity is severity for each in findings)
        if count:
            parts.append(f"{count} {severity.value}{'' if count == 1 else 's'}")
    return ", ".join(parts)
