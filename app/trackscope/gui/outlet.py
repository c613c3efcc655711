"""What leaves the window for a file: exchanges, as one JSON line each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from trackscope.capture.exchange import Exchange
from trackscope.gui.bridge import TaskScope, ask
from trackscope.session.lines import exchange_line
from trackscope.session.masking import masked

Each = Callable[[], Iterable[Exchange]]
"""Gives exchanges, in a thread, reading them as they are asked for."""


class Outlet(QObject):
    """Exports exchanges, tokens masked; `said` tells how many went where."""

    said = Signal(str)

    def __init__(self, scope: TaskScope, window: QWidget) -> None:
        super().__init__(window)
        self._scope = scope
        self._window = window

    def export(self, each: Each) -> None:
        """Let a file be chosen, and write to it what `each` gives, one after the other."""
        self._scope.start(self._export(each), name="export")

    async def _export(self, each: Each) -> None:
        dialog = QFileDialog(self._window, "Export the list")
        dialog.setObjectName("exportFile")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("ndjson")
        dialog.setNameFilter("One JSON line an exchange (*.ndjson)")
        dialog.selectFile("history.ndjson")
        if not await ask(dialog) or not dialog.selectedFiles():
            return
        path = Path(dialog.selectedFiles()[0])
        try:
            count = await asyncio.to_thread(self._write, path, each)
        except OSError as problem:
            self.said.emit(f"{path} cannot be written: {problem.strerror}. Choose another place.")
            return
        self.said.emit(f"Exported {count:,} exchanges to {path.name}, tokens masked.")

    def _write(self, path: Path, each: Each) -> int:
        count = 0
        # Written beside and moved into place: a file of that name is whole or untouched.
        partial = path.with_name(f"{path.name}.part")
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for exchange in each():
                file.write(json.dumps(masked(exchange_line(exchange))) + "\n")
                count += 1
        partial.replace(path)
        return count
