"""The whole window for a test: real panes, a real history file, the window's own event loop."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from tests.gui.screen import Screen

from trackscope.gui.bridge import release_clipboard
from trackscope.gui.garbage import Garbage
from trackscope.gui.runtime import new_loop
from trackscope.gui.theme.theme import Scheme, Theme

NewScreen = Callable[[], Screen]
Test = Callable[..., Coroutine[Any, Any, None]]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Asynchronous tests run in the kind of loop in which the program runs."""
    return {"qt": _new_loop}


def _new_loop() -> asyncio.AbstractEventLoop:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return new_loop(app)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open a test's screen when the test begins, close it when it ends.

    Asynchronous fixtures could not: between them and the test, and after it, pytest-qt handles
    Qt's events while no loop of asyncio runs, and an open window wants to start tasks then.
    """
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            # No warning of Qt's: what the platform without a screen cannot do.
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
        if isinstance(item, pytest.Function) and "screen" in item.fixturenames:
            item.obj = _with_open_screen(item.obj)


def _with_open_screen(test: Test) -> Test:
    assert inspect.iscoroutinefunction(test), f"{test.__name__} has a screen: it must be async"

    @functools.wraps(test)
    async def run(**given: Any) -> None:
        async with AsyncExitStack() as stack:
            for each in given.values():
                if isinstance(each, Screen):
                    await stack.enter_async_context(each)
            await test(**given)

    return run


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> Iterator[None]:
    """The application is there before the first loop, and stays when a window closes."""
    qapp.setQuitOnLastWindowClosed(False)
    Garbage(qapp)
    yield
    release_clipboard()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The look of the application, which is afterwards as it was before."""
    theme = Theme.current()
    theme.apply()
    yield theme
    theme.set_zoom(1.0)
    theme.set_scheme(Scheme.SYSTEM)


@pytest.fixture
def new_screen(tmp_path: Path, theme: Theme) -> NewScreen:
    """Makes programs on the test's one history file and settings, for `async with`."""
    return lambda: Screen(tmp_path, theme)


@pytest.fixture
def screen(new_screen: NewScreen) -> Screen:
    """The program, open as long as the test runs, without its collector."""
    return new_screen()


@pytest.fixture
def live(screen: Screen) -> Screen:
    """The program with its collector: a process of its own, at a free port."""
    screen.has_collector = True
    return screen
