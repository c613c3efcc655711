"""A word in passing over the window's lower edge: copied, exported, imported."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from trackscope.gui.widgets.plain import plain

SHOWN_MS = 4_000
_ABOVE_EDGE = 40
_LIMIT = 160


class Toast(QFrame):
    """Lies over its parent, takes neither focus nor clicks, and goes by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._build_ui()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def _build_ui(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.addWidget(self._label)

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_text(self, text: str) -> None:
        """Show the text for four seconds, in the place of the one before."""
        self._label.setText(plain(text, _LIMIT))
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def event(self, event: QEvent) -> bool:
        """Fit the words when another theme gives them another size."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        return is_done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the parent's size changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.ensurePolished()
        self._label.ensurePolished()
        self.resize(self.sizeHint().boundedTo(self._over.size()))
        area = self._over.rect()
        left = (area.width() - self.width()) // 2
        self.move(left, area.height() - self.height() - _ABOVE_EDGE)
