"""Runs the collector: serves its port until told to stop, and processes what was answered 1."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from trackscope.capture.exchange import Exchange
from trackscope.collector.app import CollectorApp
from trackscope.collector.change import Change, Standing
from trackscope.collector.faults import Fault, Faults
from trackscope.collector.hosts import AllowedHosts
from trackscope.collector.http_server import HttpServer, bracketed, ended
from trackscope.collector.limits import Limits
from trackscope.collector.processing import Processor
from trackscope.collector.receiver import Receiver
from trackscope.collector.store import Store
from trackscope.wire.era import rule_book

LOOPBACK = "127.0.0.1"


class Collector:
    """The endpoints of the protocol on a port of this machine.

    `port` 0 takes any free one. `host` other than loopback is bound only when it is given; it
    and `allowed_hosts` are added to the names that the collector answers for. `unprocessed` is
    what an earlier run answered with 1 and did not process. `on_exchange` is told of every
    exchange that was stored, `on_asked` of every request for what is no exchange (`decide`). The
    store stays the caller's: close it after `stop`.
    """

    def __init__(
        self,
        store: Store,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        allowed_hosts: Iterable[str] = (),
        era: str = "2011",
        strict: bool = False,
        faults: tuple[Fault, ...] = (),
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        unprocessed: Iterable[Exchange] = (),
        on_exchange: Callable[[Exchange], None] | None = None,
        on_asked: Callable[[str], None] | None = None,
    ) -> None:
        self._limits = limits = limits or Limits()
        self._unprocessed = unprocessed
        self._processor = Processor(store)
        self._receiver = Receiver(
            store,
            self._processor,
            rule_book(era, strict),
            faults=Faults(faults),
            clock=clock,
            on_exchange=on_exchange,
        )
        hosts = AllowedHosts([*allowed_hosts, bracketed(host)])
        app = CollectorApp(self._receiver, hosts, limits.max_body, on_asked)
        self._server = HttpServer(app, host, port, limits)
        self._processing: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where it listens, as `http://127.0.0.1:PORT`; empty before `start`."""
        return self._server.address

    @property
    def duplicate_count(self) -> int:
        """How many events came with an `$insert_id` that was seen before."""
        return self._processor.duplicate_count

    @property
    def standing(self) -> Standing:
        """By what it judges and answers now."""
        book = self._receiver.book
        return Standing(book.era.name, book.is_strict, self._receiver.faults.rules)

    def change(self, change: Change) -> Standing:
        """Judge and answer otherwise from the next request on; how, then.

        Faults that are given begin to count anew.
        """
        after = self.standing.after(change)
        self._receiver.book = rule_book(after.era, after.strict)
        if change.faults is not None:
            self._receiver.faults = Faults(after.faults)
        return after

    async def start(self) -> str:
        """Listen, and come back with the address.

        Raises `PortInUseError` where another program has the port, and `CollectorError` where it
        cannot be opened for another reason.
        """
        address = await self._server.start()
        self._processing = asyncio.get_running_loop().create_task(
            self._processor.run(self._unprocessed), name="processing"
        )
        return address

    async def serve_until(self, stop: asyncio.Event) -> None:
        """Start, serve until the event is set, and stop."""
        await self.start()
        try:
            await stop.wait()
        finally:
            await self.stop()

    async def drained(self) -> None:
        """Wait until what was answered so far is processed."""
        await self._processor.drained()

    async def stop(self) -> None:
        """Let requests in flight finish (bounded), close every connection, end processing."""
        await self._server.stop()
        processing, self._processing = self._processing, None
        if processing is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._processor.drained(), self._limits.stop_s)
        processing.cancel()
        await ended({processing}, self._limits.stop_s)
