"""Forwarding between real collectors and servers: once, again where it must, and never twice."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.sender.scripted_server import LOGGED, Script, ScriptedServer, closing, reset, silent
from tests.session.exchanges import NOW, event, exchange_of, request_of

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.server import Collector
from trackscope.history import forwarding as history_forwarding
from trackscope.history.forward_queue import ForwardQueue
from trackscope.history.forwarding import Outcome, State
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.sender.sender import Sender
from trackscope.session.forwarder import INTERRUPTED, NOT_AGAIN, Forwarder, Pace
from trackscope.session.forwarding import LOOP, UNREADABLE, ForwardSettings
from trackscope.wire.decoding import decode
from trackscope.wire.request import TrackRequest

QUICK = Pace(rate_per_s=10_000, busy_rate_per_s=10_000, timeout_s=5, first_delay_s=0.01)
KNOWN_AGAIN = {"$insert_id": "a1"}
REFUSED = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def received(name: str = "game", **properties: Any) -> Exchange:
    """An exchange as the collector keeps it."""
    exchange = exchange_of(request_of(event(name, **properties), is_post=True))
    return replace(exchange, origin=Origin.RECEIVED, verdict=1, names=(name,))


class Outcomes(list[tuple[int, Outcome]]):
    """What became of each try; tells when one is in a state."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    def note(self, exchange_id: int, outcome: Outcome) -> None:
        self.append((exchange_id, outcome))
        self._changed.set()

    @property
    def states(self) -> list[State]:
        return [outcome.state for _, outcome in self]

    async def wait_for(self, state: State, count: int = 1) -> Outcome:
        """The outcome with which so many are in that state."""
        async with asyncio.timeout(20):
            while self.states.count(state) < count:
                self._changed.clear()
                await self._changed.wait()
        return next(outcome for _, outcome in reversed(self) if outcome.state is state)


class Forwarding:
    """A history that is being filled, and a forwarder that empties its queue."""

    def __init__(self, path: Path, settings: ForwardSettings, pace: Pace) -> None:
        self.history = History.open(path)
        self.journal = Journal.open(path)
        self.outcomes = Outcomes()
        self.clock = lambda: NOW
        self._path, self._settings, self._pace = path, settings, pace

    async def start(self) -> None:
        url = self._settings.target
        self.queue = await ForwardQueue.open(self.journal, self.history, self._path, url)
        self.sender = Sender()
        self.forwarder = Forwarder(
            self.queue,
            self.sender,
            self._settings,
            on_outcome=self.outcomes.note,
            clock=lambda: self.clock(),
            chance=lambda: 0.0,
            pace=self._pace,
        )
        self.running = asyncio.create_task(self.forwarder.run())

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.wait([self.running])
        await self.sender.aclose()
        self.queue.close()
        await self.journal.close()
        self.history.close()

    async def receive(self, *exchanges: Exchange) -> list[int]:
        return list(await asyncio.gather(*map(self.journal.append, exchanges)))

    def state_of(self, exchange_id: int) -> State:
        found = self.history.forward_of(exchange_id)
        assert found is not None
        return found.outcome.state


Forward = Callable[..., Awaitable[Forwarding]]


@pytest.fixture
async def forward(tmp_path: Path) -> AsyncIterator[Forward]:
    async with AsyncExitStack() as stack:

        async def start(target: str, pace: Pace = QUICK, **settings: Any) -> Forwarding:
            forwarding = Forwarding(tmp_path / "h", ForwardSettings(target, **settings), pace)
            await forwarding.start()
            stack.push_async_callback(forwarding.stop)
            return forwarding

        yield start


@asynccontextmanager
async def serving(script: bytes | Script, port: int = 0) -> AsyncIterator[ScriptedServer]:
    server = ScriptedServer(script)
    await server.start(port=port)
    try:
        yield server
    finally:
        await server.stop()


def base(server: ScriptedServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def scripted(*scripts: bytes | Script) -> Script:
    """A script for each request, the last one for all that follow."""
    left = list(scripts)

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(script, bytes):
            writer.write(script)
            await writer.drain()
        else:
            await script(reader, writer)

    return play


def answer(status: str, body: bytes = b"x", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def test_what_one_collector_receives_another_gets_once_with_other_tokens(
    tmp_path: Path, forward: Forward
) -> None:
    other_path = tmp_path / "other"
    other_journal = Journal.open(other_path)
    other = Collector(other_journal, clock=lambda: NOW)
    forwarding = await forward(await other.start(), tokens={"t": "development"})
    here = Collector(forwarding.journal, clock=lambda: NOW)
    await here.start()
    requests = [request_of(event(f"e{n}"), is_post=bool(n % 2)) for n in range(40)]
    async with Sender() as sender:
        for request in requests:
            url = request.url.replace("http://h", here.address)
            assert (await sender.send(replace(request, url=url))).reply.body == b"1"
    await here.stop()
    await forwarding.forwarder.idle()
    await other.stop()
    await other_journal.close()
    with_tokens = [event(f"e{n}", token="development") for n in range(40)]
    history = History.open(other_path)
    found = [decode(each.request).events for each in history.each()]
    history.close()
    assert sorted(map(str, found)) == sorted(str((each,)) for each in with_tokens)
    [state] = forwarding.history.forward_targets()
    assert {state: count for state, count in state.counts.items() if count} == {State.SENT: 40}


async def test_an_answer_is_kept_with_what_it_means(forward: Forward) -> None:
    async with serving(scripted(LOGGED, REFUSED, answer("404 Not Found"))) as server:
        forwarding = await forward(base(server), replace(QUICK, concurrency=1))
        ids = await forwarding.receive(received("a"), received("b"), received("c"))
        await forwarding.outcomes.wait_for(State.REFUSED, 2)
    found = [forwarding.history.forward_of(id_) for id_ in ids]
    kept = [(each.outcome.state, each.outcome.status, each.outcome.value) for each in found if each]
    assert kept == [
        (State.SENT, 200, 1),
        (State.REFUSED, 200, 0),
        (State.REFUSED, 404, None),
    ]
    assert [each.outcome.why for each in found if each] == [
        "",
        "Error, data was not logged.",
        "The server has no such endpoint (404 Not Found).",
    ]


async def test_a_pixel_or_a_redirect_that_was_asked_for_is_as_good_as_a_1(
    forward: Forward,
) -> None:
    pixel = answer("200 OK", b"GIF89a\x01\x00\x01\x00")
    moved = answer("302 Found", b"", "Location: http://elsewhere/\r\n")
    async with serving(scripted(pixel, moved, moved)) as server:
        forwarding = await forward(base(server), replace(QUICK, concurrency=1))
        for suffix in ("&img=1", "&redirect=http%3A%2F%2Fx", ""):
            exchange = exchange_of(request_of(event(), url="http://h/track/"))
            request = replace(exchange.request, url=exchange.request.url + suffix)
            await forwarding.receive(replace(exchange, origin=Origin.RECEIVED, request=request))
        refused = await forwarding.outcomes.wait_for(State.REFUSED)
        assert server.connections <= 1  # the redirects were not followed
    assert forwarding.outcomes.states == [State.SENT, State.SENT, State.REFUSED]
    assert "no redirect was asked for" in refused.why


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "429 Slow down"])
async def test_a_target_that_reports_an_error_is_asked_again(forward: Forward, status: str) -> None:
    async with serving(scripted(answer(status), answer(status), LOGGED)) as server:
        forwarding = await forward(base(server))
        forwarding.clock = asyncio.get_running_loop().time
        [id_] = await forwarding.receive(received())
        await forwarding.outcomes.wait_for(State.SENT)
        assert len(server.requests) == 3
    assert forwarding.outcomes.states == [State.WAITING, State.WAITING, State.SENT]
    found = forwarding.history.forward_of(id_)
    assert found is not None
    assert found.tries == 3


async def test_a_target_is_left_alone_for_as_long_as_it_asks(forward: Forward) -> None:
    async with serving(answer("429 Slow down", headers="Retry-After: 120\r\n")) as server:
        forwarding = await forward(base(server))
        await forwarding.receive(received("a"))
        waiting = await forwarding.outcomes.wait_for(State.WAITING)
        await forwarding.receive(received("b"))
        await forwarding.forwarder.idle()
        assert len(server.requests) == 1
    assert waiting.due_at == NOW + 120
    assert waiting.why == "Too many requests: the server asks to slow down (429 Too Many Requests)."


async def test_a_target_that_is_not_there_gets_everything_once_it_is(forward: Forward) -> None:
    async with serving(LOGGED) as gone:
        target = base(gone)
    forwarding = await forward(target)
    forwarding.clock = asyncio.get_running_loop().time
    await forwarding.receive(*(received(f"e{n}") for n in range(5)))
    waiting = await forwarding.outcomes.wait_for(State.WAITING)
    assert "Nothing is listening" in waiting.why
    async with serving(LOGGED, gone.port) as server:
        await forwarding.outcomes.wait_for(State.SENT, 5)
        assert len(server.requests) == 5


@pytest.mark.parametrize(
    "script", [reset, closing(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1")]
)
async def test_what_may_have_arrived_is_not_sent_again(forward: Forward, script: Script) -> None:
    async with serving(script) as server:
        forwarding = await forward(base(server))
        [id_] = await forwarding.receive(received())
        unknown = await forwarding.outcomes.wait_for(State.UNKNOWN)
        await forwarding.forwarder.idle()
        assert len(server.requests) == 1
    assert unknown.why.endswith(NOT_AGAIN)
    assert forwarding.state_of(id_) is State.UNKNOWN


async def test_what_is_known_again_is_sent_again(forward: Forward) -> None:
    async with serving(scripted(reset, LOGGED)) as server:
        forwarding = await forward(base(server))
        forwarding.clock = asyncio.get_running_loop().time
        await forwarding.receive(received(**KNOWN_AGAIN))
        await forwarding.outcomes.wait_for(State.SENT)
        assert len(server.requests) == 2


async def test_a_target_that_is_too_slow_is_not_waited_for_any_longer(forward: Forward) -> None:
    async with serving(silent) as server:
        forwarding = await forward(base(server), replace(QUICK, timeout_s=0.05))
        await forwarding.receive(received())
        unknown = await forwarding.outcomes.wait_for(State.UNKNOWN)
    assert "did not answer within 0.05 s" in unknown.why


async def test_a_slow_target_has_few_requests_under_way(forward: Forward) -> None:
    async with serving(silent) as server:
        forwarding = await forward(base(server), replace(QUICK, concurrency=3))
        await forwarding.receive(*(received(f"e{n}") for n in range(20)))
        async with asyncio.timeout(20):
            while len(server.requests) < 3:
                server.asked.clear()
                await server.asked.wait()
        assert server.at_once == 3
        [state] = await asyncio.to_thread(forwarding.history.forward_targets)
    assert (state.counts[State.SENDING], state.counts[State.WAITING]) == (3, 17)


async def test_while_requests_come_in_they_are_forwarded_at_a_slower_pace(
    forward: Forward,
) -> None:
    async with serving(LOGGED) as server:
        forwarding = await forward(base(server), replace(QUICK, busy_rate_per_s=20, concurrency=1))
        started = time.monotonic()
        await forwarding.receive(*(received(f"e{n}") for n in range(4)))
        await forwarding.outcomes.wait_for(State.SENT, 4)
    assert time.monotonic() - started >= 3 / 20


async def test_one_that_finishes_begins_nothing_and_waits_for_its_answers(
    forward: Forward,
) -> None:
    async with serving(silent) as server:
        forwarding = await forward(base(server), replace(QUICK, concurrency=1, timeout_s=0.3))
        first, second = await forwarding.receive(received(), received())
        async with asyncio.timeout(20):
            await server.asked.wait()
            await forwarding.forwarder.finish()
        assert forwarding.state_of(first) is State.UNKNOWN
        assert forwarding.state_of(second) is State.WAITING


async def test_after_two_days_it_is_given_up(forward: Forward) -> None:
    async with serving(answer("500 Oops")) as server:
        forwarding = await forward(base(server), replace(QUICK, first_delay_s=0.0))
        forwarding.clock = lambda: NOW + len(server.requests) * 100_000
        await forwarding.receive(received())
        given_up = await forwarding.outcomes.wait_for(State.GIVEN_UP)
        assert len(server.requests) == 2
    assert given_up.why == "2 tries in 56 hours did not succeed."


async def test_what_cannot_go_is_left_out_and_what_is_not_chosen_leaves_no_trace(
    forward: Forward,
) -> None:
    async with serving(LOGGED) as server:
        forwarding = await forward(base(server), only=frozenset({"game"}))
        unreadable = replace(
            received(), request=TrackRequest("GET", "http://h/track/?data=xx"), names=("game",)
        )
        ids = await forwarding.receive(received("other"), unreadable, received("game"))
        await forwarding.outcomes.wait_for(State.SENT)
        await forwarding.outcomes.wait_for(State.LEFT_OUT)
        assert len(server.requests) == 1
    assert forwarding.history.forward_of(ids[0]) is None
    assert [each.why for _, each in forwarding.outcomes if each.why] == [UNREADABLE]


async def test_a_target_that_forwards_back_gets_it_once(forward: Forward) -> None:
    async with serving(LOGGED) as server:
        forwarding = await forward(base(server))
        await forwarding.receive(received())
        await forwarding.outcomes.wait_for(State.SENT)
        via = next(
            line.removeprefix("Via: ")
            for line in server.requests[0].decode().splitlines()
            if line.startswith("Via: ")
        )
        back = received()
        request = replace(back.request, headers=(("Via", f"{via}, 1.1 other"),))
        await forwarding.receive(replace(back, request=request))
        left_out = await forwarding.outcomes.wait_for(State.LEFT_OUT)
        assert len(server.requests) == 1
    assert left_out.why == LOOP


async def test_after_a_restart_what_was_under_way_goes_again_only_if_it_is_known_again(
    tmp_path: Path,
) -> None:
    async with serving(silent) as server:
        settings = ForwardSettings(base(server))
        first = Forwarding(tmp_path / "h", settings, QUICK)
        await first.start()
        plain, known = await first.receive(received(), received(**KNOWN_AGAIN))
        async with asyncio.timeout(20):
            while len(server.requests) < 2:
                server.asked.clear()
                await server.asked.wait()
        await first.stop()
        again = Forwarding(tmp_path / "h", settings, QUICK)
        await again.start()
        async with asyncio.timeout(20):
            while len(server.requests) < 3:
                server.asked.clear()
                await server.asked.wait()
        found = again.history.forward_of(plain)
        assert found is not None
        assert (found.outcome.state, found.outcome.why) == (State.UNKNOWN, INTERRUPTED)
        assert again.state_of(known) is State.SENDING
        body = server.requests[2].partition(b"\r\n\r\n")[2]
        assert decode(TrackRequest("POST", "http://h/", (), body)).events == (event(**KNOWN_AGAIN),)
        await again.stop()


async def test_what_may_have_arrived_goes_again_when_that_is_asked_for(tmp_path: Path) -> None:
    async with serving(scripted(reset, LOGGED)) as server:
        settings = ForwardSettings(base(server))
        for is_again, state in ((False, State.UNKNOWN), (True, State.SENT)):
            forwarding = Forwarding(tmp_path / "h", replace(settings, is_again=is_again), QUICK)
            await forwarding.start()
            if not is_again:
                await forwarding.receive(received())
            await forwarding.outcomes.wait_for(state)
            await forwarding.stop()
        assert len(server.requests) == 2


async def test_an_answer_is_not_forgotten_while_the_history_cannot_be_written(
    forward: Forward, expect_log: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = [sqlite3.OperationalError("full"), sqlite3.OperationalError("full")]
    record = history_forwarding.record

    def record_at_last(connection: sqlite3.Connection, id_: int, outcome: Outcome) -> None:
        if outcome.state is State.SENT and problems:
            raise problems.pop()
        record(connection, id_, outcome)

    monkeypatch.setattr("trackscope.session.forwarder.HISTORY_PAUSE_S", 0.01)
    monkeypatch.setattr(history_forwarding, "record", record_at_last)
    expect_log("Forwarding waits for the history")
    async with serving(LOGGED) as server:
        forwarding = await forward(base(server))
        [id_] = await forwarding.receive(received())
        await forwarding.outcomes.wait_for(State.SENT)
        assert len(server.requests) == 1
    assert (problems, forwarding.state_of(id_)) == ([], State.SENT)
