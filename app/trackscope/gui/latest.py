"""Work in a thread of which only the latest result matters, such as what is pointed at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from trackscope.gui.bridge import TaskScope

T = TypeVar("T")


class Latest(Generic[T]):
    """Does one piece of work at a time; of those that are asked for meanwhile, only the last.

    `show` gets each result that is still wanted when it is there. Without a scope, the work is
    done at once.
    """

    def __init__(self, show: Callable[[T], object]) -> None:
        self._show = show
        self._scope: TaskScope | None = None
        self._wanted: Callable[[], T] | None = None
        self._is_working = False

    def use_scope(self, scope: TaskScope) -> None:
        """Work in threads from now on, in tasks of this scope."""
        self._scope = scope

    def ask(self, work: Callable[[], T], *, is_large: bool = True) -> None:
        """Show what the work gives; small work is done at once."""
        if self._scope is None or not is_large:
            self._wanted = None
            self._show(work())
            return
        self._wanted = work
        if not self._is_working:
            self._is_working = True
            self._scope.start(self._work(), name="latest")

    def forget(self) -> None:
        """Nothing that was asked for is wanted any more."""
        self._wanted = None

    async def _work(self) -> None:
        try:
            while (work := self._wanted) is not None:
                result = await asyncio.to_thread(work)
                if self._wanted is work:
                    self._wanted = None
                    self._show(result)
        finally:
            self._is_working = False
