"""Opens the window in which an exchange is judged again, and keeps it at the current row."""

from __future__ import annotations

from PySide6.QtCore import QObject

from trackscope.capture.exchange import Exchange
from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.judge_window import JudgeWindow
from trackscope.gui.traffic.workspace import TrafficWorkspace


class JudgeControl(QObject):
    """Is told which exchange is shown."""

    def __init__(self, workspace: TrafficWorkspace, scope: TaskScope) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._scope = scope
        self._exchange: Exchange | None = None
        self._window: JudgeWindow | None = None
        workspace.detail.head.judge_asked.connect(self.open)

    def show_exchange(self, exchange: Exchange) -> None:
        """Another exchange is shown: judge it too, if somebody looks."""
        self._exchange = exchange
        if self._window is not None and self._window.isVisible():
            self._window.show_exchange(exchange)

    def open(self) -> None:
        """Show the window, which stays open beside the work."""
        if self._exchange is None:
            return
        if self._window is None:
            self._window = JudgeWindow(self._scope, self._workspace.window())
        self._window.show_exchange(self._exchange)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
