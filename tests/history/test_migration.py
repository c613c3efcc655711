"""A history of an earlier version: copied, then changed at once, the same list as before."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.history import version_1, version_2
from tests.history.conftest import asked, exchange, names

from trackscope.capture.exchange import Origin
from trackscope.errors import DamagedHistoryError, HistoryError
from trackscope.history.file import connect_unchecked
from trackscope.history.history import Deletion, History
from trackscope.history.query import Field


@pytest.fixture
def old(path: Path) -> Path:
    """A history of version 1."""
    version_1.make(path)
    return path


def version_of(path: Path) -> int:
    with closing(connect_unchecked(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return int(version)


@pytest.mark.parametrize("open_history", [History.open, History.open_to_read])
def test_it_shows_what_it_showed_and_is_searched_like_any_other(
    old: Path, open_history: Callable[[Path], History]
) -> None:
    with closing(open_history(old)) as history:
        assert history.ids().ids.tolist() == [3, 7]
        assert names(history) == ["e5", "e3"]
        assert history.count() == 2
        assert [each.id for each in history.each()] == [3, 5, 7]
        assert history.count(asked((Field.TEXT, "my no"))) == 1
        assert history.ids(asked((Field.ORIGIN, "sent"), (Field.EVENT, "e5"))).ids.tolist() == [7]
        assert history.event_counts() == [("e3", 1), ("e5", 1)]
        assert history.load(3).page == ""
        assert [each.id for each in history.unprocessed()] == [3]


def test_what_was_deleted_in_version_1_comes_back(old: Path) -> None:
    with closing(History.open(old)) as history:
        assert history.restore(Deletion(3, 1)) == 1
        assert history.ids().ids.tolist() == [3, 4, 7]
        assert history.append(exchange("new", Origin.SENT)) == 9
        assert history.ids().ids.tolist() == [3, 4, 7, 9]


def test_a_copy_is_put_beside_it_first(old: Path) -> None:
    with closing(History.open(old)):
        assert version_of(old) == 3
    copy = old.with_name(f"{old.name}.version-1")
    assert version_of(copy) == 1
    with closing(History.open_to_read(copy)) as history:
        assert names(history) == ["e5", "e3"]
    if sys.platform != "win32":
        assert copy.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_only_read_is_left_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    with closing(History.open_to_read(old)) as history:
        assert history.count(asked((Field.EVENT, "e3"))) == 1
        with pytest.raises(HistoryError, match="cannot be written"):
            history.append(exchange())
    assert old.read_bytes() == before


@pytest.mark.parametrize("open_history", [History.open, History.open_to_read])
def test_a_history_of_version_2_shows_what_it_showed_and_has_nothing_to_forward(
    path: Path, open_history: Callable[[Path], History]
) -> None:
    version_2.make(path)
    with closing(open_history(path)) as history:
        assert names(history) == ["e1"]
        assert history.count(asked((Field.TEXT, "my no"))) == 1
        assert (history.load(1).page, history.forward_of(1)) == ("p", None)
        assert history.forward_targets() == []


def test_a_history_of_version_2_is_indexed_anew_for_what_it_did_not_know(path: Path) -> None:
    version_2.make(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE progress SET indexed_id = 1")
    with closing(History.open(path)) as history:
        assert history.unindexed() == 1
        assert history.count(asked((Field.EVENT, "e1"))) == 1
        assert history.unindexed() == 0


def test_a_history_of_version_2_is_copied_first_as_well(path: Path) -> None:
    version_2.make(path)
    with closing(History.open(path)):
        assert version_of(path) == 3
    copy = path.with_name(f"{path.name}.version-2")
    assert version_of(copy) == 2
    with closing(History.open_to_read(copy)) as history:
        assert names(history) == ["e1"]


def test_if_no_copy_can_be_made_it_stays_as_it_is(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(HistoryError, match="no copy of it can be made"):
        History.open(old)
    assert version_of(old) == 1
    assert list(old.parent.glob("*.version-1*")) == []


def test_tables_that_version_1_did_not_have_are_refused(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("CREATE VIEW words AS SELECT 1")
    with pytest.raises(DamagedHistoryError, match="does not have the tables"):
        History.open(old)


def test_two_processes_that_open_it_at_once_both_get_it(old: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from trackscope.history.history import History; "
        "history = History.open(Path(sys.argv[1])); print(history.ids().ids.tolist())"
    )
    command = [sys.executable, "-c", code, str(old)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [each.communicate()[0] for each in running] == ["[3, 7]\n"] * 3
    assert len(list(old.parent.glob("*.version-1*"))) == 1
