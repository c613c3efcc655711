"""What was found in a text: the requests, and what was passed over and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization"))
"""Headers that are neither read from a text nor copied into one."""

_TRANSPORT_HEADERS = frozenset(
    (
        "accept-encoding", "alt-used", "connection", "content-length", "expect", "host",
        "http2-settings", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    )
)  # fmt: skip

_LAST_MOMENT = 253_402_300_800.0
"""The end of the year 9999 in seconds since 1970: beyond it a time is none."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A request found in a text or capture, with what the capture knows about it.

    `position` says where in words ("command 2", "line 3", "entry 12"), `span` as start and end in
    characters where that is known. `notes` name what was left out or changed while reading. `at`
    is when it was sent or received (seconds since 1970, UTC), `page` the navigation it belongs
    to, `peer` who sent it. `problem` says why the request itself could not be read as a whole
    (a body the capture does not hold, say); `request` then has what there is. `has_host` tells
    that the capture names the server; otherwise one stands in for it, so that there is a URL.
    """

    request: TrackRequest
    position: str
    span: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    at: float | None = None
    reply: Reply | None = None
    took_ms: float | None = None
    page: str = ""
    peer: str = ""
    problem: str = ""
    has_host: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """The requests of a text.

    `kind` is one of url, urls, curl, base64, json, form, http, html, python, javascript,
    powershell, ndjson, mail, table, text. `passed_over` counts by reason what was read and is no
    tracking request. `problem` is a sentence for the user when there are no requests, else empty;
    `unread` are sentences on parts that could not be read.
    """

    requests: tuple[Captured, ...]
    kind: str
    passed_over: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    problem: str = ""
    unread: tuple[str, ...] = ()


def carried(
    headers: tuple[tuple[str, str], ...],
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The headers that belong to a request, and a note for each secret that was left out.

    What the client computes for each connection (Host, Content-Length, …) and HTTP/2's pseudo
    headers are dropped in silence: whoever sends the request computes them again.
    """
    kept = []
    notes = []
    for name, value in headers:
        lower = name.lower()
        if lower in SECRET_HEADERS:
            notes.append(f"{name} is left out: it is a secret")
        elif lower not in _TRANSPORT_HEADERS and not lower.startswith(":"):
            kept.append((name, value))
    return tuple(kept), tuple(dict.fromkeys(notes))


def moment(seconds: float | None) -> float | None:
    """A capture's time (seconds since 1970) where it can be one; None where it is nonsense.

    >>> moment(1700000000.5), moment(-1), moment(1e300)
    (1700000000.5, None, None)
    """
    return seconds if seconds is not None and 0 < seconds < _LAST_MOMENT else None


def wait_ms(at: float | None, answered_at: float | None) -> float | None:
    """Milliseconds to the answer's first byte; a clock that was set back makes it 0."""
    if at is None or answered_at is None:
        return None
    return max(0.0, (answered_at - at) * 1000)
