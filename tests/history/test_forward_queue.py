"""The queue: filled in the commit of what is received, emptied by one process at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.history.conftest import NOW, exchange

from trackscope.capture.exchange import Origin
from trackscope.errors import HistoryError
from trackscope.history.forward_queue import ForwardQueue
from trackscope.history.forwarding import Outcome, State
from trackscope.history.history import History
from trackscope.history.journal import Journal

URL = "http://127.0.0.1:8701"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    journal = Journal.open(path)
    yield journal
    await journal.close()


@pytest.fixture
async def queue(history: History, journal: Journal, path: Path) -> AsyncIterator[ForwardQueue]:
    queue = await ForwardQueue.open(journal, history, path, URL)
    yield queue
    queue.close()


async def test_what_is_received_is_in_it_with_its_bytes(
    queue: ForwardQueue, journal: Journal, history: History
) -> None:
    id_ = await journal.append(exchange("game"))
    [queued] = await queue.due(NOW, 4)
    assert (queued.id, queued.tries, queued.exchange) == (id_, 0, history.load(id_))


async def test_who_waits_for_it_is_told(queue: ForwardQueue, journal: Journal) -> None:
    told: list[bool] = []
    queue.when_queued(lambda: told.append(True))
    await journal.append(exchange("game"))
    assert told == [True]


async def test_nothing_is_in_it_of_before_it_was_opened_or_after_it_was_closed(
    history: History, journal: Journal, path: Path
) -> None:
    await journal.append(exchange("before"))
    queue = await ForwardQueue.open(journal, history, path, URL)
    during = await journal.append(exchange("during"))
    await journal.append(exchange("sent", Origin.SENT))
    queue.close()
    await journal.append(exchange("after"))
    assert [each.id for each in await queue.due(NOW, 9)] == [during]


async def test_every_step_of_one_is_kept(
    queue: ForwardQueue, journal: Journal, history: History
) -> None:
    id_ = await journal.append(exchange())
    await queue.mark_sending([id_], NOW)
    assert [each.id for each in await queue.interrupted()] == [id_]
    assert (await queue.due(NOW, 4), await queue.next_due_at()) == ([], None)
    failed = Outcome(State.WAITING, NOW, "It was cut off.", 503, due_at=NOW + 9)
    await queue.record(id_, failed)
    assert await queue.next_due_at() == NOW + 9
    found = history.forward_of(id_)
    assert found is not None
    assert (found.outcome, found.tries) == (failed, 1)
    await queue.drop(id_)
    assert history.forward_of(id_) is None


async def test_what_was_given_up_can_wait_again(queue: ForwardQueue, journal: Journal) -> None:
    id_ = await journal.append(exchange())
    await queue.record(id_, Outcome(State.GIVEN_UP, NOW, "It never worked."))
    assert await queue.send_again() == 1
    assert [each.id for each in await queue.due(NOW, 4)] == [id_]


async def test_one_that_was_purged_meanwhile_says_so(
    queue: ForwardQueue, journal: Journal, history: History
) -> None:
    id_ = await journal.append(exchange())
    with history._writing() as connection:
        connection.execute("DELETE FROM exchange")
    [queued] = await queue.due(NOW, 4)
    assert (queued.id, queued.exchange) == (id_, None)
    assert "not in" in queued.problem


async def test_a_second_forwarder_to_the_same_target_is_refused(
    queue: ForwardQueue, history: History, journal: Journal, path: Path
) -> None:
    with pytest.raises(HistoryError, match="already forwards"):
        await ForwardQueue.open(journal, history, path, URL)
    other = await ForwardQueue.open(journal, history, path, "http://127.0.0.1:8702")
    other.close()


async def test_opened_again_it_goes_on_where_it_was(
    history: History, journal: Journal, path: Path
) -> None:
    queue = await ForwardQueue.open(journal, history, path, URL)
    id_ = await journal.append(exchange())
    await queue.record(id_, Outcome(State.WAITING, NOW, "It failed.", due_at=NOW + 300))
    queue.close()
    queue = await ForwardQueue.open(journal, history, path, URL)
    assert [each.id for each in await queue.due(NOW, 4)] == [id_]  # a restart does not wait
    queue.close()
