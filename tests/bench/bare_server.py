"""The library that reads requests for the collector, with nothing to do but answer 1."""

from __future__ import annotations

import asyncio
import sys

import httptools

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n1"


class AnswersOne(asyncio.Protocol):
    """One connection: parses with httptools, answers every complete request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to parse."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)
        self._headers: list[tuple[bytes, bytes]] = []

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the header, as every server does (httptools calls this)."""
        self._headers.append((name, value))

    def on_message_complete(self) -> None:
        """Answer (httptools calls this)."""
        self._headers.clear()
        self._transport.write(ANSWER)


async def serve(port: int) -> None:
    """Serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(AnswersOne, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
