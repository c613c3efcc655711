"""A sentence about what lasts, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from trackscope.gui.theme.icons import picture
from trackscope.gui.widgets.badge import Badge
from trackscope.gui.widgets.plain import plain

_ICONS = {
    "danger": "circle-x",
    "attention": "triangle-alert",
    "info": "info",
    "success": "circle-check",
}
_LIMIT = 600


class Banner(QFrame):
    """Hidden until it has something to say; `role` gives icon and colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = "info"
        self._buttons: list[QPushButton] = []
        self._build_ui()
        self.hide()

    def _build_ui(self) -> None:
        self._icon = QLabel()
        self._badge = Badge()
        self._badge.hide()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(80)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._badge)
        self._row.addWidget(self._text, 1)

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._text.text()

    def say(
        self,
        role: str,
        sentence: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        word: str = "",
    ) -> None:
        """Show a sentence, and a button for each (words, what it does).

        A `word`, such as "error", stands before it in a badge, in place of the icon.
        """
        self._role = role
        self._badge.show_state(word, role)
        self._badge.setVisible(bool(word))
        self._icon.setVisible(not word)
        self._text.setText(plain(sentence, _LIMIT))
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(words, action) for words, action in actions]
        self.setProperty("tone", role)
        self.style().polish(self)
        self._draw()
        self.show()

    def retell(self, sentence: str) -> None:
        """Change the words and nothing else: a button keeps the focus, and takes its click."""
        self._text.setText(plain(sentence, _LIMIT))

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _button(self, words: str, action: Callable[[], object]) -> QPushButton:
        button = QPushButton(plain(words, 60).replace("&", "&&"))  # else it would be a mnemonic
        button.setObjectName("bannerAction")
        button.setAccessibleName(plain(words, 60))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: action())
        self._row.addWidget(button)
        return button

    def _draw(self) -> None:
        self._icon.setPixmap(
            picture(_ICONS[self._role], self._role, ratio=self.devicePixelRatioF())
        )
