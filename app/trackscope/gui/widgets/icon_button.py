"""A button with an icon, words, or both."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from trackscope.gui.theme.icons import GAP_PX, ICON_PX, icon
from trackscope.gui.theme.theme import Theme

_ROLES = {"flat": "muted", "outlined": "text", "primary": "on_accent"}


class IconButton(QPushButton):
    """`kind` is "flat" (headers), "outlined" (tool rows) or "primary" (one in a row).

    `label` says what it does: its accessible name and, with the key, its tool tip.
    """

    def __init__(
        self,
        icon_name: str,
        label: str,
        text: str = "",
        kind: str = "flat",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon_name
        self._role = ""
        self._label = label
        self._kind = kind
        self.setProperty("kind", kind)
        self.setProperty("iconOnly", not text)
        self.setAccessibleName(label)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_key(key)
        self._draw()

    def set_key(self, key: str) -> None:
        """Name the key that does the same, in the system's way, in the tool tip."""
        # As it is, without markup: it is read out as the description too.
        self.setToolTip(f"{self._label} ({key})" if key else self._label)

    def show_text(self, text: str) -> None:
        """Show other words beside the icon, or the icon alone."""
        if text != self.text():
            self.setText(text)
            self.setProperty("iconOnly", not text)
            self.style().polish(self)
            self._draw()

    def set_icon(self, icon_name: str, role: str = "") -> None:
        """Show another drawing, in the colour of a role or of the button's kind."""
        if (icon_name, role) != (self._icon_name, self._role):
            self._icon_name, self._role = icon_name, role
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours and the size of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        if not self._icon_name:
            return
        gap = GAP_PX if self.text() else 0
        theme = Theme.current()
        self.setIconSize(QSize(theme.px(ICON_PX + gap), theme.px(ICON_PX)))
        self.setIcon(icon(self._icon_name, self._role or _ROLES[self._kind], gap_px=gap))
