"""Cyclic garbage is collected in the window's thread, and nowhere else."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from trackscope.gui.garbage import Garbage, settle


class _Cycle:
    def __init__(self, ended: list[str]) -> None:
        self._ended = ended
        self.__dict__["self"] = self

    def __del__(self) -> None:
        self._ended.append(threading.current_thread().name)


@pytest.fixture
def garbage(qapp: QObject) -> Iterator[Garbage]:
    garbage = Garbage(qapp)
    gc.collect()
    yield garbage
    garbage.deleteLater()


def _make_much(ended: list[str]) -> None:
    for _ in range(gc.get_threshold()[0] * 3):
        _Cycle(ended)


def test_no_other_thread_collects(garbage: Garbage) -> None:
    ended: list[str] = []
    thread = threading.Thread(target=_make_much, args=(ended,), name="worker")
    thread.start()
    thread.join()
    assert ended == []
    garbage.collect()
    assert set(ended) == {threading.current_thread().name}


def test_little_is_left_for_later(garbage: Garbage) -> None:
    ended: list[str] = []
    _Cycle(ended)
    garbage.collect()
    assert ended == []


def test_what_has_settled_is_not_gone_through_again(garbage: Garbage) -> None:
    kept = [_Cycle([])]
    settle()
    try:
        assert kept[0] not in gc.get_objects()
    finally:
        gc.unfreeze()
    assert any(each is kept[0] for each in gc.get_objects())
