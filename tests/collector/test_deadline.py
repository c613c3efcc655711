"""A deadline that is moved on is missed once, at its last moment."""

from __future__ import annotations

import asyncio

import pytest

from trackscope.collector.deadline import Deadline


class Missed:
    """Notes when a deadline was missed, in seconds since it was made."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.began = self.loop.time()
        self.after: list[float] = []
        self.is_over = asyncio.Event()

    def __call__(self) -> None:
        self.after.append(self.loop.time() - self.began)
        self.is_over.set()


@pytest.fixture
async def missed() -> Missed:
    return Missed()


async def test_it_is_missed_once_and_is_then_over(missed: Missed) -> None:
    deadline = Deadline(missed.loop, missed)
    deadline.set(0.01)
    assert deadline.is_set
    await missed.is_over.wait()
    assert not deadline.is_set
    assert len(missed.after) == 1


async def test_moved_on_it_is_missed_at_the_later_moment_only(missed: Missed) -> None:
    deadline = Deadline(missed.loop, missed)
    deadline.set(0.01)
    deadline.set(0.1)
    await missed.is_over.wait()
    assert len(missed.after) == 1
    assert missed.after[0] >= 0.09


async def test_moved_forward_it_is_missed_at_the_earlier_moment(missed: Missed) -> None:
    deadline = Deadline(missed.loop, missed)
    deadline.set(1000)
    deadline.set(0.01)
    await asyncio.wait_for(missed.is_over.wait(), 100)


@pytest.mark.parametrize("end", [Deadline.clear, Deadline.close])
async def test_without_one_nothing_is_missed(missed: Missed, end) -> None:
    deadline, other = Deadline(missed.loop, missed), Deadline(missed.loop, missed)
    deadline.set(0.01)
    end(deadline)
    assert not deadline.is_set
    other.set(0.02)
    await missed.is_over.wait()
    assert len(missed.after) == 1


async def test_after_none_it_can_be_set_again(missed: Missed) -> None:
    deadline = Deadline(missed.loop, missed)
    deadline.set(1000)
    deadline.clear()
    deadline.set(0.01)
    await asyncio.wait_for(missed.is_over.wait(), 100)
