"""Tests of the border between Qt and asyncio."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from trackscope.errors import ConnectError
from trackscope.gui.bridge import ErrorHooks, TaskScope, ask

ExpectLog = Callable[[str], None]


class Heard(list[BaseException]):
    """Collects what was reported."""

    def once(self, error: BaseException, count: int) -> None:
        self.append(error)


async def fail(error: BaseException) -> None:
    raise error


async def test_an_exception_is_reported_although_the_task_is_kept(expect_log: ExpectLog) -> None:
    expect_log("the task t failed")
    heard = Heard()
    scope = TaskScope(heard.append)
    task = scope.start(fail(ValueError("x")), name="t")
    assert task is not None
    await asyncio.wait([task])
    assert [str(error) for error in heard] == ["x"]


async def test_the_starter_can_take_the_exception(expect_log: ExpectLog) -> None:
    heard, own = Heard(), Heard()
    scope = TaskScope(heard.append)
    task = scope.start(fail(ConnectError("Nobody answers.")), own.append)
    assert task is not None
    await asyncio.wait([task])
    assert (len(heard), len(own)) == (0, 1)


async def test_closing_cancels_and_waits_for_the_end() -> None:
    ended: list[str] = []
    is_running = asyncio.Event()

    async def work() -> None:
        try:
            is_running.set()
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    heard = Heard()
    scope = TaskScope(heard.append)
    scope.start(work())
    await is_running.wait()
    await scope.close()
    assert ended == ["ended"]
    assert heard == []
    assert scope.start(work()) is None


async def test_a_task_may_close_its_own_scope() -> None:
    scope = TaskScope(Heard().append)
    task = scope.start(scope.close())
    assert task is not None
    await task


async def test_a_dialog_is_awaited_without_a_loop_of_its_own(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    asyncio.get_running_loop().call_soon(dialog.accept)
    assert await ask(dialog) == QDialog.DialogCode.Accepted


async def test_a_dialog_is_closed_when_its_waiting_is_cancelled(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    scope = TaskScope(Heard().append)
    scope.start(ask(dialog))
    await asyncio.sleep(0)
    assert dialog.isVisible()
    await scope.close()
    assert not dialog.isVisible()


@pytest.fixture
def hooked() -> Iterator[list[tuple[str, int]]]:
    heard: list[tuple[str, int]] = []
    before = sys.excepthook, sys.unraisablehook, threading.excepthook
    hooks = ErrorHooks(lambda error, count: heard.append((str(error), count)))
    hooks.install()
    yield heard
    hooks.uninstall()
    sys.excepthook, sys.unraisablehook, threading.excepthook = before


def test_the_same_error_is_counted(hooked: list[tuple[str, int]], expect_log: ExpectLog) -> None:
    expect_log("nobody caught")
    for _ in range(3):
        try:
            raise ValueError("again")
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert hooked == [("again", 1), ("again", 2), ("again", 3)]


def test_an_error_in_a_thread_is_heard(
    hooked: list[tuple[str, int]], expect_log: ExpectLog
) -> None:
    expect_log("nobody caught")

    def work() -> None:
        raise ValueError("thread")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert hooked == [("thread", 1)]


async def test_an_error_in_a_callback_of_the_loop_is_heard(expect_log: ExpectLog) -> None:
    expect_log("nobody caught")
    heard = Heard()
    hooks = ErrorHooks(heard.once)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(hooks._on_loop)

    def work() -> None:
        raise ValueError("callback")

    loop.call_soon(work)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert [str(error) for error in heard] == ["callback"]
