"""Parquet that other engines read, written a row group at a time."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import duckdb
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from tests.capture.export.test_rows import EVENTS, exchange

from trackscope.capture.export import parquet
from trackscope.capture.export.rows import COLUMNS
from trackscope.errors import UsageError
from trackscope.wire.reply import Reply


def test_the_schema_is_typed_and_the_same_with_and_without_rows() -> None:
    schemas = []
    for exchanges in ([], [exchange(EVENTS)]):
        file = BytesIO()
        parquet.write(exchanges, file, ["n"])
        schemas.append(pq.read_schema(BytesIO(file.getvalue())))
    assert schemas[0] == schemas[1]
    assert schemas[0].names == [*COLUMNS, "n"]
    types = {field.name: str(field.type) for field in schemas[0]}
    assert (types["at"], types["time"]) == ("timestamp[us, tz=UTC]",) * 2
    assert (types["exchange_id"], types["verdict"], types["status"]) == ("int64", "int8", "int16")
    assert types["findings"] == "list<element: string>"
    assert {types[name] for name in ("event", "properties", "time_raw", "n")} == {"string"}


def test_another_engine_reads_the_events(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    with path.open("wb") as file:
        parquet.write([exchange(EVENTS, reply=Reply(200), verdict=1)], file)
    found = duckdb.execute(
        f"SELECT event, verdict, status, epoch(time), properties->>'$.tags[0]' FROM '{path}'"
    )
    assert found.fetchall() == [("a", 1, 200, 1322092800.0, None), ("b", 1, 200, None, "x")]


def test_properties_that_json_readers_trip_over_are_json_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    odd = (
        '{"event":"a\\u0000b","properties":{"h":"\\ud800","z":"\\u0000","n":NaN,'
        f'"i":{"9" * 400},"d":{"[" * 150}{"]" * 150}}}}}'
    )
    with path.open("wb") as file:
        parquet.write([exchange(odd)], file)
    found = duckdb.execute(f"SELECT event, json_valid(properties) FROM '{path}'").fetchall()
    assert found == [("a\0b", True)]


def test_a_row_group_ends_where_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 3)
    file = BytesIO()
    parquet.write([exchange(EVENTS) for _ in range(4)], file)
    read = pq.ParquetFile(BytesIO(file.getvalue()))
    assert [read.metadata.row_group(index).num_rows for index in range(3)] == [3, 3, 2]


def test_large_values_make_a_row_group_end_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_CHARACTERS", 2_000_000)
    large = {"event": "a", "properties": {"x": "y" * 1_000_000}}
    file = BytesIO()
    parquet.write([exchange(large) for _ in range(4)], file)
    assert pq.ParquetFile(BytesIO(file.getvalue())).num_row_groups == 2


def test_numbers_beyond_a_column_s_type_are_left_empty() -> None:
    file = BytesIO()
    parquet.write([exchange(EVENTS[0], reply=Reply(10**20), verdict=1000)], file)
    (row,) = pq.read_table(BytesIO(file.getvalue())).to_pylist()
    assert (row["status"], row["verdict"]) == (None, None)


def test_without_pyarrow_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r'pip install "trackscope\[parquet\]"'):
        parquet.write([], BytesIO())
