"""Sends many copies of the draft and shows how it goes."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from trackscope.gui.compose.send_control import SendControl, Services
from trackscope.gui.compose.send_many import SendManyDialog
from trackscope.gui.many_sending import ManySending
from trackscope.session.composer import Composer
from trackscope.session.repetition import Copies, Repetition


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
        self._run: ManySending[SendManyDialog] = ManySending(services.scope, "send many")

    def open(self) -> None:
        """Open the dialog, or bring it to the front."""
        dialog = self._run.dialog
        if dialog is None:
            dialog = self._run.hold(SendManyDialog(self._composer.target.base, self._window))
            dialog.begun.connect(self._on_begun)
        dialog.show()
        dialog.raise_()

    def stop(self) -> None:
        """Send no more copies; those that were answered are kept."""
        self._run.stop()

    def _on_begun(self, repetition: Repetition) -> None:
        if not self._run.is_busy:
            self._run.start(self._send(repetition))

    async def _send(self, repetition: Repetition) -> None:
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
                on_tally=self._run.show_at_times,
            )
        finally:
            self._show_running(is_running=False)
            self._run.show(copies.tally)

    def _show_running(self, *, is_running: bool) -> None:
        if self._run.dialog is not None:
            self._run.dialog.show_running(is_running=is_running)
