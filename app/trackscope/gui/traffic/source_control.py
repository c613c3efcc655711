"""Which history the list shows: the captures that were opened, or what is sent and received."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from trackscope.errors import HistoryError
from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.list_control import Counts, ListControl
from trackscope.gui.traffic.opening_control import OpeningControl
from trackscope.gui.traffic.tool_row import LIVE, OPENED
from trackscope.gui.traffic.workspace import TrafficWorkspace
from trackscope.history.history import Deletion, History
from trackscope.session.listing import Listing


class SourceControl(QObject):
    """Switches the list between the two, shows what is to be done where it is empty, clears it.

    `path` and `history` are the program's own. `said` tells in a sentence what was done,
    `switched` that the other source is shown.
    """

    said = Signal(str)
    switched = Signal()

    def __init__(
        self,
        workspace: TrafficWorkspace,
        list_: ListControl,
        opening: OpeningControl,
        scope: TaskScope,
        own: tuple[Path, History],
    ) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._list = list_
        self._opening = opening
        self._scope = scope
        self._path, self._history = own
        self._live: Listing | None = None
        self._cleared: list[tuple[History, Deletion]] = []
        self._counts = Counts(0, 0)
        self.source = OPENED
        workspace.tools.source_chosen.connect(self.show)
        workspace.clear_filter.clicked.connect(lambda: workspace.tools.filter.set_filter(""))
        opening.began.connect(lambda: self.show(OPENED))
        opening.ended.connect(lambda path, progress: self._show_state())
        list_.counted.connect(self._on_counted)

    @property
    def keeper(self) -> History | None:
        """The history that is shown, to write to; None before a capture was opened."""
        if self.source == LIVE:
            return self._history
        return self._opening.scratch.history if self._opening.scratch else None

    def show(self, source: int) -> None:
        """Show one of the two."""
        is_same = source == self.source and self._list.listing is not None
        self.source = source
        self._workspace.tools.source.setCurrentIndex(source)
        self._workspace.live_bar.setVisible(source == LIVE)
        if not is_same:
            self.switched.emit()
        if source == LIVE:
            if not is_same:
                self._scope.start(self._show_live(), name="show live")
        elif not is_same or self._opening.is_reading:
            scratch = self._opening.scratch
            listing = scratch.listing if scratch else None
            if listing is None or listing is not self._list.listing:
                self._list.show(listing, is_newest_first=False)

    def clear(self) -> None:
        """Clear what is shown; `restore` takes it back."""
        history = self.keeper
        if history is not None:
            if self.source == OPENED:
                self._opening.cancel()
            self._scope.start(self._clear(history), name="clear list")

    def restore(self) -> None:
        """Bring back what was cleared last."""
        if self._cleared:
            self._scope.start(self._restore(*self._cleared.pop()), name="restore list")

    def close(self) -> None:
        """Close the connection of its own."""
        if self._live is not None:
            self._live.close()
            self._live = None

    async def _show_live(self) -> None:
        if self._live is None:
            live = await asyncio.to_thread(self._open_live)
            self._live = self._live or live
            if self._live is not live:
                live.close()
        if self.source == LIVE:
            self._list.show(self._live, is_newest_first=True)

    def _open_live(self) -> Listing:
        try:
            return Listing.open(self._path)
        except HistoryError:  # the program goes on with one in memory, and has said so
            return Listing.shared(self._history)

    async def _clear(self, history: History) -> None:
        deleted = await asyncio.to_thread(history.clear)
        self._cleared.append((history, deleted))
        self._list.reload()
        self.said.emit(f"Cleared {deleted.count:,}. “Bring the cleared list back” undoes it.")

    async def _restore(self, history: History, deleted: Deletion) -> None:
        await asyncio.to_thread(history.restore, deleted)
        self._list.reload()
        self.said.emit("The list is back.")

    def _on_counted(self, counts: Counts) -> None:
        self._counts = counts
        tools = self._workspace.tools
        tools.show_count(counts.shown, counts.total, is_known=counts.is_known)
        self._show_state()

    def _show_state(self) -> None:
        """The list, or in its place why it is empty."""
        counts = self._counts
        is_waiting = self.source == OPENED and self._opening.is_reading and not counts.total
        if counts.shown or is_waiting:
            self._workspace.show_list()
        else:
            is_filtered = bool(self._list.query.terms)
            self._workspace.show_empty(self.source, is_filtered=is_filtered, total=counts.total)
