"""What leaves the window for a file: the history, as one JSON line an exchange."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from trackscope.gui.bridge import TaskScope, ask
from trackscope.history.history import History
from trackscope.history.query import query_of
from trackscope.session.lines import exchange_line
from trackscope.session.masking import masked


class Outlet(QObject):
    """Exports the history, tokens masked; `said` tells how many exchanges went where."""

    said = Signal(str)

    def __init__(self, history: History, scope: TaskScope, window: QWidget) -> None:
        super().__init__(window)
        self._history = history
        self._scope = scope
        self._window = window

    def export(self, search: str) -> None:
        """Let a file be chosen, and write what the search finds to it, oldest first."""
        self._scope.start(self._export(search), name="export")

    async def _export(self, search: str) -> None:
        dialog = QFileDialog(self._window, "Export the history")
        dialog.setObjectName("exportFile")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("ndjson")
        dialog.setNameFilter("One JSON line an exchange (*.ndjson)")
        dialog.selectFile("history.ndjson")
        if not await ask(dialog) or not dialog.selectedFiles():
            return
        path = Path(dialog.selectedFiles()[0])
        try:
            count = await asyncio.to_thread(self._write, path, search)
        except OSError as problem:
            self.said.emit(f"{path} cannot be written: {problem.strerror}. Choose another place.")
            return
        self.said.emit(f"Exported {count:,} exchanges to {path.name}, tokens masked.")

    def _write(self, path: Path, search: str) -> int:
        count = 0
        # Written beside and moved into place: a file of that name is whole or untouched.
        partial = path.with_name(f"{path.name}.part")
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for exchange in self._history.each(query_of(search)):
                file.write(json.dumps(masked(exchange_line(exchange))) + "\n")
                count += 1
        partial.replace(path)
        return count
