"""Over a list that was scrolled away from what arrives: how much came, and the way there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea

from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.icon_button import IconButton

_TOP_PX = 36


class NewestPill(IconButton):
    """Lies over the top of a list; a click on it is meant to lead to the newest."""

    def __init__(self, over: QAbstractScrollArea, key: str) -> None:
        super().__init__("arrow-up", "Go to the newest", " ", kind="primary", key=key, parent=over)
        self._over = over
        self.setObjectName("newestPill")
        over.installEventFilter(self)
        self.hide()

    def show_count(self, count: int) -> None:
        """So many came that are not in view; nothing is shown for none."""
        self.setText(f"{count:,} new")
        self.setVisible(count > 0)
        if count:
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the list's size changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        left = (self._over.width() - self.width()) // 2
        self.move(left, Theme.current().px(_TOP_PX))
        self.raise_()
