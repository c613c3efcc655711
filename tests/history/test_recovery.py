"""A damaged history: set aside complete, what is readable saved, the rest counted."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
from tests.history import version_1
from tests.history.conftest import NOW, exchange, names

from trackscope.errors import DamagedHistoryError, HistoryError
from trackscope.history.history import History
from trackscope.history.recovery import recover

PAGE = 4096
TIME = "20111123-120640"


def fill(path: Path, number: int = 1000) -> None:
    with closing(History.open(path)) as history:
        history.append_many(exchange(f"e{index}") for index in range(number))


def overwrite(path: Path, first_page: int, pages: int) -> bytes:
    content = bytearray(path.read_bytes())
    content[first_page * PAGE : (first_page + pages) * PAGE] = os.urandom(pages * PAGE)
    path.write_bytes(content)
    return bytes(content)


def test_what_is_readable_is_saved_and_what_is_not_is_counted(path: Path) -> None:
    fill(path)
    damaged = overwrite(path, 50, 3)
    recovered = recover(path, clock=lambda: NOW)
    assert recovered.set_aside == path.with_name(f"history.trackscope.damaged-{TIME}")
    assert recovered.set_aside.read_bytes() == damaged
    assert 900 < recovered.saved < 1000
    assert recovered.lost == 1000 - recovered.saved
    with closing(History.open(path)) as history:
        assert history.count() == recovered.saved


def test_stored_events_are_saved_too(path: Path) -> None:
    stored = ({"event": "game", "properties": {}},)
    with closing(History.open(path)) as history:
        history.append(exchange(stored=stored))
    recover(path)
    with closing(History.open(path)) as history:
        assert [each.stored for each in history.each()] == [stored]


def test_what_was_deleted_stays_deleted(path: Path) -> None:
    with closing(History.open(path)) as history:
        ids = history.append_many([exchange("a"), exchange("b"), exchange("c")])
        history.delete([ids[1]])
    recovered = recover(path)
    assert (recovered.saved, recovered.lost) == (2, 0)
    with closing(History.open(path)) as history:
        assert names(history) == ["c", "a"]


def test_a_file_without_a_readable_page_leaves_an_empty_history(path: Path) -> None:
    fill(path, 10)
    overwrite(path, 0, 200)
    with pytest.raises(DamagedHistoryError):
        History.open(path)
    recovered = recover(path)
    assert (recovered.saved, recovered.lost) == (0, None)
    with closing(History.open(path)) as history:
        assert history.count() == 0


def test_an_earlier_damaged_file_is_not_overwritten(path: Path) -> None:
    fill(path, 1)
    first = recover(path, clock=lambda: NOW)
    second = recover(path, clock=lambda: NOW)
    assert first.set_aside.exists()
    assert second.set_aside == first.set_aside.with_name(f"{first.set_aside.name}-2")


def test_a_file_that_cannot_be_renamed_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryError):
        recover(tmp_path / "absent" / ("x" * 300))


def test_a_damaged_file_of_version_1_is_saved_as_the_list_showed_it(path: Path) -> None:
    version_1.make(path)
    recovered = recover(path)
    assert (recovered.saved, recovered.lost) == (2, 0)
    with closing(History.open(path)) as history:
        assert names(history) == ["e5", "e3"]


def test_an_import_that_was_not_finished_is_not_saved(path: Path) -> None:
    with closing(History.open(path)) as history:
        history.append(exchange("kept"))
        history.begin_import("a.har").add([exchange("imported")])
    recovered = recover(path)
    assert (recovered.saved, recovered.lost) == (1, 0)
