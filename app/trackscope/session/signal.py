"""A list of listeners: how the session tells others what changed, without Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Signal(Generic[P]):
    """Calls its listeners, in the order in which they were connected.

    >>> heard: list[int] = []
    >>> changed: Signal[[int]] = Signal()
    >>> changed.connect(heard.append)
    >>> changed.emit(7)
    >>> heard
    [7]
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[P, object]] = []

    def connect(self, listener: Callable[P, object]) -> None:
        """Let the listener be called at every emission from now on."""
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[P, object]) -> None:
        """Forget the listener; ValueError where it is not connected."""
        self._listeners.remove(listener)

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call every listener."""
        for listener in tuple(self._listeners):
            listener(*args, **kwargs)
