"""A message of the desktop's own, for those who look at another window."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from trackscope.gui.widgets.plain import plain

_LIMIT = 200


class DesktopNotice(QObject):
    """Shows messages beside the tray, where there is one; else the window asks for attention."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def show(self, title: str, sentence: str) -> None:
        """Show a message; a click on it brings the window to the front."""
        tray = self._tray or self._new_tray()
        if tray is None:
            QApplication.alert(self._window)
        else:
            tray.show()
            tray.showMessage(plain(title, _LIMIT), plain(sentence, _LIMIT))

    def end(self) -> None:
        """Take the icon out of the tray: no message is to come."""
        if self._tray is not None:
            self._tray.hide()

    def _new_tray(self) -> QSystemTrayIcon | None:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return None
        icon = QApplication.windowIcon()
        self._tray = QSystemTrayIcon(icon if not icon.isNull() else QIcon(), self)
        self._tray.messageClicked.connect(self._on_clicked)
        return self._tray

    def _on_clicked(self) -> None:
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
