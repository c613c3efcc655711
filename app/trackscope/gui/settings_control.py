"""Opens the settings, and does what is chosen there."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from trackscope.gui.compose.send_control import SendControl
from trackscope.gui.rule_book_control import RuleBookControl
from trackscope.gui.settings import Settings
from trackscope.gui.settings_dialog import (
    MAX_TIMEOUT_S,
    MIN_TIMEOUT_S,
    TIMEOUT_S,
    SettingsDialog,
)
from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.view_control import ViewControl


class SettingsControl(QObject):
    """Keeps the time limit, and shows it with look and strictness in the dialog."""

    def __init__(
        self,
        settings: Settings,
        view: ViewControl,
        sending: SendControl,
        books: RuleBookControl,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._view = view
        self._sending = sending
        self._books = books
        self._window = window

    def restore(self) -> None:
        """Wait for an answer as long as was chosen last."""
        self._sending.timeout_s = self._settings.number(
            "timeout", TIMEOUT_S, MIN_TIMEOUT_S, MAX_TIMEOUT_S
        )

    def open(self) -> None:
        """Show the dialog; what is changed there is done at once."""
        theme = Theme.current()
        dialog = SettingsDialog(
            scheme=theme.scheme,
            zoom=theme.zoom,
            timeout_s=self._sending.timeout_s,
            is_strict=self._books.book.is_strict,
            parent=self._window,
        )
        dialog.changed.connect(self._on_changed)
        dialog.open()

    def _on_changed(self, name: str, value: object) -> None:
        if name == "theme" and isinstance(value, Scheme):
            self._view.show_scheme(value)
        elif name == "zoom" and isinstance(value, float):
            self._view.zoom(value)
        elif name == "strict":
            self._books.set_strict(is_strict=value is True)
        elif name == "timeout" and isinstance(value, float):
            self._sending.timeout_s = value
            self._settings.set("timeout", value)
