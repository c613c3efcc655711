"""A row of views of which one is chosen, such as the workspaces."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from trackscope.gui.theme.theme import Theme


class Segmented(QWidget):
    """Checkable buttons; each is accessible as "PREFIX NAME". `chosen` carries the index."""

    chosen = Signal(int)

    def __init__(
        self, names: Sequence[str], prefix: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for index, name in enumerate(names):
            button = QPushButton(name)
            button.setObjectName(f"{prefix.lower()}{name}")
            button.setAccessibleName(f"{prefix} {name}".strip())
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setChecked(index == 0)
            self._group.addButton(button, index)
            layout.addWidget(button)
        self._group.idClicked.connect(self.chosen)
        self._fit()

    @property
    def index(self) -> int:
        """The chosen one, from 0."""
        return self._group.checkedId()

    def button(self, index: int) -> QPushButton:
        """The button of a view, for its tool tip."""
        found = self._group.button(index)
        assert isinstance(found, QPushButton)
        return found

    def choose(self, index: int) -> None:
        """Show that one is chosen; nothing is emitted."""
        self._group.button(index).setChecked(True)

    def changeEvent(self, event: QEvent) -> None:
        """Take the sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        """Leave room for the bold words of the chosen one, so that nothing moves."""
        theme = Theme.current()
        metrics = QFontMetrics(theme.font(is_strong=True))
        for button in self._group.buttons():
            button.setFixedWidth(metrics.horizontalAdvance(button.text()) + theme.px(32))
