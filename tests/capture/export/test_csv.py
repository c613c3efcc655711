"""CSV that spreadsheets open as text and nothing else."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.export.test_rows import EVENTS, exchange

from trackscope.capture.export.csv import BOM, safe, write
from trackscope.capture.export.rows import COLUMNS


def table(payload: Any, *columns: str, **fields: Any) -> list[dict[str, str]]:
    file = BytesIO()
    write([exchange(payload, **fields)], file, columns)
    return list(csv.DictReader(StringIO(file.getvalue().decode(), newline=""), strict=True))


def test_every_event_is_a_line_under_the_columns_names() -> None:
    first, second = table(EVENTS, "n")
    assert list(first) == [*COLUMNS, "n", "url"]
    assert (first["event"], first["at"], first["time"], first["n"]) == (
        "a",
        "1970-01-01T00:00:12.500Z",
        "2011-11-24T00:00:00.000Z",
        "1.5",
    )
    assert json.loads(second["properties"]) == EVENTS[1]["properties"]
    assert first["url"] == "http://h:1/track/?ip=1"


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "@A1", "-A1", "\t=1", "\r", "\n=1", ' "=1', "'=1", "\ufeff=1", "＝1", "-1-1"],
)
def test_a_cell_that_would_run_begins_with_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "-5.25", "-1e-7", "5", "a=b", "", "user-1", "{}"])
def test_numbers_and_plain_texts_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


def test_an_event_s_own_texts_are_made_safe_in_every_column() -> None:
    event = {"event": "=cmd|' /C calc'!A0", "properties": {"token": "@t", "x": "+1"}}
    (row,) = table(event, "x", note="=1", source="-a")
    assert row["event"].startswith("'=")
    assert [row[name] for name in ("token", "x", "note", "source")] == ["'@t", "'+1", "'=1", "'-a"]


def test_a_column_s_name_is_made_safe_too() -> None:
    file = BytesIO()
    write([], file, ["=A1"])
    assert b",'=A1,url\r\n" in file.getvalue()


@given(st.text(st.characters(exclude_categories=())), st.text())
def test_any_text_is_one_cell_of_one_row(name: str, note: str) -> None:
    (row,) = table({"event": name, "properties": {}}, note=note)
    assert row["event"].removeprefix("'") == _seen(name).removeprefix("'")
    assert row["note"].removeprefix("'") == _seen(note).removeprefix("'")


def _seen(text: str) -> str:
    halves = "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text)
    return halves.replace("\0", "\ufffd")


def test_a_byte_order_mark_is_written_where_it_is_asked_for() -> None:
    file = BytesIO()
    write([], file, has_bom=True)
    assert file.getvalue().startswith(BOM + b"exchange_id,")
