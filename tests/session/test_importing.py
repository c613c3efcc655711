from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.session import importing
from trackscope.session.importing import Importing, Progress, State
from trackscope.session.opening import Judging
from trackscope.wire.era import rule_book
from trackscope.wire.request import TrackRequest

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
URL = f"http://api.mixpanel.com/track/?data={DATA}"
JUDGING = Judging(rule_book(), 1_800_000_000.0)


def capture(tmp_path: Path, count: int, more: str = "") -> Path:
    path = tmp_path / "urls.txt"
    path.write_text("".join(f"{URL}&n={number}\n" for number in range(count)) + more)
    return path


def ticking(step_s: float) -> itertools.count[float]:
    return itertools.count(0.0, step_s)


def test_every_exchange_is_kept_in_order_and_told(tmp_path: Path) -> None:
    kept: list[Sequence[Exchange]] = []
    run = Importing(kept.append, JUDGING, clock=lambda: 0.0)
    progress = run.run(capture(tmp_path, 2_345, "http://example.com/\n"), "urls.txt")
    assert [len(batch) for batch in kept] == [50, 1000, 1000, 295]
    positions = [each.position for each in itertools.chain(*kept)]
    assert positions == [f"line {number}" for number in range(1, 2_346)]
    assert (progress.exchanges, progress.events) == (2_345, 2_345)
    assert progress.passed_over == {"no tracking request": 1}
    assert progress.read == progress.size == (tmp_path / "urls.txt").stat().st_size
    assert progress.is_whole


def test_slow_exchanges_are_kept_as_they_come(tmp_path: Path) -> None:
    kept: list[Sequence[Exchange]] = []
    clock = ticking(importing.BATCH_S)
    Importing(kept.append, JUDGING, clock=lambda: next(clock)).run(capture(tmp_path, 5), "urls.txt")
    assert sum(map(len, kept)) == 5
    assert max(map(len, kept)) <= 2


def test_progress_is_told_while_nothing_but_noise_is_read(tmp_path: Path) -> None:
    told: list[Progress] = []
    path = tmp_path / "noise.txt"
    path.write_text("nothing to see\n" * 300_000)
    clock = ticking(importing.PROGRESS_S)
    progress = Importing(
        lambda batch: None, JUDGING, clock=lambda: next(clock), on_progress=told.append
    ).run(path, "noise.txt")
    reads = [each.read for each in told if each.state is State.READING]
    assert len(reads) > 2
    assert reads == sorted(reads)
    assert progress.exchanges == 0


def test_a_cancelled_import_keeps_what_was_read_and_says_so(tmp_path: Path) -> None:
    kept: list[Sequence[Exchange]] = []
    clock = ticking(importing.PROGRESS_S)
    progress = Importing(
        kept.append, JUDGING, clock=lambda: next(clock), is_cancelled=lambda: bool(kept)
    ).run(capture(tmp_path, 3_000), "urls.txt")
    assert progress.state is State.CANCELLED
    assert 0 < progress.exchanges < 3_000
    assert "cancelled" in progress.problems[-1]
    assert progress.exchanges == sum(map(len, kept))


def test_what_cannot_be_read_fails_with_its_sentence(tmp_path: Path) -> None:
    progress = Importing(lambda batch: None, JUDGING, clock=lambda: 0.0).run(
        tmp_path / "none", "none"
    )
    assert progress.state is State.FAILED
    assert "no such file" in progress.problems[0]
    assert not progress.is_whole


def test_another_history_is_read_as_a_capture_is(tmp_path: Path) -> None:
    path = tmp_path / "other.trackscope"
    with closing(History.open(path)) as other:
        request = TrackRequest("GET", URL)
        other.append(Exchange(request, Origin.RECEIVED, 5.0, verdict=1, names=("game",)))
    kept: list[Sequence[Exchange]] = []
    progress = Importing(kept.append, JUDGING, clock=lambda: 0.0).run(path, "other.trackscope")
    ((exchange,),) = kept
    assert progress.is_whole
    assert (exchange.origin, exchange.verdict, exchange.at) == (Origin.OPENED, 1, 5.0)
    assert (exchange.source, exchange.position) == ("other.trackscope", "exchange 1")


def test_a_database_of_others_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (a)")
    progress = Importing(lambda batch: None, JUDGING, clock=lambda: 0.0).run(path, "other.db")
    assert progress.state is State.FAILED
    assert "not a history" in progress.problems[0]
