"""Sends many copies of the draft and shows how it goes."""

from __future__ import annotations

import asyncio
import time

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from trackscope.gui.compose.send_control import SendControl, Services
from trackscope.gui.compose.send_many import SendManyDialog
from trackscope.sender.many import Tally
from trackscope.session.composer import Composer
from trackscope.session.repetition import Copies, Repetition

SHOWN_EVERY_S = 0.05
"""The tally is shown this often: a label painted for each of 1,000 answers would be felt."""


class ManyControl(QObject):
    """Opens the dialog, runs its repetition, stops it on demand."""

    def __init__(
        self, composer: Composer, sending: SendControl, services: Services, window: QWidget
    ) -> None:
        super().__init__(window)
        self._composer = composer
        self._sending = sending
        self._services = services
        self._window = window
        self._dialog: SendManyDialog | None = None
        self._task: asyncio.Task[None] | None = None
        self._shown_s = 0.0

    def open(self) -> None:
        """Open the dialog, or bring it to the front."""
        if self._dialog is None:
            self._dialog = SendManyDialog(self._composer.target.base, self._window)
            self._dialog.begun.connect(self._on_begun)
            self._dialog.stopped.connect(self.stop)
            self._dialog.finished.connect(self._on_finished)
        self._dialog.show()
        self._dialog.raise_()

    def stop(self) -> None:
        """Send no more copies; those that were answered are kept."""
        if self._task is not None:
            self._task.cancel()

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _on_begun(self, repetition: Repetition) -> None:
        if self._task is None or self._task.done():
            self._task = self._services.scope.start(self._run(repetition), name="send many")

    async def _run(self, repetition: Repetition) -> None:
        if not await self._sending.may_send_to(self._composer.target):
            return
        copies = Copies(
            self._composer.copies(repetition.count),
            self._composer.target,
            book=self._composer.book,
            clock=self._services.clock,
            history=self._services.history,
        )
        self._show_running(is_running=True)
        try:
            await copies.send(
                self._services.sender,
                rate_per_s=repetition.rate_per_s,
                timeout_s=self._sending.timeout_s,
                on_tally=self._on_tally,
            )
        finally:
            self._show_running(is_running=False)
            self._show_tally(copies.tally)

    def _on_tally(self, tally: Tally) -> None:
        now_s = time.monotonic()
        if now_s - self._shown_s >= SHOWN_EVERY_S:
            self._shown_s = now_s
            self._show_tally(tally)

    def _show_tally(self, tally: Tally) -> None:
        if self._dialog is not None:
            self._dialog.show_tally(tally)

    def _show_running(self, *, is_running: bool) -> None:
        if self._dialog is not None:
            self._dialog.show_running(is_running=is_running)
