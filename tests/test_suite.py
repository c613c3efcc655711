"""A collector for a test suite, in a process of its own."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.collector.conftest import base64_of

from trackscope.errors import CollectorError
from trackscope.history.history import History
from trackscope.suite import ExpectationError, SuiteCollector


def track(collector: SuiteCollector, name: str, **properties: Any) -> str:
    """Send an event as an SDK would; what was answered."""
    event = {"event": name, "properties": {"token": "t", **properties}}
    body = f"data={base64_of(event)}".encode().replace(b"+", b"%2B")
    with urllib.request.urlopen(f"{collector.url}/track", body, timeout=30) as answer:
        return str(answer.read().decode())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SuiteCollector]:
    with SuiteCollector(folder=tmp_path_factory.mktemp("suite")) as collector:
        yield collector


@pytest.fixture
def collector(running: SuiteCollector) -> SuiteCollector:
    running.restore()
    return running


def test_what_arrives_is_shown_by_name_and_properties(collector):
    assert track(collector, "Order", plan="pro", total=19.9) == "1"
    assert track(collector, "Order", plan="free") == "1"
    assert track(collector, "Item", **{"a=b&c": None}) == "1"
    assert len(collector.events()) == 3
    assert [each["properties"]["plan"] for each in collector.events("Order")] == ["pro", "free"]
    assert len(collector.events("Order", plan="pro", total=19.9)) == 1
    assert len(collector.events("Order", total=...)) == 1
    assert collector.events("Order", plan="gold") == []


def test_what_was_refused_is_shown_with_the_reason(collector):
    assert track(collector, "Old", time=1) == "0"
    assert collector.events() == []
    [refused] = collector.refused("Old")
    assert refused["findings"][0]["rule"] == "time.too-old"


def test_an_expected_event_is_given(collector):
    track(collector, "Sign up", email="é@x.test")
    assert collector.expect_event("Sign up", email="é@x.test")["event"] == "Sign up"


def test_an_event_that_does_not_come_is_told_with_what_came_instead(collector):
    track(collector, "Sign up", plan="free")
    track(collector, "Sign up", plan="pro", time=1)
    track(collector, "Item")
    with pytest.raises(ExpectationError) as caught:
        collector.expect_event("Sign up", plan="pro", within_s=0)
    lines = str(caught.value).splitlines()
    assert lines[:2] == [
        'No event "Sign up" (plan="pro") arrived within 0 s; one was expected.',
        "Arrived instead:",
    ]
    assert lines[2] == '  - Sign up, but plan is "free"'
    assert lines[3].startswith("  - Sign up, but it was refused: time is 1970-01-01")
    assert lines[4:] == ["  - 1 × Item"]


def test_nothing_is_said_to_have_come_where_nothing_did(collector):
    with pytest.raises(ExpectationError, match=r"one was expected.\nNothing arrived."):
        collector.expect_event("Sign up", within_s=0)


def test_an_event_that_should_not_come_is_told_with_what_it_carries(collector):
    collector.expect_none("Error", within_s=0)
    track(collector, "Error", code=7, time=1)
    with pytest.raises(ExpectationError) as caught:
        collector.expect_none("Error", within_s=60)
    assert 'No event "Error" was expected, but 1 arrived.' in str(caught.value)
    assert '"code": 7' in str(caught.value)
    assert "time.too-old: " in str(caught.value)
    assert "Nothing" not in str(caught.value)
    collector.expect_none("Error", code=8, within_s=0)


def test_a_reset_forgets_what_is_shown_and_the_history_keeps_it(tmp_path):
    with SuiteCollector(folder=tmp_path) as collector:
        track(collector, "A")
        collector.reset()
        assert collector.events() == []
        track(collector, "B")
        assert [each["event"] for each in collector.events()] == ["B"]
    with closing(History.open_to_read(tmp_path / "suite.trackscope")) as history:
        assert [exchange.names for exchange in history.each()] == [("A",), ("B",)]


def test_it_judges_and_answers_otherwise_until_it_is_restored(collector):
    started = collector.settings()
    collector.change(strict=True, faults=["0 event A"])
    assert collector.settings() == {"era": "2011", "strict": True, "faults": ["0 event A"]}
    assert (track(collector, "A"), track(collector, "B")) == ("0", "1")
    collector.restore()
    assert collector.settings() == started
    assert track(collector, "A") == "1"
    with pytest.raises(CollectorError, match="era is one of"):
        collector.change(era="1999")


def test_what_came_of_faults_is_told_event_by_event(collector):
    collector.change(faults=["0 event Lost", "0 event Again first 1"])
    track(collector, "Before")
    for name in ("Lost", "Again", "Again"):
        track(collector, name)
    lost, again = collector.aftermath()
    assert again.pop("again_s") >= 0
    assert again.pop("id") == lost.pop("id") + 1
    assert [lost, again] == [
        {
            "event": "Lost",
            "fault": "0 event Lost",
            "outcome": "dropped",
            "again_count": 0,
            "again_s": None,
            "logged_count": 0,
        },
        {
            "event": "Again",
            "fault": "0 event Again first 1",
            "outcome": "retried",
            "again_count": 1,
            "logged_count": 1,
        },
    ]


def test_it_is_gone_with_its_folder_in_the_end():
    with SuiteCollector() as collector:
        assert collector._temporary is not None
        folder = Path(collector._temporary.name)
        assert folder.is_dir()
        process = collector._process
        track(collector, "A")
    assert process is not None
    assert process.returncode == 0
    assert not folder.exists()
    with pytest.raises(CollectorError, match="does not answer"):
        collector.events()


def test_a_collector_that_cannot_start_says_why():
    with pytest.raises(CollectorError, match=r'did not start.*The fault "five" cannot be read'):
        SuiteCollector("--fault", "five").start()
