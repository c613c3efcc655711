"""A table of rows: fixed row height, left-aligned headers, columns that grow with the zoom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.header_corner import HeaderCorner

ROW_PX = 26


class Table(QTableView):
    """Rows of 26 px; `widths` are those of the columns at normal size, the last one takes the rest.

    Tab leaves the table; cells are walked by arrows.
    """

    def __init__(
        self, model: QAbstractItemModel, widths: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._zoom = 1.0
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        HeaderCorner(self, header)
        for column, width in enumerate(widths):
            header.resizeSection(column, width)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take the sizes of another zoom; columns that were widened stay wider."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        vertical = self.verticalHeader()
        vertical.setMinimumSectionSize(theme.px(ROW_PX))
        vertical.setDefaultSectionSize(theme.px(ROW_PX))
        if theme.zoom != self._zoom:
            header = self.horizontalHeader()
            for column in range(header.count() - 1):
                width = header.sectionSize(column) * theme.zoom / self._zoom
                header.resizeSection(column, round(width))
            self._zoom = theme.zoom
