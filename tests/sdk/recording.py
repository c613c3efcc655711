"""A collector on a history file, and what reaches it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.collector.server import Collector
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.wire.decoding import decode
from trackscope.wire.finding import Finding, Severity

ARRIVAL_S = 60.0


class Recording:
    """Receives what an SDK sends; `end` reads all of it back from the disk.

    `address` is 127.0.0.1, `cross_site_address` the same collector by its other name: another
    site to a browser that has its page from 127.0.0.1.
    """

    def __init__(self, path: Path, era: str) -> None:
        self._path = path
        self._told: list[Exchange] = []
        self._asked: list[str] = []
        self._has_more = asyncio.Event()
        self._journal = Journal.open(path)
        self._collector = Collector(
            self._journal, era=era, on_exchange=self._tell, on_asked=self._tell_asked
        )
        self._is_ended = False

    async def start(self) -> None:
        self.address = await self._collector.start()
        self.cross_site_address = self.address.replace("127.0.0.1", "localhost")

    def _tell(self, exchange: Exchange) -> None:
        self._told.append(exchange)
        self._has_more.set()

    def _tell_asked(self, endpoint: str) -> None:
        self._asked.append(endpoint)
        self._has_more.set()

    async def holds(self, count: int) -> None:
        """Wait until that many events were judged, good or bad."""
        await self._until(lambda: sum(len(events_of(each)) for each in self._told) >= count)

    async def is_asked(self, endpoint: str) -> None:
        """Wait until one of the endpoints that store nothing was asked (`decide`)."""
        await self._until(lambda: endpoint in self._asked)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(ARRIVAL_S):
            while not is_so():
                self._has_more.clear()
                await self._has_more.wait()

    async def end(self) -> list[Exchange]:
        """Stop the collector, and read every exchange from the history file."""
        await self.stop()
        history = History.open(self._path)
        kept = list(history.each())
        history.close()
        assert len(kept) == len(self._told)
        return kept

    async def stop(self) -> None:
        if not self._is_ended:
            self._is_ended = True
            await self._collector.stop()
            await self._journal.close()


def events_of(exchange: Exchange) -> list[Any]:
    """The events of a request as they were sent."""
    return list(decode(exchange.request).events or ())


def accepted(exchanges: list[Exchange]) -> list[Any]:
    """The events of all requests that were answered with 1, in order of arrival."""
    good = [each for each in exchanges if each.verdict == 1]
    assert all(each.stored is not None for each in good), "an event was answered 1 and not stored"
    return [event for each in good for event in events_of(each)]


def reason(exchange: Exchange) -> Finding:
    """Why the request was refused."""
    assert exchange.verdict == 0
    return next(each for each in exchange.findings if each.severity is Severity.ERROR)


def error_of(exchange: Exchange) -> str:
    """What the answer says went wrong; a bare 0 where it was not asked to."""
    assert exchange.reply is not None
    text = exchange.reply.body.decode()
    verbose = re.search(r"\{.*\}", text)  # bare, or in a script's call
    return str(json.loads(verbose[0])["error"]) if verbose else text


def in_order(events: list[Any]) -> list[Any]:
    """Events by name: requests of their own may overtake each other."""
    return sorted(events, key=lambda event: str(event["event"]))
