"""Two exchanges compared, in a window beside the main one."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from trackscope.capture.exchange import Exchange
from trackscope.gui.traffic.compare_delegate import CompareDelegate
from trackscope.gui.traffic.compare_model import Column, CompareModel
from trackscope.gui.widgets.badge_delegate import BadgeDelegate
from trackscope.gui.widgets.elided_label import ElidedLabel
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.table import Table
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.comparison import Comparison
from trackscope.wire.request import endpoint_of

WIDTHS = (112, 152, 184, 272)
"""Pixels of the columns at normal size; B takes the rest."""

_SIZE = (1000, 560)


class CompareWindow(QDialog):
    """Shows a comparison; it does not hold up the window it belongs to."""

    def __init__(
        self, a: Exchange, b: Exchange, comparison: Comparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._model = CompareModel(comparison, self)
        self._build_ui(a, b, comparison)
        self._connect()

    def _build_ui(self, a: Exchange, b: Exchange, comparison: Comparison) -> None:
        self.setObjectName("compareWindow")
        self.setWindowTitle("Compare")
        self.resize(*_SIZE)
        self._counts = QLabel(plain(comparison.sentence))
        self._counts.setObjectName("title")
        self._only = QCheckBox("Only differences")
        self._only.setObjectName("onlyDifferences")
        self._only.setAccessibleName("Only differences")
        self._only.setChecked(True)
        sides = QGridLayout()
        sides.setHorizontalSpacing(12)
        sides.setVerticalSpacing(4)
        sides.setColumnStretch(1, 1)
        for row, (name, exchange) in enumerate((("A", a), ("B", b))):
            sides.addWidget(QLabel(name), row, 0)
            sides.addWidget(ElidedLabel(_words(exchange)), row, 1)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.setSpacing(24)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._counts)
        words.addLayout(sides)
        head.addLayout(words, 1)
        head.addWidget(self._only, 0, Qt.AlignmentFlag.AlignTop)
        self._table = Table(self._model, WIDTHS)
        self._table.setObjectName("comparison")
        self._table.setAccessibleName("Comparison")
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setItemDelegate(CompareDelegate(self._table))
        self._table.setItemDelegateForColumn(Column.CHANGE, BadgeDelegate(self._table))
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._copy = QAction("Copy the row", self._table)
        self._copy.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._table.addAction(self._copy)
        layout = tight_column(self)
        layout.addLayout(head)
        layout.addWidget(self._table, 1)
        self._table.setFocus()

    def _connect(self) -> None:
        self._only.toggled.connect(lambda is_only: self._model.show_all(is_all=not is_only))
        self._copy.triggered.connect(self.copy_row)

    def copy_row(self) -> None:
        """Copy the current row whole: where, property, A and B, with tabs between."""
        row = self._model.row_at(self._table.currentIndex())
        if row is not None:
            QGuiApplication.clipboard().setText("\t".join((row.section, row.label, row.a, row.b)))


def _words(exchange: Exchange) -> str:
    """An exchange in a line: what it is, when it was, where it is from."""
    request = exchange.request
    parts = [f"{request.method} {endpoint_of(request)}", ", ".join(exchange.names[:3])]
    try:
        parts.append(datetime.fromtimestamp(exchange.at).strftime("%Y-%m-%d %H:%M:%S"))
    except (OverflowError, ValueError, OSError):
        parts.append("at a time that no calendar has")
    parts += [exchange.source or exchange.target, exchange.position]
    return " · ".join(part for part in parts if part)
