"""Opening: private, beside others, and nothing that is not ours."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.history.conftest import exchange

from trackscope.errors import DamagedHistoryError, HistoryError, NewerHistoryError
from trackscope.history.file import check, connect, default_path
from trackscope.history.history import History

needs_permissions = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="this user may write anywhere"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_a_new_history_is_its_owners_alone(path: Path, history: History) -> None:
    history.append(exchange())
    assert mode(path.parent) == 0o700
    assert {mode(each) for each in path.parent.iterdir()} == {0o600}


def test_the_default_is_in_the_users_data_folder() -> None:
    assert default_path().name == "history.trackscope"
    assert default_path().parent.name == "trackscope"


def test_a_newer_history_is_refused_and_left_as_it_is(path: Path) -> None:
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NewerHistoryError, match="later version"):
        History.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database", os.urandom(100), b"\0" * 8192])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(
    path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content * 50)
    with pytest.raises(DamagedHistoryError) as raised:
        History.open(path)
    assert raised.value.next_step
    assert path.read_bytes() == content * 50


def test_a_database_of_another_program_is_refused_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="not a history"):
        History.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TRIGGER t AFTER INSERT ON exchange BEGIN DELETE FROM exchange; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE tally",
        "ALTER TABLE exchange ADD COLUMN extra",
    ],
)
@pytest.mark.parametrize("open_history", [History.open, History.open_to_read])
def test_a_history_with_other_tables_than_ours_is_refused(
    path: Path, change: str, open_history: Callable[[Path], History]
) -> None:
    with closing(connect(path)) as connection:
        connection.execute(change)
    with pytest.raises(DamagedHistoryError, match="does not have the tables"):
        open_history(path)


def test_a_history_opened_to_read_is_not_written_to(path: Path, history: History) -> None:
    id_ = history.append(exchange())
    with closing(History.open_to_read(path)) as reader:
        assert reader.load(id_).names == ("game",)
        with pytest.raises(HistoryError, match="cannot be written"):
            reader.append(exchange())


def test_to_read_a_file_that_is_not_there_is_an_error_and_makes_none(path: Path) -> None:
    with pytest.raises(HistoryError, match="There is no file"):
        History.open_to_read(path)
    assert not path.exists()


@needs_permissions
def test_a_history_in_a_folder_that_cannot_be_written_to_can_be_read(path: Path) -> None:
    with closing(History.open(path)) as history:
        history.append(exchange())
    path.parent.chmod(0o500)
    try:
        with closing(History.open_to_read(path)) as reader:
            assert reader.count() == 1
    finally:
        path.parent.chmod(0o700)


@needs_permissions
def test_a_file_that_cannot_be_written_to_is_named_when_it_is_opened(path: Path) -> None:
    History.open(path).close()
    path.chmod(0o400)
    with pytest.raises(HistoryError, match="cannot be written to"):
        History.open(path)


@needs_permissions
def test_a_folder_that_cannot_be_written_to_is_named(path: Path) -> None:
    path.parent.mkdir(mode=0o500)
    with pytest.raises(HistoryError, match="cannot be made") as raised:
        History.open(path)
    assert str(path) in raised.value.message


def test_a_folder_where_a_file_should_be_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="is not a file"):
        History.open(tmp_path)


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(HistoryError, match="cannot be made"):
        History.open(tmp_path / "data" / "history.trackscope")


def test_damage_inside_is_found_by_the_check(path: Path) -> None:
    with closing(History.open(path)) as history:
        history.append_many(exchange() for _ in range(500))
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 22 * 4096] = os.urandom(2 * 4096)
    path.write_bytes(content)
    with pytest.raises(DamagedHistoryError, match="damaged"), closing(connect(path)) as connection:
        check(connection, "it")


def test_a_check_that_takes_too_long_is_given_up(path: Path) -> None:
    with closing(History.open(path)) as history:
        history.append_many(exchange() for _ in range(5000))
    with closing(connect(path)) as connection:
        check(connection, "it", limit_s=0.0)


def test_processes_that_make_and_fill_one_history_at_once_are_never_told_it_is_locked(
    path: Path,
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from trackscope.history.history import History\n"
        "from tests.history.conftest import exchange\n"
        "sys.stdin.readline()\n"
        "history = History.open(Path(sys.argv[1]))\n"
        "for number in range(100): history.append(exchange())\n"
        "history.close()\n"
    )
    root = Path(__file__).parents[2]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        for _ in range(4)
    ]
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    assert [each.communicate()[1] for each in processes] == [""] * 4
    with closing(History.open(path)) as history:
        assert history.count() == len(list(history.each())) == 400
