"""Starting over: the list shows a run of a test from its beginning, and what was before on demand.

Nothing is deleted: the runs before are in the history, and one choice away.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.list_control import ListControl
from trackscope.gui.traffic.live_bar import LiveBar
from trackscope.session.listing import Listing
from trackscope.session.runs import Run, begun, dividers_of


class RunControl(QObject):
    """Knows the runs of what is sent and received. `said` tells in a sentence what was done."""

    said = Signal(str)

    def __init__(
        self,
        list_: ListControl,
        bar: LiveBar,
        scope: TaskScope,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(list_)
        self._list = list_
        self._bar = bar
        self._scope = scope
        self._clock = clock
        self._runs: tuple[Run, ...] = ()
        self._before: list[tuple[tuple[Run, ...], Run | None]] = []
        self._current: Run | None = None
        list_.changed.connect(self._divide)
        bar.run_chosen.connect(self.choose)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs, the oldest first."""
        return self._runs

    @property
    def current(self) -> Run | None:
        """The run from which on the list is shown; None while it shows everything."""
        return self._current

    def start_over(self) -> None:
        """Begin a run: the list shows what arrives from now on; `undo` takes it back."""
        if self._listing is not None:
            self._scope.start(self._start_over(self._listing), name="start over")

    def undo(self) -> None:
        """Take the beginning of the last run back: the list is as it was before."""
        if self._before:
            self._show(*self._before.pop())
            self.said.emit("The list is as it was before.")

    def choose(self, run: Run | None) -> None:
        """Show the list from this run on, or everything."""
        self._show(self._runs, run)

    @property
    def _listing(self) -> Listing | None:
        return self._list.listing if self._list.is_newest_first else None

    async def _start_over(self, listing: Listing) -> None:
        at = self._clock()
        last_id = await asyncio.to_thread(listing.last_id)
        self._before.append((self._runs, self._current))
        runs = begun(self._runs, last_id, at)
        self._show(runs, runs[-1])
        self.said.emit(f"{runs[-1].title}. What was before is kept: “Undo starting over”.")

    def _show(self, runs: tuple[Run, ...], current: Run | None) -> None:
        self._runs, self._current = runs, current
        self._bar.show_runs(runs, current)
        if self._listing is not None:
            self._listing.begin(current)
            self._divide()
            self._list.reload()

    def _divide(self) -> None:
        if self._listing is not None:
            self._list.divide(dividers_of(self._runs))
