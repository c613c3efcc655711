"""`trackscope diff`: two captures, the exit code, and what is printed."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run

from trackscope.capture.exchange import Exchange, Origin
from trackscope.cli import diff
from trackscope.history.history import History
from trackscope.session.target import COLLECTOR
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest

BARE = TrackRequest("GET", "http://127.0.0.1:8700/track/")


def url(name: str, **properties: Any) -> str:
    payload = json.dumps({"event": name, "properties": {"token": "t", **properties}})
    return with_payload(BARE, payload).url


def capture(path: Path, *urls: str) -> str:
    path.write_text("".join(f"{each}\n" for each in urls), encoding="utf-8")
    return str(path)


@pytest.fixture
def before(tmp_path: Path) -> str:
    return capture(tmp_path / "a.txt", url("A", time=1), url("B", n=1), url("C"))


def test_what_differs_in_masked_values_only_is_the_same(
    run: Run, tmp_path: Path, before: str
) -> None:
    after = capture(tmp_path / "b.txt", url("A", time=2), url("B", n=1), url("C"))
    ran = run("diff", before, after)
    assert (ran.code, ran.out) == (0, "No difference · 3 the same · masked: time\n")


def test_differences_end_with_1(run: Run, tmp_path: Path, before: str) -> None:
    after = capture(tmp_path / "b.txt", url("A", time=2), url("B", n=2))
    ran = run("diff", before, after)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines()[2:] == [
        "! B  (line 2 → line 2)",
        "  - n: 1",
        "  + n: 2",
        '- C {"token":"…"}  (line 3)',
        "1 missing, 1 changed · 1 the same · masked: time",
    ]


def test_masks_are_added_and_taken_off(run: Run, tmp_path: Path, before: str) -> None:
    after = capture(tmp_path / "b.txt", url("A", time=2), url("B", n=2), url("C"))
    assert run("diff", before, after, "--mask", "n").code == 0
    ran = run("diff", before, after, "--mask", "n", "--unmask", "time", "--json")
    (record,) = ran.records
    assert (ran.code, record["changed"], record["masked"]) == (1, 1, {"n": 1})


def test_a_history_is_compared_with_a_capture(run: Run, tmp_path: Path, before: str) -> None:
    requests = [
        TrackRequest("GET", each) for each in Path(before).read_text(encoding="utf-8").split()
    ]
    exchanges = [Exchange(each, Origin.RECEIVED, 12.5) for each in requests]
    sent = Exchange(requests[0], Origin.SENT, 12.0, target=COLLECTOR)
    with closing(History.open(tmp_path / "h.trackscope")) as history:
        history.append_many([sent, *exchanges])
    assert run("diff", before, str(tmp_path / "h.trackscope")).code == 0


def test_what_cannot_be_read_ends_with_2(run: Run, tmp_path: Path, before: str) -> None:
    ran = run("diff", before, str(tmp_path / "none.har"))
    assert ran.code == 2
    assert "There is no such file." in ran.err


def test_a_capture_that_is_cut_off_is_never_the_same(run: Run, tmp_path: Path) -> None:
    line = json.dumps({"url": url("A"), "method": "GET"})
    (tmp_path / "a.har").write_text(
        '{"log": {"entries": [{"request": ' + line + '}, {"request": ', encoding="utf-8"
    )
    ran = run("diff", str(tmp_path / "a.har"), str(tmp_path / "a.har"))
    assert ran.code == 1
    assert ran.err


@pytest.mark.parametrize(("limit", "value"), [("MAX_EVENTS", 2), ("MAX_CHARACTERS", 30)])
def test_what_is_not_compared_is_said(
    run: Run, before: str, limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diff, limit, value)
    ran = run("diff", before, before)
    assert ran.code == 1
    assert "1 events are left out: the first 2 are compared." in ran.err
