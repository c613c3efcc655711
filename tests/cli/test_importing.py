"""Captures into a history: all of each, or nothing."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from trackscope.history.history import History

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
LINE = '1.2.3.4 - - [23/Nov/2011:15:22:22 +0000] "GET /track/?data={} HTTP/1.1" 200 1 "-" "curl"\n'
NOISE = '1.2.3.4 - - [23/Nov/2011:15:22:22 +0000] "GET /health HTTP/1.1" 200 1 "-" "curl"\n'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text(LINE.format(DATA) * 3 + NOISE * 4)
    return path


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    entry = {
        "startedDateTime": "2011-11-23T15:22:22Z",
        "request": {"method": "GET", "url": f"http://h/track/?data={DATA}", "headers": []},
        "response": {"status": 200, "headers": [], "content": {"text": "1"}},
    }
    path = tmp_path / "cut.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry, entry]}})[:-100])
    return path


def imported(history: Path) -> list[tuple[str, str]]:
    with closing(History.open_to_read(history)) as opened:
        return [(each.source, each.position) for each in opened.each()]


def test_a_capture_s_exchanges_are_in_the_history_and_told(
    run: Run, log: Path, tmp_path: Path
) -> None:
    ran = run("import", str(log), "--history", str(tmp_path / "h.trackscope"))
    assert (ran.code, ran.out) == (0, "")
    assert "imported 3 requests with 3 events; 4 passed over: no tracking request." in ran.err
    assert imported(tmp_path / "h.trackscope") == [
        ("access.log", f"line {number}") for number in (1, 2, 3)
    ]


def test_of_a_capture_that_is_cut_off_nothing_is_imported(
    run: Run, cut: Path, log: Path, tmp_path: Path
) -> None:
    history = tmp_path / "h.trackscope"
    ran = run("import", str(cut), "--history", str(history))
    assert ran.code == 2
    assert "nothing was imported" in ran.err
    assert imported(history) == []
    assert run("import", str(cut), str(log), "--history", str(history)).code == 1
    assert len(imported(history)) == 3


def test_what_can_be_read_of_it_is_imported_when_asked_for(
    run: Run, cut: Path, tmp_path: Path
) -> None:
    history = tmp_path / "h.trackscope"
    ran = run("import", str(cut), "--history", str(history), "--partial")
    assert ran.code == 0
    assert "imported 1 request with 1 event" in ran.err
    assert len(imported(history)) == 1


def test_a_missing_capture_is_told_and_ends_with_2(run: Run, tmp_path: Path) -> None:
    ran = run("import", "none.har", "--history", str(tmp_path / "h.trackscope"))
    assert ran.code == 2
    assert "no such file" in ran.err


def test_the_window_s_child_tells_its_progress_and_keeps_what_it_can(
    run: Run, cut: Path, tmp_path: Path
) -> None:
    history = tmp_path / "scratch.trackscope"
    ran = run("import", str(cut), "--scratch", "--progress", "--history", str(history))
    last = ran.records[-1]
    assert (last["state"], last["exchanges"], last["is_whole"]) == ("done", 1, False)
    assert last["source"] == "cut.har"
    assert last["kind"] == "a HAR file"
    assert last["read"] == last["size"] == cut.stat().st_size
    assert last["problems"]
    assert len(imported(history)) == 1
