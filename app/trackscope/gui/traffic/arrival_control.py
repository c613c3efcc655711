"""What arrives while the list is looked at: its rate, what is held back, what is out of view."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from trackscope.gui.commands import key_of
from trackscope.gui.traffic.list_control import Arrival, Counts, ListControl
from trackscope.gui.traffic.live_bar import LiveBar
from trackscope.gui.traffic.newest_pill import NewestPill
from trackscope.gui.traffic.request_table import RequestTable
from trackscope.session.arrivals import Rate
from trackscope.session.progress import counted

BEAT_MS = 500
"""How often the rate is told while anything arrives."""

SPOKEN_MS = 3_000
"""How often what arrived is read out, at most."""


class ArrivalControl(QObject):
    """Follows the newest as long as the list stands at its top, as a reader of logs does."""

    def __init__(
        self,
        table: RequestTable,
        list_: ListControl,
        bar: LiveBar,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(table)
        self._table = table
        self._list = list_
        self._bar = bar
        self._monotonic = monotonic
        self._rate = Rate()
        self._unseen = 0
        self._unspoken = 0
        self._pill = NewestPill(table, key_of("go-newest"))
        self._beat = self._timer(BEAT_MS, self._on_beat)
        self._speech = self._timer(SPOKEN_MS, self._speak)
        list_.arrived.connect(self._on_arrived)
        list_.counted.connect(self._on_counted)
        table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._pill.clicked.connect(self.go_newest)

    def _timer(self, ms: int, handler: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(handler)
        return timer

    def pause(self) -> None:
        """Let the list stand still, or go on with all that has arrived since."""
        self._list.hold(is_held=not self._list.is_held)
        self._bar.show_held(is_held=self._list.is_held, waiting=0)

    def go_newest(self) -> None:
        """Go on if the list stands still, and to its newest row."""
        if self._list.is_held:
            self.pause()
        self._table.scrollToTop()
        self._table.setFocus()

    def begin(self) -> None:
        """Another list is shown: nothing of it has arrived yet, and it is not held."""
        self._rate.forget()
        self._list.hold(is_held=False)
        self._bar.show_held(is_held=False, waiting=0)
        self._see_all()

    def stop(self) -> None:
        """Tell nothing more."""
        self._beat.stop()
        self._speech.stop()

    def _on_counted(self, counts: Counts) -> None:
        self._rate.observe(counts.total, self._monotonic())

    def _on_arrived(self, arrival: Arrival) -> None:
        if not self._list.is_newest_first:
            return
        self._rate.observe(arrival.total, self._monotonic())
        self._on_beat()
        if self._list.is_held:
            self._bar.show_held(is_held=True, waiting=arrival.waiting)
        elif self._table.verticalScrollBar().value() > 0:
            self._unseen += arrival.came
            self._pill.show_count(self._unseen)
        self._unspoken += arrival.came
        if self._unspoken and not self._speech.isActive():
            self._speech.start()

    def _on_beat(self) -> None:
        per_second = self._rate.per_second(self._monotonic())
        self._bar.show_rate(per_second)
        if per_second and not self._beat.isActive():
            self._beat.start()

    def _on_scrolled(self, value: int) -> None:
        if value == 0:
            self._see_all()

    def _see_all(self) -> None:
        self._unseen = 0
        self._pill.show_count(0)

    def _speak(self) -> None:
        words = f"{counted(self._unspoken, 'new request')}"
        words += ", the list is paused" if self._list.is_held else ""
        self._unspoken = 0
        if self._table.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._table, words))
