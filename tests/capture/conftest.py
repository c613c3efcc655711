"""A server that keeps the bytes it gets, and the folder of recorded captures."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Recorder:
    """What came in, one entry a request: request line, header lines, body."""

    url: str = ""
    requests: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *headers = head.rstrip("\r\n").split("\r\n")
        lengths = [
            int(header.partition(":")[2])
            for header in headers
            if header.lower().startswith("content-length:")
        ]
        body = await reader.readexactly(lengths[0]) if lengths else b""
        self.requests.append((line, headers, body))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1")
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    recorder = Recorder()
    server = await asyncio.start_server(recorder.take, "127.0.0.1", 0)
    recorder.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield recorder


@pytest.fixture(scope="session")
def captures() -> Path:
    """The recorded captures, which are not part of the project."""
    given = os.environ.get("TRACKSCOPE_CAPTURES")
    folder = Path(given) if given else ROOT.parent / "shared" / "captures"
    if not (folder / "requests.jsonl").exists():
        pytest.skip(f"no recorded captures in {folder}")
    return folder
