"""One sending of many requests at a time, and the dialog that shows how it goes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

from trackscope.gui.bridge import TaskScope
from trackscope.gui.tally_dialog import TallyDialog
from trackscope.sender.many import Tally

SHOWN_EVERY_S = 0.05
"""The tally is shown this often: a label painted for each answer would be felt."""


D = TypeVar("D", bound=TallyDialog)


class ManySending(Generic[D]):
    """Holds the dialog until it is closed, and the task until it is done.

    `dialog` is None where none is open: what is being sent goes on without.
    """

    def __init__(self, scope: TaskScope, name: str) -> None:
        self._scope = scope
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._shown_s = 0.0
        self.dialog: D | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being sent, or asked about."""
        return self._task is not None and not self._task.done()

    def start(self, run: Coroutine[Any, Any, None]) -> None:
        """Begin; nothing else may be under way."""
        self._task = self._scope.start(run, name=self._name)

    def stop(self) -> None:
        """Send no more; what was answered is kept."""
        if self._task is not None:
            self._task.cancel()

    def hold(self, dialog: D) -> D:
        """Take a dialog that was just made."""
        dialog.stopped.connect(self.stop)
        dialog.finished.connect(self._let_go)
        self.dialog = dialog
        return dialog

    def show(self, tally: Tally) -> None:
        """Show how it goes."""
        self._shown_s = time.monotonic()
        if self.dialog is not None:
            self.dialog.show_tally(tally)

    def show_at_times(self, tally: Tally) -> None:
        """Show how it goes, unless that was done a moment ago."""
        if time.monotonic() - self._shown_s >= SHOWN_EVERY_S:
            self.show(tally)

    def _let_go(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
