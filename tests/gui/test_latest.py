"""Work in a thread of which only the latest result is shown."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from functools import partial

import pytest

from trackscope.errors import SourceError
from trackscope.gui.bridge import TaskScope
from trackscope.gui.latest import Latest


@pytest.fixture(autouse=True)
def _swept() -> None:
    """A worker's thread must not be the one that ends Qt's objects of an earlier test."""
    gc.collect()


@pytest.fixture
async def scope() -> AsyncIterator[TaskScope]:
    scope = TaskScope(print)
    yield scope
    await scope.close()


def test_without_a_scope_it_is_done_at_once() -> None:
    shown: list[int] = []
    Latest(shown.append).ask(lambda: 1)
    assert shown == [1]


async def test_small_work_is_done_at_once_and_replaces_what_was_asked_for(
    scope: TaskScope,
) -> None:
    shown: list[int] = []
    latest = Latest(shown.append)
    latest.use_scope(scope)
    gate = threading.Event()
    latest.ask(lambda: int(gate.wait()) + 10)
    await asyncio.sleep(0)
    latest.ask(lambda: 2, is_large=False)
    gate.set()
    await _end(scope)
    assert shown == [2]


async def test_of_much_that_is_asked_for_only_the_last_is_done(scope: TaskScope) -> None:
    shown: list[int] = []
    done: list[int] = []
    latest = Latest(shown.append)
    latest.use_scope(scope)
    gate = threading.Event()

    def work(number: int) -> int:
        gate.wait()
        done.append(number)
        return number

    for number in range(50):
        latest.ask(partial(work, number))
        await asyncio.sleep(0)
    gate.set()
    await _end(scope)
    assert shown == [49]
    assert done == [0, 49]


async def test_what_is_forgotten_is_not_shown(scope: TaskScope) -> None:
    shown: list[int] = []
    latest = Latest(shown.append)
    latest.use_scope(scope)
    gate = threading.Event()
    latest.ask(lambda: int(gate.wait()))
    await asyncio.sleep(0)
    latest.forget()
    gate.set()
    await _end(scope)
    assert shown == []


async def test_after_a_failure_it_works_again() -> None:
    shown: list[int] = []
    failed: list[BaseException] = []
    latest = Latest(shown.append)
    scope = TaskScope(failed.append)
    latest.use_scope(scope)

    def fail() -> int:
        raise SourceError("The file is gone.")

    latest.ask(fail)
    await _end(scope)
    assert [str(each) for each in failed] == ["The file is gone."]
    latest.ask(lambda: 3)
    await _end(scope)
    assert shown == [3]
    await scope.close()


async def _end(scope: TaskScope) -> None:
    async with asyncio.timeout(10):
        while scope._tasks:  # noqa: ASYNC110 (it tells nobody)
            await asyncio.sleep(0.001)
