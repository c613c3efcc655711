"""The running program behind the window: its parts, how they are joined, and their end."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import SystemRandom

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from trackscope.capture.snippet import SNIPPETS, copy_as, note
from trackscope.errors import TrackscopeError
from trackscope.gui.bridge import TaskScope
from trackscope.gui.collector_control import CollectorControl
from trackscope.gui.commands import Actions
from trackscope.gui.compose.highlight import Highlight
from trackscope.gui.compose.history_control import HistoryControl
from trackscope.gui.compose.many_control import ManyControl
from trackscope.gui.compose.send_control import SendControl, Services
from trackscope.gui.compose.workspace import ComposeWorkspace
from trackscope.gui.intake import Intake
from trackscope.gui.outlet import Outlet
from trackscope.gui.settings import Settings
from trackscope.gui.settings_dialog import (
    MAX_TIMEOUT_S,
    MIN_TIMEOUT_S,
    TIMEOUT_S,
    SettingsDialog,
)
from trackscope.gui.target_box import TargetBox
from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.view_control import ViewControl
from trackscope.gui.widgets.toast import Toast
from trackscope.gui.window import MainWindow
from trackscope.history.history import History
from trackscope.history.query import query_of
from trackscope.sender.sender import Sender
from trackscope.session.composer import Composer, first_document
from trackscope.session.selection import found
from trackscope.session.sending import Outcome
from trackscope.session.target import COLLECTOR, Target
from trackscope.wire.era import rule_book

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
    """Owns the parts and ends them in order; `ended` is told when all is closed."""

    ended = Signal()

    def __init__(
        self,
        window: MainWindow,
        files: HistoryFiles,
        settings: Settings,
        theme: Theme,
    ) -> None:
        super().__init__()
        history = files.history
        self._history = history
        self._settings = settings
        self._theme = theme
        self.scope = TaskScope(self.report)
        self.composer = Composer(
            Target(COLLECTOR, START_ADDRESS),
            clock=time.time,
            monotonic=time.monotonic,
            random=SystemRandom(),
        )
        self.workspace = ComposeWorkspace(self.composer, time.time)
        self.window = window
        window.show_workspace(self.workspace)
        self._toast = Toast(self.window)
        self._sender = Sender()
        services = Services(self._sender, history, self.scope, time.time)
        self.sending = SendControl(self.composer, self.workspace, services, self.window)
        self.many = ManyControl(self.composer, self.sending, services, self.window)
        self.list = HistoryControl(
            self.composer, self.workspace, history, self.scope, files.watched
        )
        self.collector = CollectorControl(self.composer, self.window, files.path)
        self.targets = TargetBox(self.window.target, self.composer, settings)
        self.intake = Intake(self.composer, self.scope, self.window)
        self.outlet = Outlet(self.scope, self.window)
        self.view = ViewControl(self.window, self.workspace, theme, settings)
        self.highlight = Highlight(self.composer, self.workspace)
        self.actions = Actions(self.window, self._handlers())
        self._connect()
        self._restore()

    def _connect(self) -> None:
        self.actions.fill(self.window.menuBar())
        self.view.use(self.actions)
        self.window.closed.connect(self.quit)
        self.window.dropped.connect(self.intake.read_dropped)
        self.window.palette_button.clicked.connect(self.actions["palette"].trigger)
        self.workspace.url_row.copied.connect(self.copy_as)
        payload = self.workspace.payload
        for editor, kinds in (
            (self.workspace.url_row.url, ()),
            (payload.json, ("json",)),
            (payload.data, ("base64", "json")),
            (payload.body, ("form", "json")),
        ):
            paste = partial(self.intake.paste_into, editor, frozenset(kinds))
            editor.paste_requested.connect(paste)
        self.sending.finished.connect(self._on_sent)
        self.list.resent.connect(self.sending.send_document)
        for part in (self.list, self.collector, self.intake, self.outlet):
            part.said.connect(self.announce)
        self.composer.draft.changed.connect(lambda change: self._show_undo())
        self._show_undo()

    def _restore(self) -> None:
        self.workspace.restore(self._settings)
        self.sending.timeout_s = self._settings.number(
            "timeout", TIMEOUT_S, MIN_TIMEOUT_S, MAX_TIMEOUT_S
        )
        self._set_strict(is_strict=self._settings.flag("strict"))

    def start(self, files: Sequence[str] = ()) -> None:
        """What can wait until the window is painted: collector, history, the files to read."""
        self.collector.start()
        self.list.start()
        self.workspace.form.focus_name()
        self.scope.start(self._warm_up(), name="warm up")
        if files:
            self.intake.read_file(Path(files[0]))

    async def _warm_up(self) -> None:
        """Load the HTTP library before the first request needs it, off the window's thread."""
        await asyncio.to_thread(importlib.import_module, "trackscope.sender.transport")

    def announce(self, sentence: str) -> None:
        """Say what was done: in the status bar, and for a moment over the window."""
        self.window.say(sentence)
        self._toast.show_text(sentence)

    def copy_as(self, id_: str) -> None:
        """Put the request on the clipboard in one of the forms."""
        request = self.composer.document.request
        label = next(each.label for each in SNIPPETS if each.id == id_)
        QGuiApplication.clipboard().setText(copy_as(request, id_))
        self.announce(f"Copied as {label}. {note(request, id_)}".strip())

    def quit(self) -> None:
        """Leave: stop what is under way, keep what is to be remembered, end the collector."""
        self.window.save(self._settings)
        self.workspace.save(self._settings)
        self._settings.flush()
        self.window.hide()
        self.sending.cancel()
        self.list.stop()
        self.collector.stop()
        self.ended.emit()

    async def close(self) -> None:
        """Wait for the end of what `quit` has stopped, and close the connections."""
        await self.scope.close()
        await self._sender.aclose()

    def _export_found(self) -> None:
        search = self.workspace.history.search.text()
        self.outlet.export(found(self._history, query_of(search)))

    def _handlers(self) -> dict[str, Callable[[], object]]:
        compose = self.workspace
        return self.view.handlers() | {
            "new-request": self._new_request,
            "paste-anything": self.intake.paste_clipboard,
            "open-text": self.intake.choose_file,
            "export-history": self._export_found,
            "settings": self._open_settings,
            "compose": compose.form.focus_name,
            "quit": self.quit,
            "undo": self.composer.draft.undo,
            "redo": self.composer.draft.redo,
            "format-json": compose.payload.format_json,
            "compact-json": compose.payload.compact_json,
            "add-property": compose.form.add_property,
            "add-event": compose.event_list.add_event,
            "send": self.sending.send,
            "cancel": self.sending.cancel,
            "send-many": self.many.open,
            "send-test": self._send_test,
            "copy-as": compose.url_row.show_copy_menu,
            "fix-first": compose.findings.mend_first,
            "toggle-collector": self.collector.toggle,
            "strict": lambda: self._set_strict(is_strict=self.actions["strict"].isChecked()),
            "edit-selected": self.list.edit_selected,
            "send-selected": self.list.send_selected,
            "next-exchange": lambda: compose.history.step(1),
            "previous-exchange": lambda: compose.history.step(-1),
            "clear-history": self.list.clear,
            "restore-history": self.list.restore,
        }

    def _new_request(self) -> None:
        document = first_document(self.composer.target, time.time())
        self.composer.draft.edit(document, "new", alone=True)
        self.workspace.form.select_name()

    def _send_test(self) -> None:
        address = self.collector.address or START_ADDRESS
        self.sending.send_document(first_document(Target(COLLECTOR, address), time.time()))

    def _open_settings(self) -> None:
        dialog = SettingsDialog(
            scheme=self._theme.scheme,
            zoom=self._theme.zoom,
            timeout_s=self.sending.timeout_s,
            is_strict=self.composer.book.is_strict,
            parent=self.window,
        )
        dialog.changed.connect(self._on_setting)
        dialog.open()

    def _on_setting(self, name: str, value: object) -> None:
        if name == "theme" and isinstance(value, Scheme):
            self.view.show_scheme(value)
        elif name == "zoom" and isinstance(value, float):
            self.view.zoom(value)
        elif name == "strict":
            self._set_strict(is_strict=value is True)
        elif name == "timeout" and isinstance(value, float):
            self.sending.timeout_s = value
            self._settings.set("timeout", value)

    def _set_strict(self, *, is_strict: bool) -> None:
        self.actions["strict"].setChecked(is_strict)
        self._settings.set("strict", is_strict)
        self.composer.set_book(rule_book(strict=is_strict))
        self.collector.set_strict(is_strict=is_strict)

    def _on_sent(self, outcome: Outcome) -> None:
        self.targets.remember(self.composer.target)
        self.list.show_newest(outcome.exchange.id)

    def _show_undo(self) -> None:
        self.actions["undo"].setEnabled(self.composer.draft.can_undo)
        self.actions["redo"].setEnabled(self.composer.draft.can_redo)

    def report(self, error: BaseException, count: int = 1) -> None:
        """Tell of an error that no part could deal with; the program goes on."""
        again = f" ({count} times)" if count > 1 else ""
        what = (
            str(error) if isinstance(error, TrackscopeError) else f"{type(error).__name__}: {error}"
        )
        self.announce(f"{what}{again}")
