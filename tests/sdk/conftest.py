"""A collector for each test; the packages and one Chromium for all tests of a module."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.sdk.chromium import Chromium
from tests.sdk.packages import npm_packages
from tests.sdk.pages import serve_pages
from tests.sdk.recording import Recording


@pytest.fixture
def era() -> str:
    """By which rules it is judged; a test may be told others."""
    return "2011"


@pytest.fixture
async def recording(tmp_path: Path, era: str) -> AsyncIterator[Recording]:
    recording = Recording(tmp_path / "history.db", era)
    await recording.start()
    yield recording
    await recording.stop()


@pytest.fixture(scope="session")
def npm() -> Path:
    """The folder with the packages of npm."""
    return npm_packages()


@pytest.fixture(scope="module")
def pages(npm: Path) -> Iterator[str]:
    """Where a page for each library is served (see `serve_pages`)."""
    with serve_pages(npm) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    program = Chromium.program()
    if program is None:
        pytest.skip("Chromium is not installed: the browser's SDK was not tried")
    with Chromium(program, tmp_path_factory.mktemp("chromium")) as chromium:
        if not chromium.has_started():
            pytest.skip(f"{program} did not start: the browser's SDK was not tried")
        yield chromium
