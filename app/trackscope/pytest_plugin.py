"""The pytest plugin: `trackscope_collector`, a real collector for each test that asks for one.

The collector runs once in a session, in a process of its own, and starts anew for each test: empty,
and judging as the ini options say (`trackscope_era`, `trackscope_strict`, `trackscope_faults`), or
for one test its marker: `@pytest.mark.trackscope(strict=True, faults=["500 every 3"])`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from trackscope.suite import SuiteCollector

_MARKER = (
    "trackscope(era=..., strict=..., faults=[...]): how `trackscope_collector` judges and answers "
    "in this test"
)


_SETTINGS = {"era", "strict", "faults"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the ini options known."""
    parser.addini("trackscope_era", "the era by which trackscope_collector judges", default="")
    parser.addini(
        "trackscope_strict",
        "whether trackscope_collector judges by the letter of the text",
        type="bool",
        default=False,
    )
    parser.addini(
        "trackscope_faults",
        'faulty answers on demand, one a line, as in "500 every 3"',
        type="linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def _trackscope_process(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SuiteCollector]:
    # only now: who does not use the fixture does not pay for it
    from trackscope.suite import SuiteCollector

    era = pytestconfig.getini("trackscope_era")
    options = ["--era", era] if era else []
    options += ["--strict"] if pytestconfig.getini("trackscope_strict") else []
    for fault in pytestconfig.getini("trackscope_faults"):
        options += ["--fault", fault]
    with SuiteCollector(*options, folder=tmp_path_factory.mktemp("trackscope")) as collector:
        yield collector


@pytest.fixture
def trackscope_collector(
    _trackscope_process: SuiteCollector, request: pytest.FixtureRequest
) -> SuiteCollector:
    """A real collector: `.url`, `.events(...)`, `.expect_event(...)`, `.expect_none(...)`, …"""
    collector = _trackscope_process
    collector.restore()
    settings: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("trackscope"))):
        if marker.args or marker.kwargs.keys() - _SETTINGS:
            raise pytest.UsageError("The marker trackscope takes era=…, strict=… and faults=[…].")
        settings |= marker.kwargs
    if settings:
        collector.change(**settings)
    return collector
