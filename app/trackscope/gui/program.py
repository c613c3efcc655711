"""The running program behind the window: its parts, how they are joined, and their end."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from trackscope.errors import TrackscopeError
from trackscope.gui.bridge import TaskScope
from trackscope.gui.capture_choice import CaptureChoice
from trackscope.gui.collector_control import CollectorControl
from trackscope.gui.commands import Actions
from trackscope.gui.compose.handlers import compose_handlers
from trackscope.gui.compose.highlight import Highlight
from trackscope.gui.compose.history_control import HistoryControl
from trackscope.gui.compose.many_control import ManyControl
from trackscope.gui.compose.send_control import SendControl, Services
from trackscope.gui.compose.workspace import ComposeWorkspace
from trackscope.gui.copying import copy_request
from trackscope.gui.history_choice import HistoryChoice
from trackscope.gui.intake import Intake
from trackscope.gui.refusal_alert import RefusalAlert
from trackscope.gui.rule_book_control import RuleBookControl
from trackscope.gui.settings import Settings
from trackscope.gui.settings_control import SettingsControl
from trackscope.gui.target_box import TargetBox
from trackscope.gui.theme.theme import Theme
from trackscope.gui.view_control import ViewControl
from trackscope.gui.widgets.toast import Toast
from trackscope.gui.window import MainWindow
from trackscope.gui.workspaces import Workspace, Workspaces
from trackscope.history.history import History
from trackscope.history.query import query_of
from trackscope.sender.sender import Sender
from trackscope.session.composer import Composer, first_document
from trackscope.session.forward_text import waiting_text
from trackscope.session.selection import found
from trackscope.session.sending import Outcome
from trackscope.session.target import COLLECTOR, Target
from trackscope.wire.request import TrackRequest

if TYPE_CHECKING:
    from trackscope.gui.outlet import Outlet
    from trackscope.gui.traffic.control import TrafficControl

COMPOSE, TRAFFIC = range(2)
"""The workspaces by their place in the bar."""

NEEDED_SOON = (
    "trackscope.sender.transport", "trackscope.capture.detect", "trackscope.session.export",
)  # fmt: skip
"""What is loaded once the window is there."""

START_ADDRESS = "http://127.0.0.1:8700"


@dataclass(frozen=True, slots=True)
class HistoryFiles:
    """The history: where it is, the connection that reads and writes, and what watches it.

    `watched` gives a number that changes when another process has written to the file.
    """

    path: Path
    history: History
    watched: Callable[[], int]


class Program(QObject):
    """Owns the parts and ends them in order.

    `grown` is told when much was added that stays until the end, `ended` when all is closed.
    """

    grown = Signal()
    ended = Signal()

    def __init__(
        self,
        window: MainWindow,
        files: HistoryFiles,
        settings: Settings,
        theme: Theme,
    ) -> None:
        super().__init__()
        window.fill()
        history = files.history
        self._files = files
        self._settings = settings
        self.scope = TaskScope(self.report)
        self.composer = Composer(
            Target(COLLECTOR, START_ADDRESS),
            clock=time.time,
            monotonic=time.monotonic,
            random=SystemRandom(),
        )
        self.workspace = ComposeWorkspace(self.composer, time.time)
        self.traffic: TrafficControl | None = None
        self.window = window
        self._toast = Toast(self.window)
        self._sender = Sender()
        services = self._services = Services(self._sender, history, self.scope, time.time)
        self.sending = SendControl(self.composer, self.workspace, services, self.window)
        self.many = ManyControl(self.composer, self.sending, services, self.window)
        self.list = HistoryControl(
            self.composer, self.workspace, history, self.scope, files.watched
        )
        self.collector = CollectorControl(self.composer, self.window, files.path)
        self.books = RuleBookControl(self.composer, self.collector, settings)
        self.targets = TargetBox(self.window.target, self.composer, settings)
        self.intake = Intake(self.composer, self.scope, self.window)
        self.alert = RefusalAlert(window, history, files.watched, self.scope, settings)
        self.captures = CaptureChoice(self.window, self.scope, settings)
        self.files = HistoryChoice(self.window, self.scope, settings, files.path)
        makers = (self._make_compose, self._make_traffic)
        self.workspaces = Workspaces(self.window, settings, makers)
        self.view = ViewControl(self.window, self.workspaces, theme, settings)
        self.preferences = SettingsControl(settings, self.view, self.sending, self.books, window)
        self.highlight = Highlight(self.composer, self.workspace)
        self.actions = Actions(self.window, self._handlers() | self.workspaces.handlers())
        self._connect()
        self.workspace.restore(settings)
        self.preferences.restore()
        self.books.restore()
        self.actions["notify"].setChecked(self.alert.is_wanted)

    def _connect(self) -> None:
        self.actions.fill(self.window.menuBar(), {"open-capture": self.captures.menu})
        self.view.use(self.actions)
        self.workspaces.use(self.actions)
        self.workspaces.shown.connect(lambda index: self._show_undo())
        self.window.closed.connect(self.quit)
        self.window.dropped.connect(self.intake.read_dropped)
        self.window.palette_button.clicked.connect(self.actions["palette"].trigger)
        self.workspace.url_row.copied.connect(self.copy_as)
        for editor, kinds in self.workspace.editors():
            editor.paste_requested.connect(partial(self.intake.paste_into, editor, kinds))
        self.intake.taken.connect(lambda: self.workspaces.show(COMPOSE))
        self.intake.found.connect(self.open)
        self.captures.chosen.connect(self.open)
        self.books.changed.connect(lambda book: self.actions["strict"].setChecked(book.is_strict))
        self.sending.finished.connect(self._on_sent)
        self.list.resent.connect(self.sending.send_document)
        for part in (self.list, self.collector, self.intake, self.alert, self.files):
            part.said.connect(self.announce)
        self.composer.draft.changed.connect(lambda change: self._show_undo())
        self._show_undo()

    def start(self, files: Sequence[str] = ()) -> None:
        """What can wait until the window is painted: collector, history, the files to read."""
        self.collector.start()
        self.list.start()
        self.alert.start()
        self.workspace.form.focus_name()
        self.scope.start(self._warm_up(), name="warm up")
        self.scope.start(self._say_what_waits(), name="what waits")
        self.workspaces.restore()
        if files:
            self.open([Path(each) for each in files])

    async def _say_what_waits(self) -> None:
        """Forwarding is off at the start: what an earlier run has left is said, and stays."""
        waiting = waiting_text(await asyncio.to_thread(self._files.history.forward_targets))
        if waiting:
            self.announce(f"{waiting} See Forward… in Traffic.")

    def open(self, found: str | Sequence[Path]) -> None:
        """Open captures in Traffic: the files at these paths, or a text with many requests."""
        self._show_traffic()
        assert self.traffic is not None
        if isinstance(found, str):
            self.traffic.opening.open_text(found)
        else:
            self.traffic.opening.open(found)

    @cached_property
    def outlet(self) -> Outlet:
        """What exports; made for the first export."""
        from trackscope.gui.outlet import Outlet

        outlet = Outlet(self.scope, self.window)
        outlet.said.connect(self.announce)
        return outlet

    async def _warm_up(self) -> None:
        """Load what the first request, paste and export need, off the window's thread."""
        for name in NEEDED_SOON:
            await asyncio.to_thread(importlib.import_module, name)
        self.grown.emit()

    def announce(self, sentence: str) -> None:
        """Say what was done: in the status bar, and for a moment over the window."""
        self.window.say(sentence)
        self._toast.show_text(sentence)

    def copy_as(self, id_: str) -> None:
        """Put the request on the clipboard in one of the forms."""
        self.announce(copy_request(self.composer.document.request, id_))

    def quit(self) -> None:
        """Leave: stop what is under way, keep what is to be remembered, end the collector."""
        self.window.save(self._settings)
        self.workspace.save(self._settings)
        self.workspaces.save()
        if self.traffic is not None:
            self.traffic.save()
            self.traffic.stop()
        self._settings.flush()
        self.window.hide()
        self.sending.cancel()
        self.list.stop()
        self.alert.stop()
        self.collector.stop()
        self.ended.emit()

    async def close(self) -> None:
        """Wait for the end of what `quit` has stopped, and close the connections."""
        await self.scope.close()
        if self.traffic is not None:
            self.traffic.close()
        await self._sender.aclose()

    def _handlers(self) -> dict[str, Callable[[], object]]:
        """What the commands do that are the same everywhere, by id."""
        return self.view.handlers() | {
            "new-request": self._new_request,
            "paste-anything": self.intake.paste_clipboard,
            "open-capture": self.captures.choose,
            "history-file": self.files.choose,
            "settings": self.preferences.open,
            "compose": self._show_compose,
            "traffic": self._show_traffic,
            "quit": self.quit,
            "cancel": self.sending.cancel,
            "send-test": self._send_test,
            "toggle-collector": self.collector.toggle,
            "notify": lambda: self.alert.switch(is_on=self.actions["notify"].isChecked()),
            "strict": lambda: self.books.set_strict(is_strict=self.actions["strict"].isChecked()),
        }

    def _make_compose(self) -> Workspace:
        compose = self.workspace
        history, search = self._files.history, compose.history.search
        handlers = compose_handlers(compose, self.composer, self.sending, self.many, self.list)

        def export() -> None:
            self.outlet.export(found(history, query_of(search.text())))

        return Workspace(compose, compose.panes, handlers | {"export-history": export})

    def _make_traffic(self) -> Workspace:
        # Imported here: what only Traffic needs is not loaded before the first paint.
        from trackscope.gui.traffic.control import TrafficControl
        from trackscope.gui.traffic.resend_control import ResendControl

        own = (self._files.path, self._files.history)
        traffic = TrafficControl(self.scope, self._settings, own, self.actions, self.collector)
        resend = ResendControl(self.composer, self.sending, self._services, self.window)
        self.traffic = traffic
        for part in (traffic, resend):
            part.said.connect(self.announce)
        traffic.asked.connect(lambda id_: self.actions[id_].trigger())
        traffic.edited.connect(self._edit)
        traffic.opening.ended.connect(self.captures.remember)
        self.collector.changed.connect(traffic.show_collector)
        traffic.show_collector(self.collector.state)
        self.collector.stood.connect(traffic.faults.show_standing)
        bar = traffic.workspace.live_bar
        bar.era_chosen.connect(self.books.set_era)
        self.books.changed.connect(bar.show_book)
        bar.show_book(self.books.book)
        handlers = traffic.handlers() | {
            "export-history": lambda: self.outlet.export(traffic.shown()),
            "send-selected": lambda: resend.send(traffic.rows.selected_ids(), traffic.rows.load),
        }
        self.grown.emit()
        return Workspace(traffic.workspace, traffic.workspace.panes, handlers)

    def _edit(self, request: TrackRequest) -> None:
        self.composer.begin(request, "history")
        self._show_compose()
        self.announce("Opened in Compose. Undo brings the earlier request back.")

    def _show_traffic(self) -> None:
        self.workspaces.show(TRAFFIC)
        self.workspaces.current.widget.setFocus()

    def _show_compose(self) -> None:
        self.workspaces.show(COMPOSE)
        self.workspace.form.focus_name()

    def _new_request(self) -> None:
        document = first_document(self.composer.target, time.time())
        self.composer.draft.edit(document, "new", alone=True)
        self.workspaces.show(COMPOSE)
        self.workspace.form.select_name()

    def _send_test(self) -> None:
        address = self.collector.address or START_ADDRESS
        self.sending.send_document(first_document(Target(COLLECTOR, address), time.time()))

    def _on_sent(self, outcome: Outcome) -> None:
        self.targets.remember(self.composer.target)
        self.list.show_newest(outcome.exchange.id)

    def _show_undo(self) -> None:
        is_here = self.workspaces.index == COMPOSE
        self.actions["undo"].setEnabled(is_here and self.composer.draft.can_undo)
        self.actions["redo"].setEnabled(is_here and self.composer.draft.can_redo)

    def report(self, error: BaseException, count: int = 1) -> None:
        """Tell of an error that no part could deal with; the program goes on."""
        self.announce(_told(error, count))


def _told(error: BaseException, count: int) -> str:
    """An error in a sentence, with how often it was met."""
    again = f" ({count} times)" if count > 1 else ""
    is_ours = isinstance(error, TrackscopeError)
    return f"{error if is_ours else f'{type(error).__name__}: {error}'}{again}"
