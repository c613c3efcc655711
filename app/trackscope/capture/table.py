"""CSV and TSV: tables with URLs, form bodies, Base64 or JSON events in their cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import islice

from trackscope.capture import field
from trackscope.capture.described import moment, request_of
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.lines import lines
from trackscope.capture.report import Report
from trackscope.capture.stream import HEAD, MAX_LINE, Stream, as_text

DELIMITERS = ",;\t|"
"""What may stand between two cells, the likeliest first."""

MAX_ROW = 16 * 1024 * 1024
"""Characters of one row that are read."""

_LOOKED_AT = 20
"""Rows at the beginning by which a table is recognised."""

_NEUTRALISED = re.compile(r"'(?=[=+\-@\t\r])")
"""What exports put before a cell that a spreadsheet would run."""

_HINT = re.compile(rb"sep=[,;\t|]\r?\n", re.IGNORECASE)
"""The line by which spreadsheets tell each other what stands between the cells."""

_COLUMNS = {
    "url": ("url", "uri", "request url", "request_url", "full_url"),
    "method": ("method", "verb", "http_method", "request_method"),
    "body": ("body", "request_body", "request body", "post_data", "postdata"),
    "at": ("at", "time", "timestamp", "date", "datetime"),
}
"""What the columns of a request are called, in lower case."""

_MARKS = ("://", "data=", '"event"', '"$token"', "eyJ", "/?")
"""One of these stands in every row that holds a request; the others are not looked into."""


def is_it(head: bytes) -> bool:
    """Whether the first rows have equally many cells, and one of them holds a request."""
    return bool(_delimiter(head))


def _delimiter(head: bytes) -> str:
    """What stands between the cells; empty where this is no table."""
    head = head[hint.end() :] if (hint := _HINT.match(head)) else head
    if head.lstrip()[:1] in (b"<", b"{", b"[") or not any(
        mark.encode() in head.replace(b'""', b'"') for mark in _MARKS
    ):
        return ""
    whole = head if len(head) < HEAD else head[: head.rfind(b"\n") + 1]
    text = as_text(whole)
    return next((each for each in DELIMITERS if _is_table(text, each)), "")


def _is_table(text: str, delimiter: str) -> bool:
    read_rows = csv.reader(StringIO(text, newline="\n"), delimiter=delimiter)
    try:
        rows = list(islice(filter(None, read_rows), _LOOKED_AT))
    except csv.Error:
        return False
    widths = {len(row) for row in rows}
    if len(rows) < 2 or len(widths) != 1 or widths == {1}:
        return False
    return any(_is_whole(cell) and any(field.read(cell)) for row in rows[1:] for cell in row)


def _is_whole(cell: str) -> bool:
    """Whether a cell is no piece of a text that has delimiters of its own."""
    cell = cell.strip()
    is_cut = cell.count('"') % 2 or cell.count("{") != cell.count("}")
    return not is_cut and (cell[:1] in ("{", "[") or not re.search(r"\s", cell))


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests of every row, in order; the first row may name the columns."""
    names: dict[str, int] = {}
    title = 2 if _HINT.match(stream.head) else 1
    for number, row in _rows(stream, _delimiter(stream.head), report):
        if number <= title:
            names = _named(row)
        text = "\0".join(row)
        found = []
        if any(mark in text for mark in _MARKS):
            found = list(_requests([_NEUTRALISED.sub("", cell, count=1) for cell in row], names))
        yield from (replace(each, position=f"row {number}") for each in found)
        if not found and not (number < title or (number == title and names)):
            report.pass_over()


class _Feed:
    """Gives a CSV reader its lines, and ends a row that goes on for too long."""

    def __init__(self, stream: Stream, report: Report) -> None:
        self._lines = lines(stream, report)
        self.length = 0
        self.has_open_quote = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        _, line = next(self._lines)
        self.length += len(line)
        if self.length > MAX_ROW:
            raise csv.Error("field larger than field limit")
        self.has_open_quote ^= line.count(b'"') % 2 == 1
        return line.decode("utf-8", "surrogateescape")


def _rows(stream: Stream, delimiter: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every row that is not empty."""
    csv.field_size_limit(MAX_LINE)
    feed = _Feed(stream, report)
    number, is_ended = 0, False
    while not is_ended:
        try:
            for row in filter(None, csv.reader(feed, delimiter=delimiter or ",")):
                feed.length = 0
                number += 1
                yield number, row
            is_ended = True
        except csv.Error:
            feed.length = 0
            number += 1
            limit = f"{MAX_LINE // 1024 // 1024} MB"
            report.tell(f"Row {number} has a cell over {limit}, or too many: it was passed over.")
    if feed.has_open_quote:
        report.conclude("A quote is not closed: the file is cut off, or rows were read as one.")


def _named(row: list[str]) -> dict[str, int]:
    """Which columns hold the parts of a request, by the names in the first row."""
    names = [cell.strip().lower() for cell in row]
    places = {
        part: [names.index(name) for name in known if name in names]
        for part, known in _COLUMNS.items()
    }
    return {part: found[0] for part, found in places.items() if found}


def _requests(row: list[str], names: dict[str, int]) -> Iterator[Captured]:
    """The request that a row describes, or those in its cells."""
    parts = {part: row[place] for part, place in names.items() if place < len(row)}
    at = moment(parts.pop("at", None))
    described = request_of(parts) if "url" in parts else None
    for found in [described] if described else (each for cell in row for each in field.read(cell)):
        yield replace(found, at=at)


TABLE = Format("table", "a table", is_it, read)
