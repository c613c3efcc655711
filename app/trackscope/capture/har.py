"""HAR files, versions 1.1 and 1.2: what browsers, proxies and test tools save of a session.

The layout is that of http://www.softwareishard.com/blog/har-12-spec/; what the exporters make of
it differs, see docs/decisions/0030-har.md.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any

from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.har_body import Bodies
from trackscope.capture.har_entries import Entries
from trackscope.capture.har_entry import captured, why_none
from trackscope.capture.har_window import Window, parsed, value_at
from trackscope.capture.report import Report
from trackscope.capture.stream import CHUNK, Stream
from trackscope.errors import SourceError

MAX_AROUND = 16 * 1024 * 1024
"""Bytes before the entries, and behind them, that are read: pages, browser, comments."""

LOOK_AHEAD = 8 * 1024 * 1024
"""Bytes in which pages that stand behind the entries are found."""

MAX_TRIES = 100
"""Keys "entries" that are looked at to find the one of the log."""

_MAX_KEY = 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*+")
_LOG = re.compile(rb'"log"\s*+:\s*+\{\s*+"(?:version|creator|browser|pages|entries|comment|_\w*)"')
_BARE = re.compile(rb'\{\s*+"(?:version|creator|browser|pages|entries|comment)"')
_SIGN = re.compile(rb'"(?:startedDateTime|creator)"\s*+:|"entries"\s*+:\s*+\[\s*+\]')
_LIST = re.compile(rb'(?<!\\)"entries"[ \t\r\n]*:[ \t\r\n]*(?=[^ \t\r\n])')
_PAGES = re.compile(rb'(?<!\\)"pages"[ \t\r\n]*:[ \t\r\n]*(?=\[)')

_OPENINGS = (b'{"log":{"entries":[]', b'{"entries":[]')


def _is_har(head: bytes) -> bool:
    if head.startswith(_UTF16):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not head.startswith(b"{"):
        return False
    return bool(_LOG.search(head) or (_BARE.match(head) and _SIGN.search(head)))


def read_with(stream: Stream, report: Report, bodies: Bodies) -> Iterator[Captured]:
    """The requests of a HAR file; `bodies` gives those that stand in files of their own."""
    window = Window(_utf8(stream))
    pages = _opened(window)
    entries = Entries(window, report)
    for entry in entries:
        reason = why_none(entry.value)
        if reason:
            report.pass_over(reason)
        else:
            yield captured(entry, pages, bodies)
    if entries.is_closed and not _is_closed(window):
        report.conclude(
            f"What follows the {entries.index:,} entries is not how a HAR file ends: it may be cut "
            "off or damaged. All entries were read."
        )


def _read(stream: Stream, report: Report) -> Iterator[Captured]:
    return read_with(stream, report, lambda name: None)


HAR = Format("har", "a HAR file", _is_har, _read)


def _utf8(stream: Stream) -> Callable[[int], bytes]:
    """How to read the stream as UTF-8, whichever it is in."""
    if not stream.head.startswith(_UTF16):
        return stream.read
    decoder = codecs.getincrementaldecoder("utf-16")("replace")

    def read(length: int) -> bytes:
        while piece := stream.read(min(length, CHUNK)):
            if text := decoder.decode(piece):
                return text.encode("utf-8", "replace")
        return b""

    return read


def _opened(window: Window) -> dict[str, str]:
    """Move the window into the list of entries; the names of the pages by their ids."""
    log, end = _log_before_entries(window)
    if window.data[end] != ord("["):
        raise SourceError("log.entries is no list in this HAR file.", "Export it anew.")
    window.place = end + 1
    return _names(log["pages"] if "pages" in log else _pages_behind(window))


def _log_before_entries(window: Window) -> tuple[dict[str, Any], int]:
    """What of the log stands before its entries, and where their value begins."""
    searched = tries = 0
    while tries < MAX_TRIES and len(window.data) <= MAX_AROUND:
        match = _LIST.search(window.data, searched)
        if match is not None:
            log = _log(window.data[: match.start()])
            if log is not None:
                return log, match.end()
            searched = match.end()
            tries += 1
        else:
            searched = max(searched, len(window.data) - _MAX_KEY)
            if not window.grow():
                break
    raise SourceError(
        "It looks like a HAR file, but no list of entries begins in it.",
        "It may be cut off: export it anew.",
    )


def _log(before: bytes) -> dict[str, Any] | None:
    """What of the log stands before its entries; None where the entries are not the log's."""
    before = before[_BLANK.match(before).end() :]  # type: ignore[union-attr]  # matches always
    for closing in (b'"entries":0}}', b'"entries":0}'):
        try:
            value = parsed(before + closing)
        except ValueError:
            continue
        log = value.get("log") if closing.endswith(b"}}") else value
        if isinstance(log, dict) and log.get("entries") == 0:
            return log
    return None


def _pages_behind(window: Window) -> Any:
    """The pages of a file that is small enough to be held as a whole."""
    if window.fill(LOOK_AHEAD):
        return None
    try:
        *_, last = _PAGES.finditer(window.data, window.place)
        return parsed(value_at(window.data, last.end()))
    except ValueError:  # there is none, or it is cut off
        return None


def _names(pages: Any) -> dict[str, str]:
    """Titles by ids; a page without a title is named by its address, else by its id."""
    names = {}
    for page in pages if isinstance(pages, list) else ():
        if isinstance(page, dict) and page.get("id") and isinstance(page["id"], str):
            words = (page.get("title"), page.get("_url"), page["id"])
            names[page["id"]] = next(word for word in words if isinstance(word, str) and word)
    return names


def _is_closed(window: Window) -> bool:
    """Whether what stands behind the entries completes the JSON."""
    while window.held <= MAX_AROUND and window.grow():
        pass
    rest = window.data[window.place :].rstrip(b"\0 \t\r\n")
    return any(_is_json(opening + rest) for opening in _OPENINGS)


def _is_json(raw: bytes) -> bool:
    try:
        parsed(raw)
    except ValueError:
        return False
    return True
