"""Long lists of URLs, a line each: texts that are too large to be read as a whole."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from trackscope.capture import text
from trackscope.capture.found import Captured
from trackscope.capture.loglines import candidates
from trackscope.capture.report import Report
from trackscope.capture.stream import line_blocks
from trackscope.wire.request import TrackRequest

NO_URL = "a line without a URL"

_ONLY_URLS = (
    "The text is so large that it was read line by line: the URLs in it, but no commands, no "
    "payloads, and no URL over several lines."
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(pieces: Iterable[bytes], report: Report) -> Iterator[Captured]:
    """Every URL that may be a tracking one, as a GET; a line that is not just a URL is told of."""
    for number, raw in candidates(line_blocks(_as_utf8(pieces)), report):
        line = raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        position = f"line {number}"
        url = _only_url(line)
        if url:
            yield Captured(TrackRequest("GET", url), position)
            continue
        report.conclude(_ONLY_URLS)
        links = list(text.links(line))
        for link in links:
            yield Captured(TrackRequest("GET", link.url), position, None, link.notes)
        if not links:
            report.pass_over(NO_URL)


def _only_url(line: str) -> str:
    """The URL that a line is, with nothing to be undone in it; empty if it is not just one."""
    words = line.split()
    if len(words) != 1 or "&amp;" in words[0]:
        return ""
    return words[0] if words[0][:8].lower().startswith(("http://", "https://")) else ""


def _as_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The text as UTF-8 where it begins with the mark of UTF-16, else as it is."""
    decoder: codecs.IncrementalDecoder | None = None
    for index, piece in enumerate(pieces):
        if index == 0 and piece.startswith(_UTF16):
            decoder = codecs.getincrementaldecoder("utf-16")("replace")
        yield decoder.decode(piece).encode() if decoder else piece
