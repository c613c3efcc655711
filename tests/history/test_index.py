"""The index: filled in steps, beside others, and never at odds with the exchanges."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.history.conftest import asked, exchange, names

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history import index, reading
from trackscope.history.facts import Facts, facts_of
from trackscope.history.history import History
from trackscope.history.query import Field
from trackscope.wire.request import TrackRequest

GAME = asked((Field.EVENT, "game"))


def test_it_is_filled_in_steps_until_nothing_is_left(history: History) -> None:
    history.append_many(exchange() for _ in range(5))
    assert history.unindexed() == 5
    assert [history.index(2), history.unindexed()] == [2, 3]
    assert [history.index(2), history.index(2), history.index(2)] == [2, 1, 0]
    assert history.unindexed() == 0


def test_beyond_a_tail_only_what_is_indexed_is_found(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_TAIL", 3)
    history.append_many(exchange() for _ in range(5))
    assert (history.count(GAME), history.unindexed()) == (0, 5)
    history.index(2)
    assert (history.count(GAME), history.unindexed()) == (5, 0)


def test_nothing_is_written_when_all_is_indexed(history: History, path: Path) -> None:
    history.append(exchange())
    history.index()
    with closing(History.open_to_read(path)) as watcher:
        before = watcher.data_version()
        assert history.index() == 0
        history.count(GAME)
        assert watcher.data_version() == before


def test_what_recorded_is_not_indexed_by_who_records(history: History) -> None:
    history.append_many([exchange("game"), exchange("other")])
    assert history.unindexed() == 2


def test_large_exchanges_are_read_a_few_at_a_time(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "STEP_BYTES", 100)
    large = TrackRequest("POST", "http://h/track/", (), b"x" * 200)
    history.append_many(exchange(request=large) for _ in range(4))
    assert history.count(GAME) == 4


def test_a_note_written_while_the_exchange_is_being_indexed_is_found(
    history: History, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = history.append(exchange())

    def note_meanwhile(each: Exchange) -> Facts:
        monkeypatch.undo()
        with closing(History.open(path)) as other:
            other.set_note(id_, "late")
        return facts_of(each)

    monkeypatch.setattr(index, "facts_of", note_meanwhile)
    assert history.ids(asked((Field.TEXT, "late"))).ids.tolist() == [id_]
    assert history.event_counts() == [("game", 1)]


def test_an_import_that_is_finished_while_others_are_indexed_is_found(
    history: History, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.append(exchange())
    with closing(History.open(path)) as other:
        running = other.begin_import("a.har")
        running.add([exchange()])
        history.append(exchange())

        def finish_meanwhile(each: Exchange) -> Facts:
            monkeypatch.undo()
            running.finish()
            return facts_of(each)

        monkeypatch.setattr(index, "facts_of", finish_meanwhile)
        assert (history.count(GAME), history.unindexed()) == (3, 0)


def test_a_row_that_cannot_be_read_does_not_stop_it(history: History, path: Path) -> None:
    history.append_many([exchange("a"), exchange("game")])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE exchange SET headers = '{' WHERE id = 1")
    assert history.ids(GAME).ids.tolist() == [2]
    assert history.unindexed() == 0


def test_what_is_purged_is_forgotten(history: History, path: Path) -> None:
    ids = history.append_many([exchange("a", note="#secret"), exchange("game")])
    history.index()
    history.delete([ids[0]])
    history.purge()
    assert history.completions(Field.EVENT) == ["game"]
    assert history.completions(Field.TAG) == []
    with closing(sqlite3.connect(path)) as connection:
        for table in ("fact", "words", "exchange"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_a_twin_that_is_known_late_is_neither_listed_nor_counted(history: History) -> None:
    history.append(exchange(request_id="r"))
    assert history.count(GAME) == 1
    history.append(exchange(origin=Origin.SENT, request_id="r"))
    assert (history.count(GAME), history.event_counts()) == (1, [("game", 1)])
    assert [row.origin for row in history.page(GAME)] == [Origin.SENT]


def test_what_is_indexed_beside_a_file_is_not_in_it(history: History, path: Path) -> None:
    history.append_many(exchange() for _ in range(3))
    with closing(History.open_to_read(path)) as reader:
        assert (reader.count(GAME), reader.unindexed()) == (3, 0)
        history.append(exchange())
        assert reader.count(GAME) == 4
        assert reader.event_counts() == [("game", 4)]
    assert history.unindexed() == 4


def test_processes_that_index_at_once_do_it_once(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from trackscope.history.history import History; "
        "history = History.open(Path(sys.argv[1]))\nwhile history.index(100): pass"
    )
    with closing(History.open(path)) as history:
        history.append_many(exchange(f"game {n % 3}") for n in range(3000))
        command = [sys.executable, "-c", code, str(path)]
        running = [subprocess.Popen(command) for _ in range(2)]
        while history.index(100) > 1:  # 1: only what was appended below, for ever
            history.append(exchange("game 0"))
        assert [each.wait() for each in running] == [0, 0]
        count = history.count()
        assert history.count(GAME) == count == sum(n for _, n in history.event_counts())
        assert len(names(history, (Field.EVENT, "1"))) == 100
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        assert connection.execute("SELECT max(uses) FROM term").fetchone() == (count,)
