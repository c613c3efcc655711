"""Sends selected exchanges again: asks first, shows how it goes, keeps what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trackscope.gui.bridge import TaskScope
from trackscope.gui.many_sending import ManySending
from trackscope.gui.traffic.resend_dialog import ResendDialog
from trackscope.history.history import History
from trackscope.sender.many import Tally
from trackscope.sender.sender import Sender
from trackscope.session.composer import Composer
from trackscope.session.repetition import Copies, tally_text
from trackscope.session.resending import Load, documents, foresee, question, warning
from trackscope.session.target import Target


class Services(Protocol):
    """What sending needs of the outside: a way out, a memory, a place for tasks, a clock."""

    @property
    def sender(self) -> Sender:
        """The way out."""

    @property
    def history(self) -> History:
        """Where exchanges are read from and kept."""

    @property
    def scope(self) -> TaskScope:
        """Where tasks are started."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""


class AsksFirst(Protocol):
    """What is asked before anything leaves this machine."""

    timeout_s: float

    async def may_send_to(self, target: Target) -> bool:
        """Whether the user agrees to send to a target."""


class ResendControl(QObject):
    """`said` tells in a sentence what came of sending one; of more, a dialog does."""

    said = Signal(str)

    def __init__(
        self, composer: Composer, sending: AsksFirst, services: Services, window: QWidget
    ) -> None:
        super().__init__(window)
        self._composer = composer
        self._sending = sending
        self._services = services
        self._window = window
        self._run: ManySending[ResendDialog] = ManySending(services.scope, "send again")

    @property
    def is_busy(self) -> bool:
        """Whether something is being sent, or asked about."""
        return self._run.is_busy

    def send(self, ids: Sequence[int], load: Load) -> None:
        """Send exchanges again, to the chosen target; nothing while it is busy.

        `load` reads them, from whichever history they are in; what is sent goes into the
        program's own.
        """
        if ids and not self.is_busy:
            send = self._send_one if len(ids) == 1 else self._ask
            self._run.start(send(tuple(ids), load))

    def stop(self) -> None:
        """Send no more; what was answered is kept."""
        self._run.stop()

    async def _send_one(self, ids: tuple[int, ...], load: Load) -> None:
        target, book = self._composer.target, self._composer.book
        seen = await asyncio.to_thread(foresee, ids, load, book, self._services.clock())
        if seen.too_old:
            await self._ask(ids, load)
        elif await self._sending.may_send_to(target):
            tally = await self._send(ids, load, target, is_now=False)
            self.said.emit(f"Sent again to {target.label}: {tally_text(tally)}.")

    async def _ask(self, ids: tuple[int, ...], load: Load) -> None:
        target, book = self._composer.target, self._composer.book
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        dialog = self._open(answer)
        seen = await asyncio.to_thread(foresee, ids, load, book, self._services.clock())
        words = question(seen, target), target.base, warning(seen, target, book)
        dialog.ask(*words, has_old=bool(seen.too_old))
        is_now = await answer
        dialog.show_running(len(ids))
        try:
            await self._send(ids, load, target, is_now=is_now)
        finally:
            if self._run.dialog is not None:
                self._run.dialog.show_done()

    def _open(self, answer: asyncio.Future[bool]) -> ResendDialog:
        def begin(is_now: bool) -> None:
            if not answer.done():
                answer.set_result(is_now)

        dialog = self._run.hold(ResendDialog(self._window))
        dialog.begun.connect(begin)
        dialog.open()
        return dialog

    async def _send(
        self,
        ids: Sequence[int],
        load: Load,
        target: Target,
        *,
        is_now: bool,
    ) -> Tally:
        services, book = self._services, self._composer.book
        now = services.clock if is_now else None
        copies = Copies(
            documents(ids, load, target, book=book, now=now),
            target,
            book=book,
            clock=services.clock,
            history=services.history,
        )

        try:
            timeout_s = self._sending.timeout_s
            return await copies.send(
                services.sender, timeout_s=timeout_s, on_tally=self._run.show_at_times
            )
        finally:
            self._run.show(copies.tally)
