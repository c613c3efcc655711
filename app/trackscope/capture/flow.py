"""Reads mitmproxy's flow files, one flow at a time, whichever version wrote them.

A file is one tagged netstring after another, each a dictionary of what mitmproxy knew about a
flow. Over the versions (0.8 to 12) members were renamed and added; those that matter here are
asked for under every name that they had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from trackscope.capture.answer import readable
from trackscope.capture.format import Format
from trackscope.capture.found import Captured, carried, moment, wait_ms
from trackscope.capture.pieces import Pieces
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream
from trackscope.capture.tnetstring import (
    MAX_DIGITS,
    DamagedError,
    Value,
    as_bytes,
    as_number,
    as_text,
    dictionary,
    members,
    pairs,
    values,
)
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

MAX_FLOW = 32 * 1024 * 1024
"""Bytes of one flow that are read: a request of 10 MiB and what surrounds it, with room."""

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a request's body that are kept (hardening, E2)."""

MAX_HEADERS = 1000

_START = re.compile(rb"[1-9]\d{0,%d}:\d{1,2}:[a-z_]+[,;]\d{1,12}:" % (MAX_DIGITS - 1))
_HOST = re.compile(r"[^\s/?#@\\\x00-\x20]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_OTHERS = frozenset(("websocket", "tcp", "udp", "dns"))

_TOP = frozenset((b"type", b"request", b"response", b"error", b"client_conn"))
_REQUEST = frozenset(
    (b"method", b"scheme", b"host", b"port", b"path", b"authority", b"headers", b"content",
     b"body", b"timestamp_start")
)  # fmt: skip
_RESPONSE = frozenset(
    (b"status_code", b"code", b"headers", b"content", b"body", b"timestamp_start")
)
_CONNECTION = frozenset((b"peername", b"address"))

Members = Mapping[str, Value]


def is_flow_file(head: bytes) -> bool:
    """Whether a file begins like a dictionary whose first key is a name."""
    return _START.match(head) is not None


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """Every HTTP flow, in the order of the file; positions are "flow 1" and so on."""
    pieces = Pieces(stream)
    number = 0
    while length := _length(pieces, number + 1, report):
        number += 1
        if length > MAX_FLOW:
            report.pass_over(f"flow larger than {MAX_FLOW // 1024 // 1024} MB")
            is_whole = pieces.skip(length + 1) == length + 1
        else:
            content = pieces.take(length)
            mark = pieces.take(1)
            if mark not in (b"}", b""):
                report.conclude(f"Flow {number} is no flow: what came before it was read.")
                return
            is_whole = bool(mark)
            yield from _captured(dictionary(content), number, report)
        if not is_whole:
            report.conclude(f"The file ends within flow {number}: what came before was read.")
            return


def _length(pieces: Pieces, number: int, report: Report) -> int:
    """The length of the next flow; 0 where there is none, which is told unless the file ends."""
    digits = b""
    while (mark := pieces.take(1)).isdigit() and len(digits) < MAX_DIGITS:
        digits += mark
    if mark == b":" and digits and int(digits):
        return int(digits)
    if digits and not mark:
        report.conclude(f"The file ends within flow {number}: what came before was read.")
    elif digits or mark:
        report.conclude(f"The file is damaged at flow {number}: what came before was read.")
    return 0


def _captured(flow: Value, number: int, report: Report) -> Iterator[Captured]:
    top, is_whole = members(flow, _TOP)
    kind = as_text(top.get("type")) or "http"
    if kind != "http":
        report.pass_over(f"{kind} flow" if kind in _OTHERS else "flow of an unknown type")
        return
    problems = [] if is_whole else ["the flow is damaged or cut off"]
    if not is_whole:
        report.tell(f"Flow {number} is damaged or cut off: what could be read of it was.")
    parts = _dictionary(top.get("request"), _REQUEST, problems)
    if "path" not in parts and "host" not in parts:
        report.pass_over("flow without a request")
    else:
        yield _flow(top, parts, f"flow {number}", problems)


def _flow(top: Members, parts: Members, position: str, problems: list[str]) -> Captured:
    headers = _headers(parts.get("headers"), problems)
    body = _body(parts, headers, problems)
    kept, notes = carried(headers)
    method = as_text(parts.get("method")) or "GET"
    at = moment(as_number(parts.get("timestamp_start")))
    answered = _answered(top.get("response"))
    notes += answered.notes
    error = _dictionary(top.get("error"), frozenset((b"msg",)), [])
    if message := as_text(error.get("msg")):
        notes += (f"no answer: {message[:200]}",)
    return Captured(
        TrackRequest(method, _url(parts, headers), kept, body),
        position,
        notes=notes,
        at=at,
        reply=answered.reply,
        took_ms=wait_ms(at, answered.at),
        peer=_peer(top.get("client_conn")),
        problem="; ".join(problems),
    )


def _dictionary(value: Value | None, wanted: frozenset[bytes], problems: list[str]) -> Members:
    """The wanted members of a value that should be a dictionary; none where it is another."""
    if value is None or value.mark != "}":
        return {}
    found, is_whole = members(value, wanted)
    if not is_whole:
        problems.append("a part of it is no tagged netstring")
    return found


def _headers(value: Value | None, problems: list[str]) -> tuple[tuple[str, str], ...]:
    """Name and value of each header, in order."""
    headers: list[tuple[str, str]] = []
    if value is None or value.mark != "]":
        return ()
    try:
        for name, content in pairs(value):
            if len(headers) == MAX_HEADERS:
                problems.append(f"it has more than {MAX_HEADERS:,} headers: the rest is left out")
                break
            headers.append((name.decode("latin-1"), content.decode("latin-1")))
    except DamagedError:
        problems.append("its headers are damaged")
    return tuple(headers)


def _body(parts: Members, headers: tuple[tuple[str, str], ...], problems: list[str]) -> bytes:
    """The body as it travelled; where the file does not hold it (it was streamed), that is said."""
    content = as_bytes(parts.get("content", parts.get("body")))
    if content is None:
        framing = {name.lower(): value for name, value in headers}
        if "transfer-encoding" in framing or framing.get("content-length", "0") != "0":
            problems.append("its body is not in the file")
        return b""
    if len(content) > MAX_BODY:
        problems.append(f"its body is larger than {MAX_BODY // 1024 // 1024} MB: it is cut there")
    return content[:MAX_BODY]


def _url(parts: Members, headers: tuple[tuple[str, str], ...]) -> str:
    """The URL as the client meant it: a Host header says more than the address connected to."""
    path = as_text(parts.get("path")) or ""
    if path[:8].lower().startswith(("http://", "https://")):
        return path
    scheme = as_text(parts.get("scheme")) or "http"
    if scheme not in _DEFAULT_PORTS:
        scheme = "http"
    named = next((value for name, value in headers if name.lower() == "host"), "")
    for authority in (as_text(parts.get("authority")) or "", named):
        if _HOST.fullmatch(authority):
            return f"{scheme}://{authority}{path}"
    return f"{scheme}://{_address(parts, scheme)}{path}"


def _address(parts: Members, scheme: str) -> str:
    host = as_text(parts.get("host")) or ""
    if ":" in host:
        host = f"[{host}]"
    port = _port(parts.get("port"))
    return f"{host}:{port}" if port and port != _DEFAULT_PORTS[scheme] else host


def _port(value: Value | None) -> int:
    """The number of a port; 0 where there is none."""
    number = as_number(value)
    return int(number) if number is not None and 0 < number < 65_536 else 0


class _Answered(NamedTuple):
    """An answer, when its first byte came, and what there is to say about it."""

    reply: Reply | None = None
    at: float | None = None
    notes: tuple[str, ...] = ()


def _answered(value: Value | None) -> _Answered:
    problems: list[str] = []
    parts = _dictionary(value, _RESPONSE, problems)
    status = as_number(parts.get("status_code", parts.get("code")))
    if status is None or not 100 <= status <= 999:
        return _Answered()
    content = as_bytes(parts.get("content", parts.get("body")))
    if content is None:
        problems.append("its body is not in the file")
    headers = _headers(parts.get("headers"), problems)
    reply, notes = readable(int(status), headers, content or b"")
    said = tuple(f"the answer: {problem}" for problem in problems)
    return _Answered(reply, moment(as_number(parts.get("timestamp_start"))), (*notes, *said))


def _peer(connection: Value | None) -> str:
    """The client's `address:port`: a list, or in old versions a dictionary that holds one."""
    parts = _dictionary(connection, _CONNECTION, [])
    value = parts.get("peername", parts.get("address"))
    if value is not None and value.mark == "}":
        value = _dictionary(value, frozenset((b"address",)), []).get("address")
    if value is None or value.mark != "]":
        return ""
    try:
        ends = [each for each, _ in zip(values(value), range(2), strict=False)]
    except DamagedError:
        return ""
    host = as_text(ends[0]) if ends else ""
    if not host or len(ends) < 2:
        return ""
    port = _port(ends[1])
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


FLOW = Format("flow", "a mitmproxy flow file", is_flow_file, read)
