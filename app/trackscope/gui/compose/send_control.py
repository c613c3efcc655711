"""Sends the draft: one at a time, cancelled by Esc, the answer shown in place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from trackscope.gui.bridge import TaskScope, ask
from trackscope.gui.compose.workspace import ComposeWorkspace
from trackscope.history.history import History
from trackscope.sender.sender import Sender
from trackscope.session.composer import Composer
from trackscope.session.draft import Document
from trackscope.session.sending import Outcome, send_document
from trackscope.session.target import Target, is_loopback
from trackscope.wire.decoding import decode

_TICK_MS = 150


@dataclass(frozen=True, slots=True)
class Services:
    """What sending needs of the outside: a way out, a memory, clocks, a place for tasks."""

    sender: Sender
    history: History
    scope: TaskScope
    clock: Callable[[], float]


class SendControl(QObject):
    """Connects Send and Cancel of the workspace to the session. `finished` carries an Outcome."""

    finished = Signal(object)

    def __init__(
        self, composer: Composer, workspace: ComposeWorkspace, services: Services, window: QWidget
    ) -> None:
        super().__init__(window)
        self._composer = composer
        self._workspace = workspace
        self._services = services
        self._window = window
        self._confirmed: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._began_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self.timeout_s = 10.0
        workspace.url_row.sent.connect(self.send)
        workspace.url_row.cancelled.connect(self.cancel)

    @property
    def is_sending(self) -> bool:
        """Whether a request is under way."""
        return self._task is not None and not self._task.done()

    def send(self) -> None:
        """Send the draft as it is, its generated values made anew; nothing while one is going."""
        if not self.is_sending:
            self._start(self._send(self._composer.document, self._composer.prepared))

    def send_document(self, document: Document) -> None:
        """Send another request than the draft: one of the history again, or a test event."""
        if not self.is_sending:
            self._start(self._send(document, lambda: document))

    def cancel(self) -> None:
        """Stop the request that is under way."""
        if self._task is not None:
            self._task.cancel()

    def _start(self, sending: Coroutine[None, None, None]) -> None:
        self._task = self._services.scope.start(sending, name="send")

    async def _send(self, document: Document, prepare: Callable[[], Document]) -> None:
        # The document's own target: that of an exchange sent again is not that of the draft.
        target = self._composer.target_of(document.request.url)
        if not await self.may_send_to(target):
            return
        document = prepare()
        self._show_sending(is_sending=True)
        try:
            outcome = await send_document(
                document,
                target,
                sender=self._services.sender,
                history=self._services.history,
                book=self._composer.book,
                clock=self._services.clock,
                timeout_s=self.timeout_s,
            )
        except asyncio.CancelledError:
            self._workspace.answer.show_stopped()
            raise
        finally:
            self._show_sending(is_sending=False)
        self.show(outcome)

    def show(self, outcome: Outcome) -> None:
        """Show what a request came to."""
        self._workspace.answer.show_exchange(outcome.exchange)
        decoded = decode(outcome.exchange.request)
        if outcome.exchange.reply is not None:
            self._workspace.findings.show_exchange(outcome.exchange, decoded)
        self.finished.emit(outcome)

    async def may_send_to(self, target: Target) -> bool:
        """Ask once per run and target before anything leaves this machine."""
        base = target.base
        if is_loopback(base) or base in self._confirmed:
            return True
        box = QMessageBox(self._window)
        box.setObjectName("confirmRemote")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Send to a real server?")
        box.setText(f"This request leaves your machine for {base}.")
        box.setInformativeText(
            "What it logs there stays there. You are asked once for each target."
        )
        send = box.addButton("Send", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        await ask(box)
        if box.clickedButton() is not send:
            return False
        self._confirmed.add(base)
        return True

    def _show_sending(self, *, is_sending: bool) -> None:
        self._workspace.url_row.show_sending(is_sending=is_sending)
        if is_sending:
            self._began_s = time.monotonic()
            self._timer.start()
        else:
            self._timer.stop()
            self._workspace.answer.show_progress(is_busy=False)

    def _on_tick(self) -> None:
        seconds = int(time.monotonic() - self._began_s)
        self._workspace.answer.show_sending(seconds)
        self._workspace.answer.show_progress(is_busy=True)
