"""Opening the history that is recorded into, whatever state it is in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trackscope.cli.own_history import open_history
from trackscope.errors import DamagedHistoryError, NewerHistoryError
from trackscope.history.history import History


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own.trackscope"


def test_one_that_is_not_there_is_made(path):
    with closing(open_history(path, is_recovering=False)) as history:
        assert history.newest_id() == 0


@pytest.mark.parametrize("is_recovering", [True, False])
def test_one_of_a_later_version_is_left_as_it_is(path, is_recovering):
    History.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    path.with_name("own-fresh.trackscope").touch()
    before = path.read_bytes()
    with pytest.raises(NewerHistoryError) as caught:
        open_history(path, is_recovering=is_recovering)
    assert caught.value.next_step.endswith(
        "--history " + str(path.parent / "own-fresh.trackscope-2")
    )
    assert path.read_bytes() == before


def test_a_damaged_one_is_left_as_it_is_unless_it_is_to_be_recovered(path, capsys):
    path.write_bytes(b"no history" * 100)
    with pytest.raises(DamagedHistoryError, match="is damaged or not a history"):
        open_history(path, is_recovering=False)
    assert path.read_bytes() == b"no history" * 100
    with closing(open_history(path, is_recovering=True)) as history:
        assert history.newest_id() == 0
    said = capsys.readouterr().err
    assert "Exchanges saved: 0, lost: an unknown number." in said
    [aside] = path.parent.glob("own.trackscope.damaged-*")
    assert aside.read_bytes() == b"no history" * 100
