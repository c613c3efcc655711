"""HTTP messages as text: request line, headers and body, as proxies and `curl -v` show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trackscope.capture.found import Captured, carried
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

_START = re.compile(
    r"^(?P<mark>[ \t]*(?:[<>*|][ \t]?)?)"
    r"(?:(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[ ]"
    r"(?P<target>\S+)[ ]HTTP/(?P<http>\d\S*)"
    r"|HTTP/\d\S*[ ](?P<status>\d{3})(?:[ ][^\r\n]*)?)[ \t]*\r?$",
    re.MULTILINE,
)
_REQUEST = re.compile(
    r"^[ \t]*(?:[>*|][ \t]?)?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ HTTP/\d", re.MULTILINE
)
_FIELD = re.compile(r"([!#$%&'*+.^`|~\w-]+):[ \t]*([^\r\n]*)", re.ASCII)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[^\r\n]*)?\r?\n")
_WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS", "DELETE"))
_BLANK_LINE = re.compile(r"\r?\n[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class _Message:
    """A start line with what follows it; `start` and `end` delimit it in the text."""

    line: re.Match[str]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    start: int
    end: int

    def header(self, name: str) -> str:
        """The first header of that name, in lower case; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def place(text: str) -> int:
    """Where the first request line stands; -1 for nowhere."""
    match = _REQUEST.search(text)
    return match.start() if match else -1


def read(text: str, base: str) -> Iterator[Captured]:
    """Every request of the text with the answer that follows it, if any; `base` is not used."""
    number = 0
    waiting: Captured | None = None
    for message in _messages(text):
        if message.line["method"]:
            if waiting:
                yield waiting
            number += 1
            waiting = _request(message, number)
        elif waiting:
            headers, _ = carried(message.headers)
            reply = Reply(int(message.line["status"]), headers, message.body)
            yield replace(waiting, reply=reply)
            waiting = None
    if waiting:
        yield waiting


def _messages(text: str) -> Iterator[_Message]:
    line = _START.search(text)
    while line:
        following = _START.search(text, line.end())
        end = following.start() if following else len(text)
        yield _message(text, line, end)
        line = following


def _message(text: str, line: re.Match[str], end: int) -> _Message:
    mark = line["mark"].strip()
    headers: list[tuple[str, str]] = []
    place = line.end() + 1
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        field = _FIELD.match(_unmarked(text[place:stop], mark))
        place = stop + 1
        if field is None:
            break
        headers.append((field[1], field[2].rstrip()))
    place = min(place, end)
    body, length = (b"", 0) if mark else _body(text[place:end], line["method"] or "", headers)
    return _Message(line, tuple(headers), body, line.start(), place + length)


def _unmarked(line: str, mark: str) -> str:
    return line.lstrip(" \t").removeprefix(mark).lstrip(" \t")


def _body(text: str, method: str, headers: list[tuple[str, str]]) -> tuple[bytes, int]:
    """The bytes after the headers, and how many characters of the text they are.

    As many as the headers say; where they say nothing, or more than there is, one paragraph, but
    none of a method that needs no body.
    """
    known = {name.lower(): value for name, value in headers}
    body = raw_bytes(text)
    if known.get("transfer-encoding", "").lower() == "chunked" and _CHUNK.match(body):
        return _unchunked(body), len(text)
    length = known.get("content-length", "")
    if length.isdecimal() and len(length) < 10 and int(length) <= len(body):
        body = body[: int(length)]
        return body, len(body.decode("utf-8", "surrogateescape"))
    if not length and method in _WITHOUT_BODY:
        return b"", 0
    blank = _BLANK_LINE.search(text)
    paragraph = text[: blank.start()] if blank else text.rstrip()
    return raw_bytes(paragraph), len(paragraph)


def _unchunked(body: bytes) -> bytes:
    """The chunks put together, as far as they go."""
    pieces = []
    place = 0
    while size := _CHUNK.match(body, place):
        length = int(size[1], 16)
        if not length:
            break
        pieces.append(body[size.end() : size.end() + length])
        place = size.end() + length
        place += len(body[place : place + 2]) - len(body[place : place + 2].lstrip(b"\r\n"))
    return b"".join(pieces)


def _request(message: _Message, number: int) -> Captured:
    headers, secrets = carried(message.headers)
    url, note = _url(message)
    request = TrackRequest(message.line["method"], url, headers, message.body)
    notes = (*note, *secrets)
    return Captured(request, f"message {number}", (message.start, message.end), notes)


def _url(message: _Message) -> tuple[str, tuple[str, ...]]:
    """The URL of a request line, and a note on what was added to it."""
    target, host = message.line["target"], message.header("host")
    if target[:1] != "/":
        return target, ()
    # HTTP/2 is spoken over TLS only; of HTTP/1.1 the origin tells, where a browser sent it
    is_secure = message.line["http"].startswith(("2", "3")) or host.endswith(":443")
    origin = message.header("origin") or message.header("referer")
    scheme = "https" if is_secure or origin.startswith("https://") else "http"
    return f"{scheme}://{host}{target}", (f"{scheme}:// added",)
