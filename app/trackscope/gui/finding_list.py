"""The findings on a request, each with its sentence, its source, its place and its fix."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.gui.widgets.plain import plain
from trackscope.session.wording import sentence_of
from trackscope.wire.era import RULES
from trackscope.wire.finding import Finding, Severity

MOST_SHOWN = 40
"""Findings that are listed; a batch can have thousands."""

ROLES = {Severity.ERROR: "danger", Severity.WARNING: "attention", Severity.NOTE: "info"}


class FindingRow(QFrame):
    """One finding with what its rule rests on in the era; the button is there where a fix is."""

    fixed = Signal(object)

    def __init__(
        self, finding: Finding, place: str, era: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._finding = finding
        self._place = place
        self._era = era
        self._build_ui()

    def _build_ui(self) -> None:
        finding = self._finding
        self.setObjectName("findingRow")
        badge = Badge(finding.severity.value, ROLES[finding.severity])
        rule = _label(finding.rule, "monoCaption")
        place = ElidedLabel(self._place)
        place.setObjectName("caption")
        message = _label(sentence_of(finding.message), "body")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(badge)
        top.addWidget(rule)
        top.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(message)
        layout.addWidget(place)
        rule_row = RULES.get(finding.rule)
        if rule_row is not None and finding.severity is not Severity.NOTE:
            layout.addWidget(_label(rule_row.source_in(self._era), "caption"))
        if finding.fix is not None:
            button = QPushButton(plain(finding.fix.label, 60))
            button.setObjectName("fixButton")
            button.setAccessibleName(f"{finding.fix.label}: fix {finding.rule}")
            button.clicked.connect(lambda: self.fixed.emit(finding))
            top.addWidget(button)


def _label(text: str, name: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(name)
    label.setWordWrap(name in ("body", "caption") and len(text) > 24)
    label.setText(plain(text, 600))
    return label


class FindingList(QListWidget):
    """Lists findings; `fixed` asks for a fix, `chosen` says which finding is looked at."""

    fixed = Signal(object)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[Finding, str], ...] = ()
        self._era = ""
        self._build_ui()
        self.currentRowChanged.connect(self._on_row)

    def _build_ui(self) -> None:
        self.setObjectName("findings")
        self.setAccessibleName("Findings")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def show_findings(self, findings: Sequence[tuple[Finding, str]], era: str) -> None:
        """List the findings of an era, each with its place in words.

        Nothing happens where they are the same.
        """
        shown = tuple(findings[:MOST_SHOWN])
        if (shown, era) == (self._shown, self._era):
            return
        self._shown, self._era = shown, era
        self.clear()
        for finding, place in shown:
            row = FindingRow(finding, place, era)
            row.fixed.connect(self.fixed)
            item = QListWidgetItem()
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                plain(f"{finding.severity}, {finding.rule}: {finding.message}", 600),
            )
            self.addItem(item)
            self.setItemWidget(item, row)
        self._fit()

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            self.chosen.emit(self._shown[row][0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are as high as their wrapped sentences need."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.viewport().width()
        for number in range(self.count()):
            item = self.item(number)
            widget = self.itemWidget(item)
            if widget is not None:
                height = widget.heightForWidth(width)
                height = height if height > 0 else widget.sizeHint().height()
                item.setSizeHint(QSize(width, height))
