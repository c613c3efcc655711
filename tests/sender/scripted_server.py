"""A server on loopback that keeps the raw requests and does what a test tells it to."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""For localhost and 127.0.0.1, signed by itself, with its key."""

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LOGGED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n1"


class ScriptedServer:
    """Reads each request to its end and plays the script: bytes, or a function for the rest.

    `asked` is set when a request is there, `left` when the other side has closed a connection.
    """

    def __init__(self, script: bytes | Script) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.at_once = 0
        self.asked = asyncio.Event()
        self.left = asyncio.Event()
        self._script = script
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, *, is_tls: bool = False, port: int = 0) -> None:
        tls = None
        if is_tls:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(CERTIFICATE)
        self._scheme = "https" if is_tls else "http"
        self._server = await asyncio.start_server(self._on_connection, "127.0.0.1", port, ssl=tls)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)

    def url(self, target: str = "/track/?data=e30%3D") -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}{target}"

    async def _on_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.at_once = max(self.at_once, self.connections)
        # CancelledError: asyncio would report a connection's task that ends so
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                self.requests.append(await _request(reader))
                self.asked.set()
                if isinstance(self._script, bytes):
                    writer.write(self._script)
                    await writer.drain()
                else:
                    await self._script(reader, writer)
        self.connections -= 1
        self.left.set()
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


def closing(answer: bytes) -> Script:
    """Answer and close the connection."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        raise ConnectionError

    return play


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say nothing until the other side leaves."""
    await reader.read(1)
    raise ConnectionError


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A body without an end, as fast as it is taken."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"1" * 65_536)
        await writer.drain()


async def endless_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Headers without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Filler: " + b"a" * 1_000 + b"\r\n")
        await writer.drain()


def dripping(answer: bytes, pause_s: float = 0.1) -> Script:
    """One byte after the other, for ever."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        while True:
            writer.write(b"1")
            await writer.drain()
            await asyncio.sleep(pause_s)

    return play


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Break the connection off (RST), as a crashed server does."""
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    writer.transport.abort()
    raise ConnectionError
