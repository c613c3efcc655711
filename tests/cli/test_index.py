"""A history's index brought up to date from the command line."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.wire.request import TrackRequest

URL = "http://h/track/?data=eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"


def exchanges(count: int) -> list[Exchange]:
    request = TrackRequest("GET", URL)
    return [Exchange(request, Origin.OPENED, 1.0, names=("game",)) for _ in range(count)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "h.trackscope"
    with closing(History.open(path)) as history:
        history.append_many(exchanges(250))
    return path


def unindexed(path: Path) -> int:
    with closing(History.open(path)) as history:
        return history.unindexed()


def test_every_exchange_is_indexed_and_counted(run: Run, path: Path) -> None:
    assert unindexed(path) == 250
    ran = run("index", str(path))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("h.trackscope: 250 exchanges indexed.\n")
    assert unindexed(path) == 0


def test_a_history_that_is_not_there_is_not_made(run: Run, tmp_path: Path) -> None:
    ran = run("index", str(tmp_path / "none.trackscope"))
    assert ran.code == 2
    assert "There is no history" in ran.err
    assert not list(tmp_path.iterdir())


def test_the_window_s_child_indexes_what_comes_later_and_ends_with_the_window(path: Path) -> None:
    command = [sys.executable, "-m", "trackscope", "index", "--with-parent", str(path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE) as child,
        closing(History.open(path)) as history,
    ):
        wait_until_indexed(history, child)
        history.append_many(exchanges(30))
        wait_until_indexed(history, child)
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 0


def wait_until_indexed(history: History, child: subprocess.Popen[bytes]) -> None:
    while history.unindexed():
        assert child.poll() is None, "the child ended too early"
        history.data_version()
