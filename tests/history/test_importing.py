"""Importing: nothing is seen before all is there, whatever happens on the way."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.history.conftest import asked, exchange, names

from trackscope.capture.exchange import Exchange, Origin
from trackscope.errors import HistoryError
from trackscope.history.history import History
from trackscope.history.query import Field, Query

ROOT = Path(__file__).parents[2]
EVERY_EVENT = asked((Field.EVENT, "e"))


def opened(*names: str) -> list[Exchange]:
    return [exchange(name, Origin.OPENED, page="p", source="a.har") for name in names]


def seen(history: History, query: Query = EVERY_EVENT) -> list[int]:
    """What each way of looking at a history counts."""
    line = history.timeline(query)
    return [
        len(history.ids().ids),
        history.count(),
        len(list(history.each())),
        len(history.ids(query).ids),
        history.count(query),
        len(list(history.each(query))),
        sum(each.ones + each.zeros + each.others for each in line.buckets),
        sum(count for _, count in history.event_counts()),
    ]


def test_what_is_imported_appears_all_at_once(history: History) -> None:
    history.append(exchange("e0"))
    running = history.begin_import("a.har")
    running.add(opened("e1", "e2"))
    history.append(exchange("e3"))
    running.add(opened("e4"))
    assert seen(history) == [2] * 8
    assert names(history) == ["e3", "e0"]
    assert history.completions(Field.SOURCE) == []
    assert running.finish() == 3
    assert seen(history) == [5] * 8
    assert names(history) == ["e4", "e3", "e2", "e1", "e0"]
    assert history.completions(Field.SOURCE) == ["a.har"]


def test_an_import_that_is_abandoned_leaves_nothing(history: History) -> None:
    running = history.begin_import("a.har")
    running.add(opened("e1", "e2"))
    kept = history.append(exchange("e3"))
    running.abandon()
    assert seen(history) == [1] * 8
    history.purge()
    assert seen(history) == [1] * 8
    with pytest.raises(HistoryError):
        history.load(kept - 1)


@pytest.mark.parametrize("end", ["finish", "abandon"])
def test_an_import_that_is_over_takes_nothing_more(history: History, end: str) -> None:
    running = history.begin_import("a.har")
    getattr(running, end)()
    with pytest.raises(HistoryError, match="The import is over"):
        running.add(opened("e1"))


def test_what_was_cleared_during_an_import_is_cleared_of_it(history: History) -> None:
    running = history.begin_import("a.har")
    running.add(opened("e1", "e2"))
    cleared = history.clear()
    running.add(opened("e3"))
    assert seen(history) == [0] * 8
    running.finish()
    assert seen(history) == [1] * 8
    history.restore(cleared)
    assert seen(history) == [3] * 8


def test_exchanges_of_a_capture_are_not_to_be_processed(history: History) -> None:
    running = history.begin_import("a.har")
    running.add(opened("e1"))
    running.finish()
    assert history.unprocessed() == []


def test_a_purge_leaves_an_import_that_runs(history: History, path: Path) -> None:
    running = history.begin_import("a.har")
    running.add(opened("e1"))
    history.clear()
    with closing(History.open(path)) as other:
        other.purge()
        running.add(opened("e2"))
        assert running.finish() == 2
        assert history.load(1).names == ("e1",)


def test_an_import_whose_process_was_killed_is_hidden_and_then_purged(path: Path) -> None:
    with closing(History.open(path)) as history:
        history.append(exchange("e0"))
        command = [sys.executable, "-m", "tests.history.importer", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            while int(process.stdout.readline()) < 500:
                assert seen(history, asked((Field.TEXT, "e"))) == [1] * 8
            # it still runs: opening the file does not take it for dead
            History.open(path).close()
            assert int(process.stdout.readline()) > 500
            process.kill()
        assert seen(history, asked((Field.TEXT, "e"))) == [1] * 8
    with closing(History.open(path)) as history:
        assert seen(history, asked((Field.TEXT, "e"))) == [1] * 8
        for id_ in range(2, 400):
            with pytest.raises(HistoryError):
                history.load(id_)
        running = history.begin_import("a.har")
        running.add(opened("e1"))
        running.finish()
        assert seen(history) == [2] * 8
    assert [each.name for each in path.parent.iterdir()] == [path.name]


ACTIONS = ("append", "begin", "add", "finish", "abandon", "clear", "delete", "restore", "purge")
actions = st.lists(st.sampled_from((*ACTIONS, "index")), max_size=25)


@settings(max_examples=200, deadline=None)
@given(actions)
def test_every_way_of_counting_agrees_after_whatever_was_done(done: list[str]) -> None:
    with closing(History.in_memory()) as history:
        running, deleted = None, []
        for action in done:
            if action == "append":
                history.append(exchange("e", request_id="r"))
                history.append(exchange("e", Origin.SENT, request_id="r"))
            elif action == "begin" and running is None:
                running = history.begin_import("a.har")
            elif action in ("add", "finish", "abandon"):
                if running is not None and action == "add":
                    running.add(opened("e1", "e2", "e3"))
                elif running is not None:
                    getattr(running, action)()
                    running = None
            elif action == "clear":
                deleted.append(history.clear())
            elif action == "delete":
                deleted.append(history.delete(history.ids(limit=2).ids))
            elif action == "restore" and deleted:
                history.restore(deleted.pop())
            elif action == "purge":
                history.purge()
            elif action == "index":
                history.index(2)
        both = seen(history)
        each = {index: both.pop(index) for index in (5, 2)}  # these have twins as well
        assert each[5] == each[2] >= both[0]
        assert both == [both[0]] * len(both)
