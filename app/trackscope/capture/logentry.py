"""An entry of a log as the request that it is about."""

from __future__ import annotations

import re
from functools import lru_cache

from trackscope.capture.found import Captured
from trackscope.capture.payload import DEFAULT_BASE
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

NO_BODY = "The log does not hold the body of this POST."
CUT = "The log's line is cut off."

_BASE = DEFAULT_BASE.removesuffix("/track/")
_ADDED = (f"{_BASE} added: the log does not name the server",)
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"v": b"\v", b"f": b"\f"}
_HOST = re.compile(r"(?!_\Z)(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)


def captured(
    number: int,
    method: str,
    target: str,
    *,
    host: str = "",
    scheme: str = "",
    at: float | None = None,
    status: int | None = None,
    took_ms: float | None = None,
    peer: str = "",
    referer: str = "",
    agent: str = "",
    body: bytes = b"",
    notes: tuple[str, ...] = (),
    is_cut: bool = False,
) -> Captured | None:
    """The request that line `number` tells of; None where the target is none of a resource.

    The target is kept to the letter: with `host` before it, or with the service's where the log
    does not say. What is `-` in the log is not there.
    """
    url, has_host = target, True
    if target[:1] == "/":
        has_host = _HOST.fullmatch(host) is not None
        if has_host:
            url = f"{scheme or ('https' if host.endswith(':443') else 'http')}://{host}{target}"
        else:
            url, notes = _BASE + target, _ADDED + notes
    elif target[:7].lower() != "http://" and target[:8].lower() != "https://":
        return None
    headers = []
    if referer and referer != "-":
        headers.append(("Referer", referer))
    if agent and agent != "-":
        headers.append(("User-Agent", agent))
    is_missing = method == "POST" and not body and "data=" not in target
    problem = CUT if is_cut else NO_BODY if is_missing else ""
    request = TrackRequest(method, url, tuple(headers), body)
    reply = None if status is None else _reply(status)
    position = f"line {number}"
    return Captured(request, position, None, notes, at, reply, took_ms, "", peer, problem, has_host)


def unescaped(field: bytes) -> str:
    """The text of a quoted field, without the escapes of nginx (`\\\\x22`) and Apache (`\\\\"`).

    >>> unescaped(b'a\\\\x22b\\\\"c')
    'a"b"c'
    """
    if b"\\" in field:
        field = _ESCAPE.sub(_byte, field)
    return field.decode("utf-8", "surrogateescape")


@lru_cache(maxsize=1000)
def _reply(status: int) -> Reply:
    """The answer of which a log has only the status; the same few come again and again."""
    return Reply(status)


def _byte(escape: re.Match[bytes]) -> bytes:
    code, character = escape.groups()
    return bytes.fromhex(code.decode()) if code else _CONTROLS.get(character, character)
