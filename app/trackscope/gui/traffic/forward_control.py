"""Forwards what is received, says where to as long as that is on, and follows what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from trackscope.capture.exchange import Exchange
from trackscope.errors import HistoryError, UsageError
from trackscope.gui.bridge import TaskScope
from trackscope.gui.forward_switch import ForwardSwitch
from trackscope.gui.latest import Latest
from trackscope.gui.settings import Settings
from trackscope.gui.traffic.forward_window import OFF, ForwardWindow
from trackscope.gui.traffic.list_control import ListControl
from trackscope.gui.traffic.workspace import TrafficWorkspace
from trackscope.history.forwarding import Forward, State, TargetState
from trackscope.history.history import History
from trackscope.sender.outgoing import address_of
from trackscope.session.forward_change import read_forward, write_forward
from trackscope.session.forward_text import (
    counts_text,
    forwarding_text,
    leaving_text,
    waiting_text,
)
from trackscope.session.forwarding import ForwardSettings, checked_target

POLL_MS = 500
"""How often the history is asked how far forwarding has come, while anyone wants to know."""

_LAST = "forward/last"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the history said at a version: of every target, and of the exchange that is shown."""

    version: int
    targets: tuple[TargetState, ...]
    shown_id: int | None
    shown: Forward | None


class ForwardControl(QObject):
    """Opens the window of forwarding, and keeps it, the banner and the detail at what is so.

    `said` tells in a sentence what was done.
    """

    said = Signal(str)

    def __init__(
        self,
        workspace: TrafficWorkspace,
        list_: ListControl,
        scope: TaskScope,
        history: History,
        switch: ForwardSwitch,
        settings: Settings,
    ) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._banner = workspace.forwarding
        self._list = list_
        self._scope = scope
        self._history = history
        self._switch = switch
        self._settings = settings
        self._address = ""
        self._agreed: set[str] = set()
        self._before: Mapping[State, int] = {}
        self._targets: Sequence[TargetState] = ()
        self._told: tuple[str, str] | None = None
        self._shown_id: int | None = None
        self._version = -1
        self._window: ForwardWindow | None = None
        self._reading: Latest[_Seen | None] = Latest(self._show_seen)
        self._reading.use_scope(scope)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._on_poll)
        switch.switched.connect(self._on_switched)
        switch.refused.connect(self._on_refused)
        self._read_anew()

    def open(self) -> None:
        """Show the window, which stays open beside the work."""
        if self._window is None:
            self._window = window = ForwardWindow(self._banner.window())
            window.wanted.connect(self._on_wanted)
            window.unwanted.connect(self._drop_waiting)
            window.pointed.connect(self._point)
            self._fill(window)
        self._show()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._read_anew()

    def show_address(self, address: str) -> None:
        """Where the collector listens, empty where it does not."""
        self._address = address
        self._show()

    def show_exchange(self, exchange: Exchange) -> None:
        """Say in the detail what became of forwarding this one."""
        self._shown_id = exchange.id if self._list.is_newest_first else None
        self._read_anew()

    def stop(self) -> None:
        """Read nothing more."""
        self._timer.stop()
        self._reading.forget()

    def _fill(self, window: ForwardWindow) -> None:
        """What was forwarded last, or waits: to be started with one click, and never by itself."""
        try:
            settings = read_forward(self._settings.text(_LAST).encode())
        except UsageError:
            settings = None
        waiting = [each.url for each in self._waiting()]
        if waiting and (settings is None or settings.target not in waiting):
            settings = ForwardSettings(waiting[0])
        if settings is not None:
            window.form.fill(settings)

    def _waiting(self) -> list[TargetState]:
        return [each for each in self._targets if each.counts[State.WAITING]]

    def _of(self, url: str) -> list[TargetState]:
        """What is known of one target: nothing, before anything was to go there."""
        return [each for each in self._targets if each.url == url]

    def _on_wanted(self, settings: ForwardSettings | None) -> None:
        if settings is None:
            self._switch.stop()
            return
        window = self._window
        assert window is not None
        try:
            own = address_of(self._address)
            target = checked_target(settings.target, own.host, own.port)
        except UsageError as problem:
            window.say_mistake(str(problem))
            return
        settings = replace(settings, target=target)
        if settings.leaves_machine and target not in self._agreed:
            waiting = sum(each.counts[State.WAITING] for each in self._of(target))
            sentence = leaving_text(settings, waiting)
            window.ask_to_leave(target, sentence, lambda: self._start(settings))
        else:
            self._start(settings)

    def _start(self, settings: ForwardSettings) -> None:
        self._agreed.add(settings.target)
        self._before = next((each.counts for each in self._of(settings.target)), {})
        self._settings.set(_LAST, write_forward(replace(settings, is_again=False)).decode().strip())
        self._switch.start(settings)

    def _on_switched(self, settings: ForwardSettings | None) -> None:
        if settings is not None and self._window is not None:
            self._window.form.fill(settings)
        self._show()
        self._read_anew()

    def _on_refused(self, sentence: str) -> None:
        if self._window is not None:
            self._window.say_mistake(sentence)
        self.said.emit(sentence)

    def _on_poll(self) -> None:
        is_seen = self._window is not None and self._window.isVisible()
        if self._switch.current is None and not is_seen and not self._waiting():
            self._timer.stop()
        else:
            self._read()

    def _read_anew(self) -> None:
        self._version = -1
        self._timer.start()
        self._read()

    def _read(self) -> None:
        history, version, shown_id = self._history, self._version, self._shown_id
        self._reading.ask(lambda: _seen(history, version, shown_id))

    def _show_seen(self, seen: _Seen | None) -> None:
        if seen is None:
            return
        self._version, self._targets = seen.version, seen.targets
        if seen.shown_id == self._shown_id:
            self._workspace.detail.forwarding.show_forward(seen.shown)
        self._show()

    def _show(self) -> None:
        current = self._switch.current
        waiting = "" if current is not None else waiting_text(self._targets)
        sentence = waiting or OFF
        if current is not None:
            counts = next((each.counts for each in self._of(current.target)), {})
            sentence = forwarding_text(current, counts_text(counts, self._before))
        self._show_banner(current, "" if sentence is OFF else sentence)
        if self._window is not None:
            state = sentence if current is not None else OFF
            possible = self._switch.is_possible and bool(self._address)
            self._window.show_state(current, state, waiting, is_possible=possible)
            troubles = [each for target in self._targets for each in target.troubles]
            self._window.show_troubles(sorted(troubles, key=lambda each: -each.outcome.at))

    def _show_banner(self, current: ForwardSettings | None, sentence: str) -> None:
        if not sentence:
            self._told = None
            self._banner.hide()
            return
        leaves = current is not None and current.leaves_machine
        key = ("on" if current else "waiting", "attention" if leaves else "info")
        if key == self._told:
            self._banner.retell(sentence)
            return
        self._told = key
        action = ("Stop", self._switch.stop) if current else ("Never send", self._drop_waiting)
        self._banner.say(key[1], sentence, (action, ("Forward…", self.open)))

    def _drop_waiting(self) -> None:
        self._scope.start(self._leave_out([each.url for each in self._waiting()]), name="drop")

    async def _leave_out(self, urls: Sequence[str]) -> None:
        count = 0
        for url in urls:
            count += await asyncio.to_thread(self._history.leave_out_waiting, url)
        words = f"{count:,} {'request is' if count == 1 else 'requests are'}"
        self.said.emit(f"{words} not forwarded any more; they stay in the history.")
        self._read_anew()

    def _point(self, exchange_id: int) -> None:
        if not (self._list.is_newest_first and self._workspace.table.select_id(exchange_id)):
            self.said.emit(
                f"Exchange {exchange_id:,} is not in the list: choose Sent and received, all runs, "
                "and no filter."
            )


def _seen(history: History, version: int, shown_id: int | None) -> _Seen | None:
    """What the history says, None where nobody has written to it since `version`.

    A history that cannot be read for a moment is read the next time.
    """
    try:
        now = history.data_version()
        if now == version:
            return None
        shown = None if shown_id is None else history.forward_of(shown_id)
        return _Seen(now, tuple(history.forward_targets()), shown_id, shown)
    except HistoryError:
        return None
