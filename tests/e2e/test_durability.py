"""What was answered with 1 is in the history, whatever happens to the collector."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import subprocess
import sys
from collections import Counter
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from trackscope.history.history import History
from trackscope.history.journal import Journal

pytestmark = pytest.mark.e2e

SCRIPT = Path(__file__).parent / "run_collector.py"
KILLS = 5
CLIENTS = 8


@asynccontextmanager
async def collector(history: Path):
    """A collector in a process of its own; it is killed, never stopped."""
    command = [sys.executable, str(SCRIPT), str(history)]
    # asyncio's own processes do not take well to being killed twice
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: ASYNC220
        assert process.stdout is not None
        try:
            yield (await asyncio.to_thread(process.stdout.readline)).strip(), process
        finally:
            process.kill()


def target(name: str) -> str:
    event = {"event": name, "properties": {"token": "e3bc41"}}
    data = base64.urlsafe_b64encode(json.dumps(event).encode()).decode()
    return "/track/?data=" + data.replace("-", "%2B").replace("_", "%2F")


class Answered(list[str]):
    """The names that were answered 1; tells when there are as many as wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = 0
        self.reached = asyncio.Event()

    async def wait_for_more(self, count: int) -> None:
        self.wanted = len(self) + count
        self.reached.clear()
        await self.reached.wait()

    def note(self, name: str) -> None:
        self.append(name)
        if len(self) >= self.wanted:
            self.reached.set()


async def send_until_dead(address: str, prefix: str, answered: Answered) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for number in itertools.count():
            name = f"{prefix} {number}"
            try:
                answer = await client.get(address + target(name))
            except httpx.TransportError:
                return
            assert answer.content == b"1"
            answered.note(name)


async def test_every_event_answered_1_survives_kill_9_exactly_once(tmp_path):
    path = tmp_path / "history.db"
    answered = Answered()
    for round_number in range(KILLS):
        async with collector(path) as (address, process):
            clients = [
                asyncio.create_task(send_until_dead(address, f"{round_number}.{one}", answered))
                for one in range(CLIENTS)
            ]
            await answered.wait_for_more(100 + 37 * round_number)
            process.kill()
            await asyncio.gather(*clients)
    history = History.open(path)
    kept = Counter(name for exchange in history.each() for name in exchange.names)
    history.close()
    assert len(answered) >= 100 * KILLS
    assert [name for name in answered if kept[name] != 1] == []
    assert set(kept.values()) == {1}


async def test_what_was_not_processed_at_a_kill_is_processed_at_the_next_start(tmp_path):
    path = tmp_path / "history.db"
    async with collector(path) as (address, process), httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(address + target("first"))).content == b"1"
        process.kill()
    # as a kill between the answer and the processing leaves it
    journal = Journal.open(path)
    history = History.open(path)
    [exchange] = history.each()
    await journal.append(exchange)
    await journal.close()
    left_behind = history.unprocessed()
    assert left_behind != []
    async with collector(path):
        while history.unprocessed():  # noqa: ASYNC110 (another process works it off)
            await asyncio.sleep(0.005)
    stored = [exchange.stored for exchange in history.each()]
    assert [events and events[0]["event"] for events in stored] == ["first", "first"]
    history.close()
