"""What stands in the place of a list without rows: one sentence, and the one next action."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from trackscope.gui.theme.icons import picture

_ICON_PX = 32


class EmptyState(QWidget):
    """An icon over a title, a sentence, and a row of widgets with which to go on."""

    def __init__(
        self, icon: str, title: str, sentence: str, *widgets: QWidget, name: str = ""
    ) -> None:
        super().__init__()
        self._icon_name = icon
        self.setObjectName(name)
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(title)
        self._title.setObjectName("title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = QLabel(sentence)
        self._sentence.setObjectName("emptySentence")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self._icon, self._title, self._sentence):
            column.addWidget(label)
        column.addSpacing(4)
        column.addLayout(row)
        column.addStretch(1)
        self._draw()

    def say(self, title: str, sentence: str) -> None:
        """Other words."""
        self._title.setText(title)
        self._sentence.setText(sentence)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(picture(self._icon_name, "muted", _ICON_PX, ratio))
