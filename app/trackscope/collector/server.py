"""Runs the collector: opens its port, serves until told to stop, and stops cleanly."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from trackscope.capture.exchange import Exchange
from trackscope.collector.app import CollectorApp
from trackscope.collector.connection import Connection, Shared
from trackscope.collector.hosts import AllowedHosts
from trackscope.collector.limits import Limits
from trackscope.collector.processing import Processor
from trackscope.collector.receiver import Receiver
from trackscope.collector.seats import Seats
from trackscope.collector.store import Store
from trackscope.errors import CollectorError, PortInUseError
from trackscope.wire.era import rule_book

LOOPBACK = "127.0.0.1"
_PORTS_TRIED = 100


class Collector:
    """The endpoint of the specification on a port of this machine.

    `port` 0 takes any free one. `host` other than loopback is bound only when it is given; it
    and `allowed_hosts` are added to the names that the collector answers for. `unprocessed` is
    what an earlier run answered with 1 and did not process. The store stays the caller's: close
    it after `stop`.
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
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        unprocessed: Iterable[Exchange] = (),
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._limits = limits or Limits()
        self._unprocessed = unprocessed
        self._processor = Processor(store)
        receiver = Receiver(
            store,
            self._processor,
            rule_book(era, strict),
            clock=clock,
            on_exchange=on_exchange,
        )
        hosts = AllowedHosts([*allowed_hosts, _bracketed(host)])
        self._app = CollectorApp(receiver, hosts, self._limits.max_body)
        self._server: asyncio.Server | None = None
        self._shared: Shared | None = None
        self._processing: asyncio.Task[None] | None = None
        self._address = ""

    @property
    def address(self) -> str:
        """Where it listens, as `http://127.0.0.1:PORT`; empty before `start`."""
        return self._address

    async def start(self) -> str:
        """Listen, and come back with the address.

        Raises `PortInUseError` where another program has the port, and `CollectorError` where it
        cannot be opened for another reason.
        """
        listener = _listen(self._host, self._port)
        loop = asyncio.get_running_loop()
        limits = self._limits
        seats = Seats(limits.connections, limits.waiting, limits.seat_wait_s, loop.call_later)
        shared = self._shared = Shared(self._app, limits, seats)
        self._processing = loop.create_task(
            self._processor.run(self._unprocessed), name="processing"
        )
        self._server = await loop.create_server(lambda: Connection(shared), sock=listener)
        self._address = f"http://{_bracketed(self._host)}:{listener.getsockname()[1]}"
        return self._address

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
        if self._server is None or self._shared is None or self._processing is None:
            return
        server, self._server = self._server, None
        server.close()
        for connection in list(self._shared.connections):
            connection.finish()
        await _ended(self._shared.tasks, self._limits.stop_s)
        for connection in list(self._shared.connections):
            connection.abort()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._processor.drained(), self._limits.stop_s)
        self._processing.cancel()
        await _ended({self._processing}, self._limits.stop_s)


async def _ended(tasks: set[asyncio.Task[None]], timeout_s: float) -> None:
    """Wait for the tasks, and cancel those that do not end in time."""
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return _bind(host, port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"Port {port} on {host} is taken by another program.", _other_port(host, port)
            ) from problem
        reason = problem.strerror or str(problem)
        raise CollectorError(
            f"The collector cannot listen on {host}, port {port}: {reason}.",
            "Choose another port (1024 to 65535), or 0 for any free one.",
        ) from problem
    except OverflowError as problem:
        raise CollectorError(
            f"There is no port {port}.", "Choose one from 1024 to 65535, or 0 for any free one."
        ) from problem


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off Nagle's delay (40 ms an answer) only for sockets that name TCP
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there the option would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _other_port(host: str, port: int) -> str:
    for other in range(port + 1, min(port + 1 + _PORTS_TRIED, 65536)):
        with suppress(OSError):
            _bind(host, other).close()
            return f"Port {other} is free."
    return "Port 0 takes any free one."


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
