from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.seeds import BODY, DATA, EVENT, URL

from trackscope.capture import table
from trackscope.capture.found import Captured
from trackscope.capture.report import Report
from trackscope.capture.stream import HEAD, MAX_LINE, Stream
from trackscope.capture.table import TABLE
from trackscope.wire.decoding import decode


def _read(source: str) -> tuple[list[Captured], Report]:
    assert TABLE.is_it(source.encode()[:HEAD])
    report = Report()
    return list(TABLE.read(Stream(io.BytesIO(source.encode())), report)), report


@pytest.mark.parametrize("delimiter", list(table.DELIMITERS))
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_urls_in_a_column_are_read_whatever_stands_between(delimiter: str, line_end: str) -> None:
    rows = [["id", "url"], ["1", f'"{URL}"'], ["2", URL]]
    found, report = _read(line_end.join(delimiter.join(row) for row in rows))
    assert [each.request.url for each in found] == [URL, URL]
    assert [each.position for each in found] == ["row 2", "row 3"]
    assert (report.is_whole, dict(report.passed_over)) == (True, {})


@pytest.mark.parametrize("delimiter", [";", ","])
def test_the_line_that_names_the_separator_is_no_row_of_the_table(delimiter: str) -> None:
    rows = [["method", "body", "url"], ["POST", BODY, "http://api.mixpanel.com/track"]]
    written = "\r\n".join(delimiter.join(row) for row in rows)
    found, report = _read(f"sep={delimiter}\r\n{written}\r\n")
    assert [(each.position, each.request.method) for each in found] == [("row 3", "POST")]
    assert [each.request.body for each in found] == [BODY.encode()]
    assert report.passed_over == {}


def test_without_names_the_first_row_counts_too() -> None:
    found, report = _read(f"1,{URL}\n2,{URL}\n3,nothing\n")
    assert [each.position for each in found] == ["row 1", "row 2"]
    assert report.passed_over == {"no tracking request": 1}


def test_line_breaks_and_quotes_within_cells_stay_there() -> None:
    text = json.dumps(EVENT, indent=1).replace('"', '""')
    found, _ = _read(f'note,payload\n"a\n""b"", c","{text}"\n"x\ny",{DATA}\n')
    assert [decode(each.request).events for each in found] == [(EVENT,)] * 2
    assert [each.position for each in found] == ["row 2", "row 3"]


def test_columns_of_a_request_are_put_together() -> None:
    found, _ = _read(
        "Time,Method,URL,Body\n"
        f"2026-11-23T10:00:00Z,POST,https://api.mixpanel.com/track,{BODY}\n1.5,GET,{URL},\n"
    )
    assert [each.request.method for each in found] == ["POST", "GET"]
    assert found[0].request.body == BODY.encode()
    assert [each.at for each in found] == [1795428000, 1.5]


def test_cells_that_were_neutralised_for_spreadsheets_are_freed() -> None:
    found, _ = _read(f"a,b\n1,{URL}\n2,'=x\n3,'-data={DATA}\n")
    assert len(found) == 1
    [freed] = table._requests([f"'=http://h/track?data={DATA}"], {})
    assert freed.request.url.startswith("http://h/")


@pytest.mark.parametrize(
    "source",
    [
        "",
        f"{URL}\n{URL}\n",
        f"one, two\nsee {URL}\n",
        f"a,b\nc\n{URL},d\n",
        f'fetch("{URL}", {{\n"a": 1,\n',
        'http://h/track?data={"event":"x","properties":{}}\n' * 2,
        "a,b\nc,d\n",
        f"<a>,b\n{URL},c\n",
    ],
)
def test_other_texts_are_no_table(source: str) -> None:
    assert not TABLE.is_it(source.encode())


def test_a_quote_that_is_not_closed_is_told() -> None:
    found, report = _read(f'a,b\n1,{URL}\n2,"{URL}\n3,x\n')
    assert len(found) >= 1
    assert "quote is not closed" in report.problems[0]


def test_a_cell_without_end_is_told_and_the_rest_is_read() -> None:
    line = "x" * 1_000_000 + "\n"
    endless = '2,"' + line * (MAX_LINE // len(line) + 2) + '"\n'
    found, report = _read(f"a,b\n1,{URL}\n{endless}3,{URL}\n")
    assert found[0].request.url == found[-1].request.url == URL
    assert "cell over 4 MB" in report.problems[0]


def test_a_row_without_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_ROW", 1000)
    rows = '"\n",' * 5000
    found, report = _read(f"1,{URL}\n" * 20 + rows)
    assert len(found) == 20
    assert "too many" in report.problems[0]


CELLS = st.text(st.characters(exclude_characters="\r\0", codec="utf-8"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6))
def test_what_the_standard_library_writes_is_read_row_by_row(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerows([["number", "url"], ["0", URL], *([a, URL + "&x=1"] for a, _ in rows)])
    found, report = _read(written.getvalue())
    assert [each.request.url for each in found] == [URL] + [f"{URL}&x=1"] * len(rows)
    assert report.is_whole
