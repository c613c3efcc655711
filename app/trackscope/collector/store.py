"""What the collector asks of the place where it keeps exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from trackscope.capture.exchange import Exchange, StoredForm


class Store(Protocol):
    """A durable list of exchanges; the history satisfies it."""

    async def append(self, exchange: Exchange) -> int:
        """Write the exchange and return its id once it would survive `kill -9`.

        Raises `TrackscopeError` when it could not be written; nothing of it is then kept.
        """
        ...

    async def add_stored(self, forms: Sequence[StoredForm]) -> None:
        """Keep beside their exchanges what the records of these became: all of it, or nothing."""
        ...
