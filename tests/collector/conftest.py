"""A real collector on a real port, and events to send to it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.collector.memory_store import MemoryStore

from trackscope.collector.limits import Limits
from trackscope.collector.server import Collector

NOW = 1_322_050_000.0
"""A moment of the specification's day (23 November 2011)."""

StartCollector = Callable[..., Awaitable[Collector]]


def event(name: str = "game", **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": {"token": "e3bc41", "time": int(NOW), **properties}}


def base64_of(payload: Any) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def target(payload: Any = None, *, path: str = "/track/", **params: Any) -> str:
    """Path and query that carry the payload (by default one good event)."""
    data = quote(base64_of(event() if payload is None else payload), safe="")
    return f"{path}?data={data}" + "".join(f"&{k}={quote(str(v))}" for k, v in params.items())


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def start_collector(store: MemoryStore) -> AsyncIterator[StartCollector]:
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> Collector:
            options.setdefault("clock", lambda: NOW)
            collector = Collector(options.pop("store", store), **options)
            await collector.start()
            stack.push_async_callback(collector.stop)
            return collector

        yield start


@pytest.fixture
async def collector(start_collector: StartCollector) -> Collector:
    return await start_collector()


@pytest.fixture
async def client(collector: Collector) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=collector.address, trust_env=False) as client:
        yield client


class Wire:
    """A bare socket to the collector, for what no HTTP client would send."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> bytes:
        """One answer: its head, and its body where a Content-Length says how much."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return head + await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        """Everything until the collector closes; a reset counts as an end."""
        received = b""
        with suppress(ConnectionError):
            while part := await self.reader.read(65536):
                received += part
        return received


@pytest.fixture
async def connect() -> AsyncIterator[Callable[[Collector], Awaitable[Wire]]]:
    wires: list[Wire] = []

    async def connect(collector: Collector) -> Wire:
        host, _, port = collector.address.removeprefix("http://").rpartition(":")
        wires.append(Wire(*await asyncio.open_connection(host, int(port))))
        return wires[-1]

    yield connect
    for wire in wires:
        wire.writer.close()
        with suppress(ConnectionError):
            await wire.writer.wait_closed()


QUICK = Limits(head_s=0.3, body_s=0.3, idle_s=0.3, seat_wait_s=0.3, stop_s=0.3)
"""Deadlines short enough to see them pass."""
