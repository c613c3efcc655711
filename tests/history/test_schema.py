"""The format of the file, as other programs see it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from trackscope.history import schema
from trackscope.history.file import connect


def test_the_header_says_whose_file_it_is_and_of_which_format(path: Path) -> None:
    connect(path).close()
    header = path.read_bytes()[:100]
    assert header[68:72] == b"TRKS"
    assert int.from_bytes(header[60:64], "big") == schema.VERSION


def test_a_history_that_exists_is_not_made_again(path: Path) -> None:
    with closing(connect(path)) as connection:
        connection.execute("UPDATE state SET last_id = 7")
        schema.create(connection)
        assert connection.execute("SELECT last_id FROM state").fetchall() == [(7,)]
