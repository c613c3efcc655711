"""Compares two exchanges beside the window's own thread, and shows what came of it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from trackscope.capture.exchange import Exchange
from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.compare_window import CompareWindow
from trackscope.session.comparison import compare


class CompareControl(QObject):
    """Opens a window for each comparison that is asked for."""

    def __init__(self, scope: TaskScope, window: QWidget) -> None:
        super().__init__(window)
        self._scope = scope
        self._window = window

    def compare(self, a: Exchange, b: Exchange) -> None:
        """Compare two exchanges and show it."""
        self._scope.start(self._compare(a, b), name="compare")

    async def _compare(self, a: Exchange, b: Exchange) -> None:
        comparison = await asyncio.to_thread(compare, a, b)
        CompareWindow(a, b, comparison, self._window).show()
