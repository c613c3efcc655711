"""The end of a header over the scroll bar beside it, which would begin at the header's top."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHeaderView, QSizePolicy


class HeaderCorner(QFrame):
    """Belongs to a view, and is as high as the header."""

    def __init__(self, view: QAbstractScrollArea, header: QHeaderView) -> None:
        super().__init__(view)
        self._header = header
        self.setObjectName("headerCorner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        header.geometriesChanged.connect(self.updateGeometry)
        view.addScrollBarWidget(self, Qt.AlignmentFlag.AlignTop)

    def sizeHint(self) -> QSize:
        """As high as the header; as wide as the scroll bar is."""
        return QSize(0, self._header.height())
