"""Gives faulty answers on demand, says that they are on, and follows what the SDK makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from trackscope.collector.change import Standing
from trackscope.collector.faults import Fault
from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.fault_window import FaultWindow
from trackscope.gui.traffic.list_control import ListControl
from trackscope.gui.widgets.banner import Banner
from trackscope.history.query import Query
from trackscope.session.aftermath import Trace, aftermath
from trackscope.session.listing import Listing

PAUSE_MS = 1_000
"""How often what became of events is read anew while exchanges arrive and the window is open."""

MOST = 5_000
"""Exchanges since the first fault that are looked at."""


class FaultControl(QObject):
    """Opens the window of faults, and keeps window and banner at what the collector does.

    `give` tells the collector which faults to give.
    """

    def __init__(
        self,
        banner: Banner,
        list_: ListControl,
        scope: TaskScope,
        give: Callable[[tuple[Fault, ...]], None],
    ) -> None:
        super().__init__(list_)
        self._banner = banner
        self._list = list_
        self._scope = scope
        self._give = give
        self._faults: tuple[Fault, ...] = ()
        self._is_listening = False
        self._after_id: int | None = None
        self._is_reading = False
        self._window: FaultWindow | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._read_soon)
        list_.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the window, which stays open beside the work."""
        if self._window is None:
            self._window = FaultWindow(self._banner.window())
            self._window.wanted.connect(self._on_wanted)
        self._window.show_faults(self._faults, is_listening=self._is_listening)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._read_soon()

    def show_listening(self, *, is_listening: bool) -> None:
        """Whether there is a collector that can give faulty answers."""
        self._is_listening = is_listening
        self._show()

    def show_standing(self, standing: Standing) -> None:
        """Say which faulty answers the collector gives from now on."""
        self._faults = standing.faults
        self._show()

    def stop(self) -> None:
        """Read nothing more."""
        self._timer.stop()

    def _show(self) -> None:
        if self._window is not None:
            self._window.show_faults(self._faults, is_listening=self._is_listening)
        if self._faults:
            rules = "; ".join(map(str, self._faults))
            actions = (("Answer honestly", lambda: self._give(())), ("Faulty answers…", self.open))
            self._banner.say("attention", f"Faulty answers are on: {rules}.", actions)
        else:
            self._banner.hide()

    def _on_wanted(self, faults: tuple[Fault, ...]) -> None:
        listing = self._list.listing
        if self._after_id is None and listing is not None:
            self._scope.start(self._begin(listing, faults), name="faults")
        else:
            self._give(faults)

    async def _begin(self, listing: Listing, faults: tuple[Fault, ...]) -> None:
        """Remember what was there before the first fault: it is not looked at."""
        self._after_id = await asyncio.to_thread(listing.last_id)
        self._give(faults)

    def _on_changed(self) -> None:
        is_seen = self._window is not None and self._window.isVisible()
        if is_seen and not self._timer.isActive():
            self._timer.start()

    def _read_soon(self) -> None:
        listing, after_id = self._list.listing, self._after_id
        if self._is_reading:
            self._timer.start()
        elif listing is not None and after_id is not None and self._list.is_newest_first:
            self._is_reading = True
            self._scope.start(self._read(listing, after_id), name="aftermath")

    async def _read(self, listing: Listing, after_id: int) -> None:
        try:
            traces, is_cut = await asyncio.to_thread(_traces, listing, after_id)
        finally:
            self._is_reading = False
        if self._window is not None:
            self._window.show_aftermath(traces, f"the first {MOST:,} requests" if is_cut else "")


def _traces(listing: Listing, after_id: int) -> tuple[tuple[Trace, ...], bool]:
    """What became of the events since an exchange, and whether more came than are looked at."""
    ids = listing.ids(Query(), after_id)
    return aftermath(listing.exchanges(ids[:MOST])), len(ids) > MOST
