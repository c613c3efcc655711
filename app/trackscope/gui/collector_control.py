"""The collector chip in the status bar, and what it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from trackscope.collector.change import Change, Outcome, Standing
from trackscope.collector.faults import Fault
from trackscope.gui.collector_process import CollectorProcess, CollectorState, State
from trackscope.gui.forward_switch import ForwardSwitch
from trackscope.gui.theme.icons import icon
from trackscope.gui.widgets.plain import plain
from trackscope.gui.window import MainWindow
from trackscope.session.composer import Composer
from trackscope.session.forward_text import host_of
from trackscope.session.target import COLLECTOR, Target

ICONS = {
    State.LISTENING: ("circle-dot", "success"),
    State.STARTING: ("circle-dot", "muted"),
    State.FAILED: ("triangle-alert", "attention"),
    State.STOPPED: ("circle-x", "muted"),
}
LEAVING = ("external-link", "attention")
"""What is received goes to another machine as well."""

_CHIP_LIMIT = 90


class CollectorControl(QObject):
    """Runs the collector for the window.

    `said` tells what happened in a sentence, `changed` carries each new CollectorState, `stood`
    the Standing by which it judges and answers from now on. What it forwards is `forwarding`.
    """

    said = Signal(str)
    changed = Signal(object)
    stood = Signal(object)

    def __init__(self, composer: Composer, window: MainWindow, history: Path) -> None:
        super().__init__(window)
        self._composer = composer
        self._chip = window.collector
        self._process = CollectorProcess(history, self)
        self.forwarding = ForwardSwitch(self._process)
        self._menu = QMenu(self._chip)
        self._standing = Standing("2011", strict=False)
        self._build_menu()
        self._process.changed.connect(self._on_changed)
        self._process.answered.connect(self._on_answered)
        self.forwarding.switched.connect(lambda: self._show(self._process.current))
        self._show(self._process.current)

    def _build_menu(self) -> None:
        self._toggle = self._menu.addAction("Stop the collector", self.toggle)
        self._copy = self._menu.addAction("Copy the address", self._copy_address)
        self._stop_forwarding = self._menu.addAction("Stop forwarding", self.forwarding.stop)
        self._chip.setMenu(self._menu)

    @property
    def address(self) -> str:
        """Where it listens, `http://127.0.0.1:8700`; empty when it does not."""
        return self._process.current.address

    @property
    def state(self) -> CollectorState:
        """What it is doing."""
        return self._process.current

    @property
    def standing(self) -> Standing:
        """By what it judges and answers, or will when it is started."""
        return self._standing

    def start(self) -> None:
        """Start it; on the next free port where the usual one is taken by another program."""
        self._process.start(self._standing)

    def stop(self) -> None:
        """Stop it and wait for its end; started again, it answers honestly."""
        self._process.stop()

    def toggle(self) -> None:
        """Start it when it is stopped, stop it when it runs."""
        if self._process.is_running:
            self.stop()
        else:
            self.start()

    def judge_by(self, era: str, *, is_strict: bool) -> None:
        """Let it judge by this era from the next request on, strictly or not."""
        self._change(Change(era=era, strict=is_strict))

    def answer_faultily(self, faults: tuple[Fault, ...]) -> None:
        """Let it give these faulty answers from the next request on; honest ones for none."""
        self._change(Change(faults=faults))

    def _change(self, change: Change) -> None:
        if self._process.is_running:
            self._process.ask(change)
        else:
            self._stand(self._standing.after(replace(change, faults=())))

    def _on_answered(self, outcome: Outcome) -> None:
        if outcome.standing is None:
            self.said.emit(outcome.error)
            self.stood.emit(self._standing)
        else:
            self._stand(outcome.standing)

    def _stand(self, standing: Standing) -> None:
        self._standing = standing
        self.stood.emit(standing)

    def _copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self.address)
        self.said.emit(f"Copied {self.address}")

    def _on_changed(self, state: CollectorState) -> None:
        if state.state is State.LISTENING:
            self._composer.move_collector(Target(COLLECTOR, state.address))
        if state.state in (State.STOPPED, State.FAILED) and self._standing.faults:
            self._stand(replace(self._standing, faults=()))
        if state.message:
            self.said.emit(state.message)
        self._show(state)
        self.changed.emit(state)

    def _show(self, state: CollectorState) -> None:
        words = {
            State.LISTENING: f"Collector listening on {state.address.partition('://')[2]}",
            State.STARTING: "Collector starting",
            State.FAILED: "Collector not running",
            State.STOPPED: "Collector stopped",
        }
        forwarded = self.forwarding.current
        onward = f", forwarding to {host_of(forwarded.target)}" if forwarded else ""
        self._chip.setText(plain(words[state.state] + onward, _CHIP_LIMIT))
        leaves = forwarded is not None and forwarded.leaves_machine
        self._chip.setIcon(icon(*(LEAVING if leaves else ICONS[state.state]), gap_px=4))
        tip = f"Received requests go to {forwarded.target}" if forwarded else ""
        self._chip.setToolTip(plain(tip or state.message or "Start, stop, copy the address", 300))
        self._stop_forwarding.setVisible(forwarded is not None)
        is_running = state.state in (State.LISTENING, State.STARTING)
        self._toggle.setText("Stop the collector" if is_running else "Start the collector")
        self._copy.setEnabled(bool(state.address))
