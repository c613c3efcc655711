"""`trackscope export`: formats, what is asked for, what is hidden, and where it goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from tests.cli.conftest import Ran, Run

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
BARE = TrackRequest("GET", "http://h.io/track/")

Export = Callable[..., Ran]


def exchange(name: str, origin: Origin = Origin.RECEIVED, **properties: Any) -> Exchange:
    event = {"event": name, "properties": {"token": TOKEN, **properties}}
    request = with_payload(BARE, json.dumps(event))
    return Exchange(request, origin, 12.5, names=(name,), verdict=1)


@pytest.fixture
def export(run: Run, tmp_path: Path) -> Export:
    """Exports a history of three exchanges, one of them with a payload that is cut off."""
    path = tmp_path / "history.trackscope"
    broken = TrackRequest("GET", "http://h.io/track/?data=eyJldm")
    with closing(History.open(path)) as history:
        history.append_many(
            [
                exchange("game", email="ann@example.com", level=3),
                exchange("over", Origin.SENT, email="bob@example.com"),
                Exchange(broken, Origin.OPENED, 13.5),
            ]
        )
    return lambda *arguments: run("export", str(path), *arguments)


def test_lines_are_the_default_oldest_first_with_tokens_masked(export: Export) -> None:
    ran = export()
    assert [record["id"] for record in ran.records] == [1, 2, 3]
    assert [record["events"] and record["events"][0]["event"] for record in ran.records] == [
        "game", "over", None,
    ]  # fmt: skip
    assert ran.code == 0
    assert TOKEN not in ran.out
    assert ran.err == (
        "trackscope: 1 without their payload: it cannot be read, so nothing in it could be masked. "
        "Include secrets to keep it.\n"
    )


def test_secrets_are_included_where_that_is_asked_for(export: Export) -> None:
    ran = export("--include-secrets")
    assert ran.records[0]["events"][0]["properties"]["token"] == TOKEN
    assert ran.records[2]["url"] == "http://h.io/track/?data=eyJldm"
    assert ran.err == ""


def test_only_what_is_asked_for_is_written(export: Export) -> None:
    assert [record["id"] for record in export("--origin", "sent").records] == [2]
    assert [record["id"] for record in export("--where", "GAME").records] == [1]
    assert [record["id"] for record in export("--where", "-event:game verdict:1").records] == [2]
    assert export("--where", "nothing").out == ""


def test_a_filter_with_a_mistake_is_bad_usage(export: Export) -> None:
    ran = export("--where", "verdict:7")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "trackscope: --where cannot be read: verdict: takes 1, 0 or none.\n"


def test_a_property_can_be_masked_too(export: Export) -> None:
    ran = export("--mask", "Email", "--mask", "level")
    first, second = (record["events"][0]["properties"] for record in ran.records[:2])
    assert first["email"].startswith("masked-")
    assert first["level"].startswith("masked-")
    assert first["email"] != second["email"]
    assert "example.com" not in ran.out


@pytest.mark.parametrize("kind", ["json", "csv", "har", "curl", "urls"])
def test_every_text_format_goes_to_standard_output(export: Export, kind: str) -> None:
    ran = export("--format", kind)
    assert ran.code == 0
    assert "h.io/track/" in ran.out
    assert TOKEN not in ran.out


def test_a_table_has_the_columns_that_are_named(export: Export) -> None:
    head, first, *_ = export("--format", "csv", "--columns", "level", "--bom").out.splitlines()
    assert head.startswith("\ufeffexchange_id,")
    assert head.endswith(",note,level,url")
    assert ",3,http" in first
    ran = export("--columns", "level")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "trackscope: JSON lines has no columns. Leave --columns out, or choose CSV.\n"


def test_a_file_is_written_whole_and_its_count_is_told(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    ran = export("--format", "parquet", "--output", str(path))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith(f"trackscope: 3 exchanges written to {path}.\n")
    assert pq.read_table(path).column("event").to_pylist() == ["game", "over", None]


def test_parquet_is_not_written_to_a_terminal(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = export("--format", "parquet")
    assert (ran.code, ran.out) == (2, "")
    assert "is no text for a terminal. Name a file with --output." in ran.err


def test_a_place_that_cannot_be_written_ends_with_2(export: Export, tmp_path: Path) -> None:
    for place, reason in ((tmp_path, "it is a folder"), (tmp_path / "no" / "x", "No such file")):
        ran = export("--output", str(place))
        assert (ran.code, ran.out) == (2, "")
        assert reason in ran.err
        assert "Choose another place." in ran.err


def test_a_history_that_is_missing_or_damaged_ends_with_2(run: Run, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    for history in (tmp_path / "missing", damaged):
        ran = run("export", str(history), "--output", str(tmp_path / "out"))
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("trackscope: ")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["damaged"]


def test_a_capture_is_not_called_a_damaged_history(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_text('{"log": {"version": "1.2", "entries": []}}')
    ran = run("export", str(path), "--format", "csv")
    assert (ran.code, ran.out) == (2, "")
    assert f"{path} is no history." in ran.err
    assert f"trackscope decode {path} --format csv" in ran.err
