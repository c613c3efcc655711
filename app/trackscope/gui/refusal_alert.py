"""Tells of a 0 that the collector answered while its user looks elsewhere, if that is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from trackscope.gui.bridge import TaskScope
from trackscope.gui.desktop_notice import DesktopNotice
from trackscope.gui.settings import Settings
from trackscope.history.history import History
from trackscope.session.refusals import newest_id, refusal_text, refused_since

POLL_MS = 500
"""How often the history is asked whether anything was written to it."""

QUIET_S = 5.0
"""Between two messages: a flood of refusals is one message, then another."""

TITLE = "Answered 0"
_WANTED = "notify"


class RefusalAlert(QObject):
    """Costs nothing until it is switched on. `said` carries the sentence to who is at the window.

    `watched` gives a number that changes when another process has written to the history.
    """

    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        history: History,
        watched: Callable[[], int],
        scope: TaskScope,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._history = history
        self._watched = watched
        self._scope = scope
        self._settings = settings
        self.notice = DesktopNotice(window)
        self._is_looking = False
        self._version = -1
        self._last_id: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._on_poll)

    @property
    def is_wanted(self) -> bool:
        """Whether it was switched on, in this run of the program or an earlier one."""
        return self._settings.flag(_WANTED)

    def switch(self, *, is_on: bool) -> None:
        """Tell of what is refused from now on, or no more; it is remembered."""
        self._settings.set(_WANTED, is_on)
        if is_on:
            self.start()
        else:
            self.stop()

    def start(self) -> None:
        """Tell of what is refused from now on, if that is wanted."""
        if self.is_wanted and not self._timer.isActive():
            self._last_id = None
            self._version = -1
            self._timer.start()

    def stop(self) -> None:
        """Tell no more."""
        self._timer.stop()
        self.notice.end()

    def _on_poll(self) -> None:
        if self._is_looking:
            return
        version = self._watched()
        if version != self._version:
            self._version = version
            self._is_looking = True
            self._scope.start(self._look(), name="refusals")

    async def _look(self) -> None:
        try:
            if self._last_id is None:
                self._last_id = await asyncio.to_thread(newest_id, self._history)
                return
            last_id = self._last_id
            found, self._last_id = await asyncio.to_thread(refused_since, self._history, last_id)
            if found and self._timer.isActive():
                self._tell(refusal_text(found))
                await asyncio.sleep(QUIET_S)
        finally:
            self._is_looking = False

    def _tell(self, sentence: str) -> None:
        if self._window.isActiveWindow():
            self.said.emit(f"{TITLE}: {sentence}")
        else:
            self.notice.show(TITLE, sentence)
