"""Group commit: what was appended survives the end of the process, and errors pass."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.history.conftest import asked, exchange, names

from trackscope.capture.exchange import Origin, StoredForm
from trackscope.errors import HistoryError
from trackscope.history import journal as journal_module
from trackscope.history.file import connect
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.history.query import Field
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.request import TrackRequest

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    """A journal for the same file as `history`."""
    journal = Journal.open(path)
    yield journal
    await journal.close()


async def test_an_appended_exchange_is_there_at_once(history: History, journal: Journal) -> None:
    written = exchange(request_id="a")
    id_ = await journal.append(written)
    assert history.load(id_) == replace(written, id=id_)


async def test_a_thousand_at_once_all_arrive_in_order(history: History, journal: Journal) -> None:
    ids = await asyncio.gather(*(journal.append(exchange(f"e{n}")) for n in range(1000)))
    assert ids == list(range(1, 1001))
    assert [each.names[0] for each in history.each()] == [f"e{n}" for n in range(1000)]
    assert history.count(asked((Field.ORIGIN, "received"), (Field.VERDICT, "1"))) == 1000


async def test_stored_events_are_kept_beside_the_exchange(
    history: History, journal: Journal
) -> None:
    finding = Finding("event.duplicate", Severity.WARNING, "/0", "seen before")
    ids = await asyncio.gather(*(journal.append(exchange()) for _ in range(20)))
    stored = {"event": "game", "properties": {"ip": "127.0.0.1"}}
    forms = [StoredForm(id_, [stored], [finding]) for id_ in ids]
    await asyncio.gather(journal.add_stored(forms[:1]), journal.add_stored(forms[1:]))
    assert history.unprocessed() == []
    assert history.load(ids[7]).stored == (stored,)
    assert history.load(ids[7]).findings == (finding,)


async def test_a_stored_form_that_still_waits_for_others_is_written_at_the_end(
    history: History, journal: Journal
) -> None:
    id_ = await journal.append(exchange())
    waiting = asyncio.ensure_future(journal.add_stored([StoredForm(id_, [])]))
    await asyncio.sleep(0)
    await journal.close()
    await waiting
    assert history.unprocessed() == []


async def test_text_that_is_no_unicode_is_kept(history: History, journal: Journal) -> None:
    written = exchange(
        "\ud800", request=TrackRequest("GET", "http://h/\udcff\x00", (("é", "\x00"),))
    )
    assert history.load(await journal.append(written)).request == written.request


async def test_the_window_writes_while_the_collector_does(
    history: History, journal: Journal
) -> None:
    received = [journal.append(exchange("received")) for _ in range(300)]
    sent = [asyncio.to_thread(history.append, exchange("sent", Origin.SENT)) for _ in range(50)]
    ids = await asyncio.gather(*received, *sent)
    assert len(set(ids)) == history.count() == 350


async def test_an_append_that_was_given_up_is_kept_all_the_same(
    history: History, journal: Journal
) -> None:
    task = asyncio.create_task(journal.append(exchange("given up")))
    await asyncio.sleep(0)
    task.cancel()
    await journal.append(exchange("next"))
    assert names(history) == ["next", "given up"]


async def test_a_full_disk_refuses_and_room_lets_it_go_on(path: Path, history: History) -> None:
    connection = connect(path)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    journal = Journal(connection, str(path))
    large = exchange(request=TrackRequest("POST", "http://h/track/", body=b"x" * 100_000))
    with pytest.raises(HistoryError, match="The disk is full") as raised:
        await journal.append(large)
    assert raised.value.next_step
    assert history.count() == 0
    connection.execute("PRAGMA max_page_count = 100000")
    assert await journal.append(large) == 1
    assert history.count() == 1
    await journal.close()


async def test_close_writes_what_still_waits_and_refuses_the_rest(
    history: History, journal: Journal
) -> None:
    waiting = [asyncio.ensure_future(journal.append(exchange())) for _ in range(100)]
    await asyncio.sleep(0)
    await journal.close()
    assert len(await asyncio.gather(*waiting)) == history.count() == 100
    with pytest.raises(HistoryError, match="is closed"):
        await journal.append(exchange())


async def test_more_than_may_wait_waits_outside(
    history: History, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MAX_QUEUED_BYTES", 5_000)
    monkeypatch.setattr(journal_module, "MAX_COMMIT", 3)
    await asyncio.gather(*(journal.append(exchange()) for _ in range(200)))
    assert history.count() == 200


async def test_another_writer_that_does_not_end_is_reported_and_passes(
    path: Path, history: History
) -> None:
    connection = connect(path)
    connection.execute("PRAGMA busy_timeout = 1")
    journal = Journal(connection, str(path))
    with closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="to itself"):
            await journal.append(exchange())
        other.execute("ROLLBACK")
    await journal.append(exchange())
    assert history.count() == 1
    await journal.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_what_was_appended_survives_a_kill_and_is_there_once(path: Path) -> None:
    printed: dict[int, str] = {}
    for round_ in range(10):
        command = [sys.executable, "-m", "tests.history.appender", str(path), str(round_)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(20 + 37 * round_)]
            process.kill()
            lines += process.stdout.readlines()
        for line in lines:
            if line.endswith("\n"):
                id_, _, name = line.strip().partition(" ")
                printed[int(id_)] = name
    with closing(History.open(path)) as history:
        kept = {each.id: each.names[0] for each in history.each()}
        assert history.count() == len(kept) == len(set(kept.values()))
    assert printed.items() <= kept.items()
    assert len(printed) > 1000


async def test_a_change_is_made_in_the_commit_and_gives_what_it_returns(
    history: History, journal: Journal
) -> None:
    appended = asyncio.create_task(journal.append(exchange()))
    query = "UPDATE state SET last_id = last_id RETURNING last_id"
    changed = asyncio.create_task(
        journal.change(lambda connection: connection.execute(query).fetchone())
    )
    id_ = await appended
    assert await changed == (id_,)
    assert history.newest_id() == id_


@pytest.mark.parametrize("statement", ["no SQL", "INSERT INTO state VALUES (NULL)"])
async def test_a_change_that_fails_takes_nothing_else_with_it(
    journal: Journal, history: History, statement: str
) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM exchange")
        connection.execute(statement)

    appended = [asyncio.create_task(journal.append(exchange(f"e{n}"))) for n in range(50)]
    with pytest.raises(HistoryError, match="cannot be used"):
        await journal.change(change)
    assert await asyncio.gather(*appended) == list(range(1, 51))
    assert history.count() == 50


async def test_a_change_with_a_fault_of_its_own_is_no_end_of_writing(journal: Journal) -> None:
    with pytest.raises(HistoryError, match="cannot take this change"):
        await journal.change(lambda connection: connection.execute("SELECT ?", (2**70,)))
    assert await journal.append(exchange()) == 1
