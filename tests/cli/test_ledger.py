"""`trackscope ledger`: histories and captures, the exit code, and what is printed."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.session.target import COLLECTOR
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest

BARE = TrackRequest("GET", "http://h.io/track/")


def exchange(verdict: int | None = 1, name: str = "game", **properties: Any) -> Exchange:
    event = {"event": name, "properties": {"token": "t", "mp_lib": "node", **properties}}
    request = with_payload(BARE, json.dumps(event))
    return Exchange(request, Origin.RECEIVED, 12.5, names=(name,), verdict=verdict)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "history.trackscope"
    sent = Exchange(exchange(seq=1).request, Origin.SENT, 12.0, target=COLLECTOR, verdict=1)
    with closing(History.open(path)) as kept:
        kept.append_many([sent, *(exchange(seq=each) for each in (1, 2, 3))])
    return path


def append(history: Path, *exchanges: Exchange) -> None:
    with closing(History.open(history)) as kept:
        kept.append_many(exchanges)


def test_a_history_in_which_all_came_once_is_good(run: Run, history: Path) -> None:
    ran = run("ledger", str(history))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1].split() == ["game", "mixpanel-node", "3", "3", *"0000"]
    assert ran.out.splitlines()[-1] == (
        "numbered by seq, mixpanel-node: 1 to 3, 3 came; none missing, none more than once"
    )


@pytest.mark.parametrize(
    "more",
    [
        exchange(0, seq=4),
        exchange(seq=5),
        exchange(seq=3, k=1),
    ],
    ids=["refused", "missing", "more than once"],
)
def test_what_is_not_as_it_should_be_ends_with_1(run: Run, history: Path, more: Exchange) -> None:
    append(history, more)
    assert run("ledger", str(history)).code == 1


def test_an_insert_id_that_came_twice_ends_with_1(run: Run, history: Path) -> None:
    known: dict[str, Any] = {"$insert_id": "x"}
    append(history, *[exchange(name="a", **known)] * 2)
    assert run("ledger", str(history)).code == 1


def test_equal_events_without_an_insert_id_may_be_meant(run: Run, history: Path) -> None:
    append(history, *[exchange(name="a")] * 2)
    assert run("ledger", str(history)).code == 0


def test_json_is_one_object(run: Run, history: Path) -> None:
    (record,) = run("ledger", "--json", str(history)).records
    assert record["total"]["received"] == 3
    assert record["numbers"][0]["label"] == "seq"


def test_the_property_with_the_number_can_be_chosen(run: Run, history: Path) -> None:
    append(history, *(exchange(name="a", order=each) for each in (10, 40)))
    ran = run("ledger", "--number", "order", str(history))
    assert ran.out.splitlines()[-1] == (
        "numbered by order, mixpanel-node: 10 to 40, 2 came; 29 missing: 11 to 39"
    )


def test_captures_and_histories_are_counted_together(
    run: Run, history: Path, tmp_path: Path
) -> None:
    capture = tmp_path / "urls.txt"
    capture.write_text(exchange(seq=4).request.url.replace("h.io", "api.mixpanel.com") + "\n")
    (record,) = run("ledger", "--json", str(history), str(capture)).records
    assert record["total"]["received"] == 4
    assert record["total"]["unanswered"] == 1


def test_a_capture_that_is_cut_off_ends_with_1(run: Run, history: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.har"
    cut.write_text('{"log": {"entries": [{"request": ')
    ran = run("ledger", str(history), str(cut))
    assert ran.code == 1
    assert "cut.har" in ran.err
    assert "game" in ran.out


def test_where_nothing_can_be_read_that_is_said(run: Run, tmp_path: Path) -> None:
    ran = run("ledger", str(tmp_path / "none.har"))
    assert (ran.code, ran.out) == (2, "")
    assert "There is no such file" in ran.err


def test_a_name_cannot_steer_the_terminal(run: Run, history: Path) -> None:
    append(history, exchange(name="a\x1b[2J\n", seq=4))
    out = run("ledger", str(history)).out
    assert "\x1b" not in out
    assert "a\\x1b[2J\\n" in out
