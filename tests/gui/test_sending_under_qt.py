"""The sender works in the window's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import qasync
from PySide6.QtWidgets import QApplication
from tests.sender.scripted_server import LOGGED, ScriptedServer, silent

from trackscope.errors import SendTimeoutError
from trackscope.sender.many import send_many
from trackscope.sender.sender import Sender
from trackscope.wire.request import TrackRequest


def _run(application: QApplication, work: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await work()

    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(main())


def test_an_answer_comes_back(qapp: QApplication) -> None:
    async def work() -> None:
        server = ScriptedServer(LOGGED)
        await server.start()
        async with Sender() as sender:
            received = await sender.send(TrackRequest("GET", server.url()))
        await server.stop()
        assert received.reply.body == b"1"

    _run(qapp, work)


def test_a_deadline_and_a_cancellation_close_the_connection(qapp: QApplication) -> None:
    async def work() -> None:
        server = ScriptedServer(silent)
        await server.start()
        async with Sender() as sender:
            with pytest.raises(SendTimeoutError):
                await sender.send(TrackRequest("GET", server.url()), timeout_s=0.2)
            await asyncio.wait_for(server.left.wait(), 5)
            server.asked.clear()
            server.left.clear()
            async with asyncio.TaskGroup() as tasks:
                task = tasks.create_task(sender.send(TrackRequest("GET", server.url())))
                await server.asked.wait()
                task.cancel()
                await asyncio.wait_for(server.left.wait(), 5)
        await server.stop()
        assert task.cancelled()

    _run(qapp, work)


def test_many_are_sent_and_counted(qapp: QApplication) -> None:
    async def work() -> None:
        server = ScriptedServer(LOGGED)
        await server.start()
        async with Sender() as sender:
            tally = await send_many(
                sender,
                [TrackRequest("GET", server.url())] * 100,
                value_of=lambda _, reply: int(reply.body),
                on_result=lambda _: None,
            )
        await server.stop()
        assert (tally.sent, tally.ones) == (100, 100)

    _run(qapp, work)
