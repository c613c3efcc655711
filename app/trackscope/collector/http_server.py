"""Serves one service on one port: opens it, seats connections, and stops cleanly."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from contextlib import suppress

from trackscope.collector.connection import Connection, Shared
from trackscope.collector.limits import Limits
from trackscope.collector.seats import Seats
from trackscope.collector.service import Service
from trackscope.errors import CollectorError, PortInUseError

_PORTS_TRIED = 100


class HttpServer:
    """A service on a port of this machine; port 0 takes any free one."""

    def __init__(self, service: Service, host: str, port: int, limits: Limits) -> None:
        self._service = service
        self._host = host
        self._port = port
        self._limits = limits
        self._server: asyncio.Server | None = None
        self._shared: Shared | None = None
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
        shared = self._shared = Shared(self._service, limits, seats)
        self._server = await loop.create_server(lambda: Connection(shared), sock=listener)
        self._address = f"http://{bracketed(self._host)}:{listener.getsockname()[1]}"
        return self._address

    async def stop(self) -> None:
        """Let requests in flight finish (bounded), and close every connection."""
        if self._server is None or self._shared is None:
            return
        server, self._server = self._server, None
        server.close()
        for connection in list(self._shared.connections):
            connection.finish()
        await ended(self._shared.tasks, self._limits.stop_s)
        for connection in list(self._shared.connections):
            connection.abort()


async def ended(tasks: set[asyncio.Task[None]], timeout_s: float) -> None:
    """Wait for the tasks, and cancel those that do not end in time."""
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def bracketed(host: str) -> str:
    """A host as it stands in a URL: an address of version 6 in brackets."""
    return f"[{host}]" if ":" in host else host


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
