"""Logs in W3C's extended format, as CloudFront and IIS write them: `#Fields:` names the columns."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from trackscope.capture import logfields
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.logfields import plain
from trackscope.capture.loglines import BLOCK, NO_REQUEST, candidates
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream
from trackscope.wire.request import form_decode

_FIELDS = b"#Fields:"
_HEADER = re.compile(_FIELDS)
_TARGETS = (b"cs-uri", b"cs-uri-stem")
_ESCAPED_ONLY = re.compile(r"%(?!25)")
_UNDONE = ("the log's own percent-encoding is undone",)


def is_it(head: bytes) -> bool:
    """Whether one of the comments it begins with names columns for requests."""
    for line in head.removeprefix(BOM_UTF8).split(b"\n"):
        if line.startswith(_FIELDS):
            return any(target in line.split() for target in _TARGETS)
        if line.strip() and not line.startswith(b"#"):
            break
    return False


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests that a log tells of, as far as they may be tracking ones."""
    columns: list[str] = []
    for number, line in candidates(stream.blocks(BLOCK), report, (_HEADER,)):
        if line.startswith(_FIELDS):
            columns = line.removeprefix(_FIELDS).decode("ascii", "replace").split()
            continue
        found = _captured(number, columns, line)
        if found is None:
            report.pass_over(NO_REQUEST if columns else "a line before #Fields names its columns")
        else:
            yield found


def _captured(number: int, columns: list[str], line: bytes) -> Captured | None:
    text = line.decode("utf-8", "surrogateescape")
    # IIS separates by a space, and writes those within a value as +.
    values = text.split("\t") if "\t" in text else text.split(" ")
    if len(values) != len(columns):
        return None
    fields = {plain(name): value for name, value in zip(columns, values, strict=True)}
    for name in ("csuseragent", "csreferer"):
        fields[name] = _without_escapes(fields.get(name, "-"))
    query = fields.get("csuriquery", "")
    # CloudFront escapes the % of a query once more, or does not: as one of its ages does.
    is_escaped = "%25" in query and not _ESCAPED_ONLY.search(query)
    if is_escaped:
        fields["csuriquery"] = query.replace("%25", "%")
    return logfields.captured(number, fields, _UNDONE if is_escaped else ())


def _without_escapes(value: str) -> str:
    return form_decode(form_decode(value)) if "%25" in value else form_decode(value)


W3CLOG = Format("w3clog", "a log in W3C's extended format", is_it, read)
