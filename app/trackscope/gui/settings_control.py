"""Opens the settings, and does what is chosen there."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from trackscope.gui.collector_control import CollectorControl
from trackscope.gui.compose.send_control import SendControl
from trackscope.gui.settings import Settings
from trackscope.gui.settings_dialog import (
    MAX_TIMEOUT_S,
    MIN_TIMEOUT_S,
    TIMEOUT_S,
    SettingsDialog,
)
from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.view_control import ViewControl
from trackscope.session.composer import Composer
from trackscope.wire.era import rule_book


class SettingsControl(QObject):
    """Keeps the time limit and the strictness, and shows them with the look in the dialog."""

    def __init__(
        self,
        settings: Settings,
        view: ViewControl,
        sending: SendControl,
        composer: Composer,
        collector: CollectorControl,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._view = view
        self._sending = sending
        self._composer = composer
        self._collector = collector
        self._window = window

    def restore(self, strict: QAction) -> None:
        """Do as was chosen last; `strict` is the command that shows it."""
        self._strict = strict
        self._sending.timeout_s = self._settings.number(
            "timeout", TIMEOUT_S, MIN_TIMEOUT_S, MAX_TIMEOUT_S
        )
        self.set_strict(is_strict=self._settings.flag("strict"))

    def open(self) -> None:
        """Show the dialog; what is changed there is done at once."""
        theme = Theme.current()
        dialog = SettingsDialog(
            scheme=theme.scheme,
            zoom=theme.zoom,
            timeout_s=self._sending.timeout_s,
            is_strict=self._composer.book.is_strict,
            parent=self._window,
        )
        dialog.changed.connect(self._on_changed)
        dialog.open()

    def set_strict(self, *, is_strict: bool) -> None:
        """Judge by the letter of the text or not, before sending and in the collector."""
        self._strict.setChecked(is_strict)
        self._settings.set("strict", is_strict)
        self._composer.set_book(rule_book(strict=is_strict))
        self._collector.set_strict(is_strict=is_strict)

    def _on_changed(self, name: str, value: object) -> None:
        if name == "theme" and isinstance(value, Scheme):
            self._view.show_scheme(value)
        elif name == "zoom" and isinstance(value, float):
            self._view.zoom(value)
        elif name == "strict":
            self.set_strict(is_strict=value is True)
        elif name == "timeout" and isinstance(value, float):
            self._sending.timeout_s = value
            self._settings.set("timeout", value)
