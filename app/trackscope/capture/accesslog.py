"""Access logs of web servers: common, combined, and what was made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture import logentry
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.logentry import unescaped
from trackscope.capture.loglines import are_mostly, requests
from trackscope.capture.logtime import log_time
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

_METHOD = rb"[A-Z]{3,7} "
_ENTRY = re.compile(rb'\] "' + _METHOD)
"""Where a time ends and the request line begins: `[23/Nov/2026:15:22:22 +0000] "GET `."""

_REQUEST = re.compile(rb'"(' + _METHOD + rb'[^"]* HTTP/\d(?:\.\d)?)" ?(\d{3}\b)?')
_CUT = re.compile(rb'"(' + _METHOD + rb'[^\s"]++)\s*\Z')
_ESCAPED = re.compile(rb'\\([\\"])')
_HOST = re.compile(rb"(?=[^ ]*[.:]|localhost)[\w.-]+(?::\d+)?")
_STATUS = re.compile(rb" (\d{3})\b")
_NAMED_HOST = re.compile(rb', host: "([^"\s]+)"')
_PEER = re.compile(rb", client: ([^,\s]+)")


def is_it(head: bytes) -> bool:
    """Whether most of the first lines tell of a request."""
    return are_mostly(head, _tells_of_request)


def _tells_of_request(line: bytes) -> bool:
    return not line.startswith(b"{") and bool(_ENTRY.search(line) or _REQUEST.search(line))


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The requests that a log tells of, as far as they may be tracking ones."""
    return requests(stream, report, read_line)


def read_line(number: int, line: bytes) -> Captured | None:
    """The request of a line, whatever a collector of logs put before it; None if it has none."""
    if b"\\" in line:  # so that every quote is one that stands around a field
        line = _ESCAPED.sub(lambda found: b"\\x%02x" % found[1][0], line)
    entry = _ENTRY.search(line)
    if entry is None:
        return _read_loosely(number, line)
    place = entry.start()
    start = line.rfind(b"[", 0, place)
    request, *fields = line[place + 3 :].split(b'"')
    method, target = _method_and_target(request)
    host, peer = _host_and_peer(line[:start])
    status = _STATUS.match(fields[0]) if fields else None
    has_agent = len(fields) > 3 and fields[2] == b" "
    return logentry.captured(
        number,
        method,
        target,
        host=host,
        at=log_time(line[start + 1 : place].decode("ascii", "replace")),
        status=int(status[1]) if status else None,
        peer=peer,
        referer=unescaped(fields[1]) if has_agent else "",
        agent=unescaped(fields[3]) if has_agent else "",
        is_cut=not fields,
    )


def _read_loosely(number: int, line: bytes) -> Captured | None:
    """A request line in quotes anywhere, as in nginx's error log, or at the end of a cut line."""
    found = _REQUEST.search(line) or _CUT.search(line)
    if found is None:
        return None
    method, target = _method_and_target(found[1])
    is_cut = found.re is _CUT
    status = None if is_cut else found[2]
    host, peer = _NAMED_HOST.search(line), _PEER.search(line)
    return logentry.captured(
        number,
        method,
        target,
        host=host[1].decode("ascii", "replace") if host else "",
        status=int(status) if status else None,
        peer=peer[1].decode("ascii", "replace") if peer else "",
        is_cut=is_cut,
    )


def _method_and_target(line: bytes) -> tuple[str, str]:
    """The method and the target of a request line."""
    method, _, target = unescaped(line).partition(" ")
    start, _, version = target.rpartition(" ")
    return method, start if version.startswith("HTTP/") else target


def _host_and_peer(head: bytes) -> tuple[str, str]:
    """The virtual host and the client, from what stands before the time: `host peer - user`."""
    words = head.split()
    host = b""
    if len(words) == 4 and words[1] != b"-" and _HOST.fullmatch(words[0]):
        host = words[0]
    place = words.index(b"-") - 1 if b"-" in words else len(words) - 3
    peer = words[place] if place >= 0 else b""
    return host.decode("ascii"), peer.decode("ascii", "replace")


ACCESSLOG = Format("accesslog", "an access log", is_it, read)
