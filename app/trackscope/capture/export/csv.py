"""Events as CSV (RFC 4180) that a spreadsheet opens without running any of it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import BinaryIO

from trackscope.capture.exchange import Exchange
from trackscope.capture.export.instant import iso
from trackscope.capture.export.rows import COLUMNS, Row, rows, whole

BOM = b"\xef\xbb\xbf"
"""By which Excel knows UTF-8."""

_RUNS = re.compile("[\\s\"'\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""How a cell begins that a spreadsheet may take for a formula: by a sign, full-width ones too,
even after blanks and quotes, or by a tab or line break."""

_NUMBER = re.compile(r"-[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?")


def write(
    exchanges: Iterable[Exchange],
    file: BinaryIO,
    columns: Sequence[str] = (),
    *,
    has_bom: bool = False,
) -> Counter[str]:
    """Write a row an event, the properties named in `columns` after the fixed ones, the URL last.

    Nothing is left out. UTF-8; `has_bom` puts a byte order mark before it.
    """
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    file.write(BOM if has_bom else b"")
    writer.writerow(map(safe, (*COLUMNS, *map(whole, columns), "url")))
    for row in rows(exchanges, columns):
        writer.writerow([*map(safe, _cells(row)), *map(safe, row.extra), safe(row.url)])
        file.write(buffer.getvalue().encode())
        buffer.seek(0)
        buffer.truncate()
    file.write(buffer.getvalue().encode())
    return Counter()


def _cells(row: Row) -> list[object]:
    cells: dict[str, object] = {name: getattr(row, name) for name in COLUMNS}
    cells |= {"at": iso(row.at), "time": iso(row.time), "findings": " ".join(row.findings)}
    return list(cells.values())


def safe(value: object) -> str:
    """A cell that is text and nothing else: with an apostrophe before what would run.

    Numbers below zero stay numbers. A zero byte, which ends a cell for many, is replaced.

    >>> safe("=1+1"), safe(' "@SUM(A1)'), safe("-5"), safe("a=b")
    ("'=1+1", '\\' "@SUM(A1)', '-5', 'a=b')
    """
    text = "" if value is None else str(value)
    if _RUNS.match(text) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return text.replace("\0", "\ufffd")
