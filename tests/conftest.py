"""What every test relies on: no display, folders of its own, and nothing left unsaid or undone."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import logging
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

# Before anything imports Qt. The first two are for Qt's own plugins and for pytest-qt, the third
# for qasync, which would otherwise take whichever binding it finds.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTEST_QT_API", "pyside6")
os.environ.setdefault("QT_API", "pyside6")

HAS_QT = importlib.util.find_spec("PySide6") is not None
GUI_TESTS = Path(__file__).parent / "gui"

# Everything but tests/gui passes where no Qt is installed.
collect_ignore = [] if HAS_QT else ["gui"]

hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let any warning of Qt fail the test that caused it."""
    if not config.pluginmanager.hasplugin("pytest-qt"):
        return
    for item in items:
        if item.path.is_relative_to(GUI_TESTS):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests away from the user's own history and settings."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        yield


class _Records(logging.Handler):
    """Collects what was logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture
def expected_logs() -> list[str]:
    """The patterns that `expect_log` was given: one for each message that must come."""
    return []


@pytest.fixture
def expect_log(expected_logs: list[str]) -> Callable[[str], None]:
    """Call with a pattern that a warning logged in this test matches ("logger: message")."""
    return expected_logs.append


@pytest.fixture(autouse=True)
def _no_unexpected_logs(expected_logs: list[str]) -> Iterator[None]:
    """Fail a test that logs a warning it did not expect, or not the one that it expected."""
    records = _Records()
    logging.getLogger().addHandler(records)
    yield
    logging.getLogger().removeHandler(records)
    unexpected = [
        message
        for message in records.messages
        if not any(re.search(pattern, message) for pattern in expected_logs)
    ]
    assert not unexpected, f"logged unexpectedly: {unexpected}"
    for pattern in expected_logs:
        assert any(re.search(pattern, message) for message in records.messages), (
            f"nothing was logged that matches {pattern!r}"
        )


@pytest.fixture
async def _no_task_left() -> AsyncIterator[None]:
    yield
    for _ in range(3):  # a task that was just cancelled needs a turn to end
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"the test left tasks running: {left}"


@pytest.fixture(autouse=True)
def _tasks_end(request: pytest.FixtureRequest) -> None:
    """Fail an asynchronous test that leaves a task running, its fixtures' included."""
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("_no_task_left")
