"""Keeps the history pane at what the history file holds, and does what is asked of its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from trackscope.gui.bridge import TaskScope
from trackscope.gui.compose.workspace import ComposeWorkspace
from trackscope.gui.models.history import PAGE
from trackscope.history.history import Deletion, History
from trackscope.history.query import query_of
from trackscope.history.rows import Row
from trackscope.session.composer import Composer
from trackscope.session.draft import Document
from trackscope.wire.decoding import decode

POLL_MS = 100
"""How often the file is asked whether anybody wrote to it."""


class HistoryControl(QObject):
    """Reads pages in a thread, never on the window's own.

    `watched` gives a number that changes when another process has written to the file. `resent`
    asks to send a document again, `said` tells in a sentence what was done.
    """

    resent = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        composer: Composer,
        workspace: ComposeWorkspace,
        history: History,
        scope: TaskScope,
        watched: Callable[[], int],
    ) -> None:
        super().__init__(workspace)
        self._composer = composer
        self._workspace = workspace
        self._pane = workspace.history
        self._history = history
        self._scope = scope
        self._watched = watched
        self._version = -1
        self._shown = PAGE
        self._shown_id: int | None = None
        self._cleared: list[Deletion] = []
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._on_poll)
        self._connect()

    def _connect(self) -> None:
        pane = self._pane
        pane.search.textChanged.connect(self._on_search)
        pane.opened.connect(self.edit_selected)
        pane.cleared.connect(self.clear)
        pane.model.wanted.connect(self._on_wanted)
        pane.table.selectionModel().currentRowChanged.connect(self._on_current)

    def start(self) -> None:
        """Show the newest exchanges, and follow what is written from now on."""
        self.reload()
        self._timer.start()

    def stop(self) -> None:
        """Follow no more."""
        self._timer.stop()

    def reload(self) -> None:
        """Read the rows that are shown anew."""
        self._scope.start(self._reload(), name="history")

    async def _reload(self, *, select_first: bool = False) -> None:
        search, limit = self._pane.search.text(), self._shown
        rows, count = await asyncio.to_thread(self._read, search, limit)
        self._pane.model.show_page(rows, is_complete=len(rows) < limit)
        self._pane.show_count(count)
        if select_first and rows and rows[0].id == self._shown_id:
            self._pane.select(0)

    def _read(self, search: str, limit: int) -> tuple[tuple[Row, ...], int]:
        query = query_of(search)
        return tuple(self._history.page(query, limit=limit)), self._history.count(query)

    def _on_poll(self) -> None:
        if not self._pane.isVisible():
            return  # nobody sees it: what was written is read when it is shown again
        version = self._watched()
        if version != self._version:
            self._version = version
            self.reload()

    def _on_search(self) -> None:
        self._shown = PAGE
        self.reload()

    def _on_wanted(self) -> None:
        self._shown += PAGE
        self.reload()

    def show_newest(self, id_: int | None) -> None:
        """An exchange was added just now, and is shown: select its row."""
        self._shown_id = id_
        self._scope.start(self._reload(select_first=True), name="history")

    def _on_current(self) -> None:
        row = self._pane.model.row_at(self._pane.table.currentIndex())
        if row is not None and row.id != self._shown_id:
            self._shown_id = row.id
            self._scope.start(self._show(row.id), name="show")

    async def _show(self, id_: int) -> None:
        exchange = await asyncio.to_thread(self._history.load, id_)
        self._workspace.answer.show_exchange(exchange)
        self._workspace.findings.show_exchange(exchange, decode(exchange.request))

    def edit_selected(self) -> None:
        """Open the selected exchange's request in Compose."""
        ids = self._pane.selected_ids()
        if ids:
            self._scope.start(self._edit(ids[0]), name="edit")

    async def _edit(self, id_: int) -> None:
        exchange = await asyncio.to_thread(self._history.load, id_)
        self._composer.begin(exchange.request, "history")
        self.said.emit("Opened in Compose. Undo brings the earlier request back.")

    def send_selected(self) -> None:
        """Send the selected exchange's request again, to where it went."""
        ids = self._pane.selected_ids()
        if ids:
            self._scope.start(self._send(ids[0]), name="resend")

    async def _send(self, id_: int) -> None:
        exchange = await asyncio.to_thread(self._history.load, id_)
        self.resent.emit(Document(exchange.request))

    def clear(self) -> None:
        """Clear the history; `restore` takes it back."""
        self._scope.start(self._clear(), name="clear")

    async def _clear(self) -> None:
        deleted = await asyncio.to_thread(self._history.clear)
        self._cleared.append(deleted)
        await self._reload()
        self.said.emit(f"Cleared {deleted.count:,}. “Bring the cleared list back” undoes it.")

    def restore(self) -> None:
        """Bring back what was cleared last."""
        if self._cleared:
            self._scope.start(self._restore(self._cleared.pop()), name="restore")

    async def _restore(self, deleted: Deletion) -> None:
        await asyncio.to_thread(self._history.restore, deleted)
        await self._reload()
        self.said.emit("The history is back.")
