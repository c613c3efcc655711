"""Many requests go out at a rate, a few at once, and are counted."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator

import pytest
from tests.sender.conftest import Serve
from tests.sender.scripted_server import LOGGED, ScriptedServer, silent

from trackscope.sender.many import SendResult, Tally, send_many
from trackscope.sender.sender import Sender
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


def value_of(request: TrackRequest, reply: Reply) -> int | None:
    return {b"1": 1, b"0": 0}.get(reply.body)


def copies(server: ScriptedServer, count: int) -> Iterator[TrackRequest]:
    return (TrackRequest("GET", server.url(f"/track/?n={n}")) for n in range(count))


async def by_number(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer 1, 0, something else, or not at all, in turns that all senders share."""
    answer = next(ANSWERS)
    if not answer:
        raise ConnectionError
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + answer)
    await writer.drain()


ANSWERS = itertools.cycle([b"1", b"0", b"?", b"", b"1"])


async def test_every_request_is_sent_once_and_counted(serve: Serve, sender: Sender) -> None:
    server = await serve(by_number)
    results: list[SendResult] = []
    tally = await send_many(sender, copies(server, 50), value_of=value_of, on_result=results.append)
    assert (tally.sent, tally.ones, tally.zeros, tally.others, tally.failed) == (50, 20, 10, 10, 10)
    assert sorted(result.index for result in results) == list(range(50))
    assert len({request.partition(b" HTTP")[0] for request in server.requests}) == 50
    assert [result.tally.sent for result in results] == list(range(1, 51))
    for result in results:
        assert result.request.url.endswith(f"?n={result.index}")
        assert (result.received is None) is (result.failure is not None)


async def test_no_more_are_under_way_at_once_than_allowed(serve: Serve, sender: Sender) -> None:
    arrived = asyncio.Semaphore(0)
    go_on = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.release()
        await go_on.wait()
        writer.write(LOGGED)

    server = await serve(wait)
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(
            send_many(
                sender,
                copies(server, 20),
                value_of=value_of,
                on_result=lambda _: None,
                concurrency=3,
            )
        )
        for _ in range(3):
            await arrived.acquire()
        go_on.set()
    assert sending.result().ones == 20
    assert server.at_once == 3


async def test_a_rate_is_kept(serve: Serve, sender: Sender) -> None:
    server = await serve(LOGGED)
    tally = await send_many(
        sender, copies(server, 6), value_of=value_of, on_result=lambda _: None, rate_per_s=50
    )
    assert tally.ones == 6
    assert tally.took_s >= 5 / 50


async def test_requests_are_made_when_their_turn_comes(serve: Serve, sender: Sender) -> None:
    server = await serve(LOGGED)
    made = 0

    async def endless() -> AsyncIterator[TrackRequest]:
        nonlocal made
        while True:
            made += 1
            yield TrackRequest("GET", server.url())

    last = Tally()
    enough = asyncio.Event()

    def on_result(result: SendResult) -> None:
        nonlocal last
        last = result.tally
        if last.sent == 30:
            enough.set()

    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(
            send_many(sender, endless(), value_of=value_of, on_result=on_result, concurrency=5)
        )
        await enough.wait()
        sending.cancel()
    assert sending.cancelled()
    assert last.sent >= 30
    assert made <= last.sent + 5


async def test_cancelling_closes_what_was_under_way(serve: Serve, sender: Sender) -> None:
    server = await serve(silent)
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(
            send_many(
                sender, copies(server, 1), value_of=value_of, on_result=lambda _: pytest.fail("?")
            )
        )
        await server.asked.wait()
        sending.cancel()
        await asyncio.wait_for(server.left.wait(), 5)
    assert sending.cancelled()


async def test_requests_that_cannot_be_sent_do_not_keep_the_loop_to_themselves(
    sender: Sender,
) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        other = tasks.create_task(others())
        tally = await send_many(
            sender,
            [TrackRequest("GET", "nowhere")] * 100,
            value_of=value_of,
            on_result=lambda _: None,
            concurrency=1,
        )
        other.cancel()
    assert tally.failed == 100
    assert turns >= 100
