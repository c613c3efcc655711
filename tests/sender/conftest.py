"""A scripted server, a sender, and an environment without proxies."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from tests.sender.scripted_server import Script, ScriptedServer

from trackscope.sender.sender import Sender

Serve = Callable[..., Awaitable[ScriptedServer]]


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    async with AsyncExitStack() as stack:

        async def start(script: bytes | Script, *, is_tls: bool = False) -> ScriptedServer:
            server = ScriptedServer(script)
            await server.start(is_tls=is_tls)
            stack.push_async_callback(server.stop)
            return server

        yield start


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    async with Sender() as sender:
        yield sender
