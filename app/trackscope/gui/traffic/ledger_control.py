"""Keeps the delivery ledger at what has arrived, in small steps, while somebody looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.ledger_window import LedgerWindow
from trackscope.gui.traffic.list_control import ListControl
from trackscope.history.query import Query
from trackscope.session.ledger import Ledger
from trackscope.session.listing import Listing

PAUSE_MS = 500
"""How often the ledger is brought up to date while exchanges arrive."""

STEP = 40
"""Exchanges that are counted at a time: some milliseconds of Python's work."""

STEP_PAUSE_S = 0.02
"""Between two steps: the window's own work has to come through."""

MOST = 50_000
"""Exchanges that are counted, the newest; the list may have more."""


class LedgerControl(QObject):
    """Counts what the list's source holds, from the beginning of the run that is listed."""

    def __init__(self, owner: QWidget, list_: ListControl, scope: TaskScope) -> None:
        super().__init__(list_)
        self._owner = owner
        self._list = list_
        self._scope = scope
        self._window: LedgerWindow | None = None
        self._ledger = Ledger()
        self._count = 0
        self._counted: tuple[Listing | None, int, int] = (None, 0, 0)
        self._is_counting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._count_soon)
        list_.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the window, which stays open beside the work."""
        if self._window is None:
            self._window = LedgerWindow(self._owner.window())
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._count_soon()

    def stop(self) -> None:
        """Count nothing more."""
        self._timer.stop()

    def _on_changed(self) -> None:
        is_seen = self._window is not None and self._window.isVisible()
        if is_seen and not self._timer.isActive():
            self._timer.start()

    def _count_soon(self) -> None:
        listing = self._list.listing
        if self._is_counting:
            self._timer.start()
        elif listing is not None:
            self._is_counting = True
            self._scope.start(self._count_up(listing), name="ledger")

    async def _count_up(self, listing: Listing) -> None:
        """Count what is new; all anew where the list begins elsewhere, or something is gone."""
        try:
            before_id = listing.before_id
            total = await asyncio.to_thread(listing.count)
            if self._counted[:2] != (listing, before_id) or total < self._count:
                self._ledger, self._count = Ledger(), 0
                self._counted = (listing, before_id, 0)
            new = (await asyncio.to_thread(listing.ids, Query(), self._counted[2]))[-MOST:]
            for start in range(0, len(new), STEP):
                step = new[start : start + STEP]
                await asyncio.to_thread(_add, self._ledger, listing, step)
                self._count += len(step)
                self._counted = (listing, before_id, step[-1])
                await asyncio.sleep(STEP_PAUSE_S)
            self._show(max(total, self._count))
        finally:
            self._is_counting = False

    def _show(self, total: int) -> None:
        extent = f"{self._count:,} of {total:,} requests" if self._count < total else ""
        if self._window is not None:
            self._window.show_table(self._ledger.table(), extent or f"{total:,} requests")


def _add(ledger: Ledger, listing: Listing, ids: Sequence[int]) -> None:
    ledger.add_all(listing.exchanges(ids))
