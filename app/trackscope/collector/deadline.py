"""A deadline that moves with every request and is hardly ever missed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls `when_missed` once its moment is over; to move the moment on costs no timer.

    A timer that comes early is set again for the rest of the time.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, when_missed: Callable[[], None]) -> None:
        self._loop = loop
        self._when_missed = when_missed
        self._moment: float | None = None
        self._timer: asyncio.Handle | None = None
        self._rings_at = 0.0
        """When the timer comes: the handles of some loops do not tell."""

    @property
    def is_set(self) -> bool:
        """Whether there is one at present."""
        return self._moment is not None

    def set(self, seconds: float) -> None:
        """Let it be so many seconds from now."""
        self._moment = self._loop.time() + seconds
        if self._timer is None or self._rings_at > self._moment:
            self._wait()

    def clear(self) -> None:
        """Let there be none until it is set again."""
        self._moment = None

    def close(self) -> None:
        """Let there be none, and keep nothing waiting."""
        self._moment = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        assert self._moment is not None
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = self._moment
        self._timer = self._loop.call_at(self._moment, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._moment is None:
            return
        if self._moment > self._loop.time():
            self._wait()
        else:
            self._moment = None
            self._when_missed()
