"""Shares a fixed number of places among any number of connections."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol


class Guest(Protocol):
    """A connection as the seats see it."""

    def seat_given(self) -> None:
        """It may be read from now on."""

    def seat_refused(self) -> None:
        """There was no place in time."""

    def seat_lost(self) -> None:
        """It asked nothing for the longest time, and others want its place."""


class Seats:
    """At most `places` connections are served; newcomers wait, and are refused in the end.

    A connection that has no complete request head holds its place only until somebody wants
    it: the one that has been silent the longest gives way. So neither idle keep-alive
    connections nor a slow-loris keep others out.
    """

    def __init__(
        self,
        places: int,
        waiting: int,
        wait_s: float,
        call_later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self._free = places
        self._max_waiting = waiting
        self._wait_s = wait_s
        self._call_later = call_later
        self._silent: OrderedDict[Guest, None] = OrderedDict()
        self._waiting: OrderedDict[Guest, None] = OrderedDict()

    def enter(self, guest: Guest) -> bool:
        """Whether the newcomer has a place at once; otherwise it is told later."""
        if self._free > 0:
            self._free -= 1
            self._silent[guest] = None
            return True
        if len(self._waiting) >= self._max_waiting:
            guest.seat_refused()
            return False
        self._waiting[guest] = None
        self._call_later(self._wait_s, lambda: self._give_up(guest))
        if self._silent:
            self._silent.popitem(last=False)[0].seat_lost()
        return False

    def is_asking(self, guest: Guest) -> None:
        """The guest's request head is complete: it keeps its place until it is answered."""
        self._silent.pop(guest, None)

    def is_silent(self, guest: Guest) -> None:
        """The guest has been answered and asks nothing at the moment."""
        self._silent[guest] = None
        if self._waiting:
            self._silent.popitem(last=False)[0].seat_lost()

    def leave(self, guest: Guest) -> None:
        """The guest's connection is gone; its place goes to who waits the longest."""
        self._silent.pop(guest, None)
        if guest in self._waiting:
            del self._waiting[guest]
            return
        if self._waiting:
            next_guest, _ = self._waiting.popitem(last=False)
            self._silent[next_guest] = None
            next_guest.seat_given()
        else:
            self._free += 1

    def _give_up(self, guest: Guest) -> None:
        if guest in self._waiting:
            guest.seat_refused()
