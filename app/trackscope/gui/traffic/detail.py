"""The detail under the list: what one exchange carries."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from trackscope.capture.exchange import Exchange
from trackscope.gui.widgets.plain import plain


class DetailArea(QWidget):
    """Shows one exchange, or that none is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detailArea")
        self._label = QLabel()
        self._label.setObjectName("emptyState")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(self).addWidget(self._label)
        self.show_exchange(None)

    def show_exchange(self, exchange: Exchange | None) -> None:
        """Show another exchange, or none."""
        none = "Select a request to see what it carries."
        self._label.setText(none if exchange is None else plain(exchange.request.url, 300))
