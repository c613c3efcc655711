"""Tells a request of the tracking protocol from any other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from typing import Any, NamedTuple

from trackscope.capture.report import NOT_TRACKING
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.endpoint import ENDPOINTS, endpoint_name
from trackscope.wire.glance import Glance, glance
from trackscope.wire.request import TrackRequest, host_of, param

NO_EVENT = "a path of the protocol, but no event"
"""Why a request to the path of another's tracking is passed over."""

_PARAMETERS = frozenset(("ip", "redirect", "img", "callback", "test", "verbose"))
_OURS = re.compile(r"(?:.+\.)?(?:mixpanel\.com|localhost)|127(?:\.\d+){3}|\[::1\]")
_PORT = re.compile(r":\d+\Z")
_PATH = re.compile(rb"/(?:track|engage|groups|import)(?![\w.-])")
_ESCAPE = re.compile(rb"\\(?:[tnrx]|u00(?:[014-7]|2[245fF]|3[dD]))")
"""Escapes that can hide a sign: of letters, digits' punctuation, and what URLs are rid of."""

_ESCAPED_NAME = re.compile(rb"%(?:61|64|74)")
_BEGINS_LIKE_JSON = re.compile(r"(?:%25|%)?(?:[{\[]|7[Bb]|5[Bb])|e[w-z0-9+/]|W[w-z0-9+/]")
"""How JSON begins: itself, percent-encoded, or as Base64 of `{` or `[`."""

IN_TARGET = (
    re.compile(rb"/(?:" + b"|".join(each.encode() for each in ENDPOINTS) + rb")"),
    re.compile(rb"data="),
)
"""What a tracking request has in its target or its form, as far as names are not escaped: a plain
text or a text's beginning each, which the engine finds at the speed of the memory."""

IN_BODY = (re.compile(rb"properties"), re.compile(rb"\$token"), re.compile(rb"data\\u003d"))
"""What it has in a body that is JSON, or that stands in JSON."""


def may_be_meant(request: TrackRequest) -> bool:
    """Whether a request that was pasted alone is worth showing, even if its payload is broken."""
    return has_endpoint(request) or bool(request.body) or param(request, "data") is not None


def has_endpoint(request: TrackRequest) -> bool:
    """Whether the path ends as those of the protocol do, with or without a slash."""
    return endpoint_name(request) in ENDPOINTS


class Recognised(NamedTuple):
    """Why a request is none of the protocol (empty: it is one), and what was read to find out.

    It was seen at a glance, or decoded, or neither: whoever judges it need not read it again.
    """

    reason: str
    seen: Glance | None = None
    decoded: Decoded | None = None


def why_not(request: TrackRequest, hosts: Set[str] = frozenset()) -> str:
    """Why the request is none of the protocol; empty if it is one (see `recognise`)."""
    return recognise(request, hosts).reason


def recognise(
    request: TrackRequest, hosts: Set[str] = frozenset(), *, has_host: bool = True
) -> Recognised:
    """Tell a request of the protocol from any other.

    `hosts` are further servers, in lower case, that are the service's as far as the user says. A
    path that ends in an endpoint makes it one, as does a payload that holds an event. On a
    stranger's host the payload may contradict the path: others have a `/track` too. `has_host`
    tells that the host in the URL is the one it went to: one that stands in is a stranger's.
    """
    if request.method in ("OPTIONS", "HEAD"):
        return Recognised(f"{request.method} carries no event")
    if not _may_hold_data(request) and not has_endpoint(request):
        return Recognised(NOT_TRACKING)
    seen = glance(request)
    decoded = decode(request) if seen is None else None
    events = decoded.events if decoded else seen.events if seen else None
    if events is not None and any(map(_is_record, events)):
        reason = ""
    elif not has_endpoint(request):
        reason = NOT_TRACKING
    elif has_host and _is_ours(host_of(request).lower(), hosts):
        reason = ""
    else:
        reason = "" if _may_be_ours(decoded, events) else NO_EVENT
    return Recognised(reason, seen, decoded)


def _may_hold_data(request: TrackRequest) -> bool:
    """Whether there may be a `data` parameter, its name written out or escaped, or a body."""
    return bool(request.body) or "data" in request.url or "%" in request.url


def may_track(raw: bytes) -> bool:
    """Whether a request, as a capture has it, is worth reading: quick, and never wrongly False.

    `raw` is its URL and its body as they stand in JSON (a HAR's) or in a line of a log. False
    means that `why_not` would give a reason, for whatever servers.

    >>> may_track(b'"url":"https://h/track/?v=1"'), may_track(b'"url":"https://h/tracks"')
    (True, False)
    """
    return (  # spelt out: a loop over the signs takes twice as long
        _PATH.search(raw) is not None
        or b"data=" in raw
        or b'"data"' in raw
        or b"$token" in raw
        or b'"properties' in raw
        or b'"encoding"' in raw  # a body in Base64, and the next in a file of its own
        or b'_file"' in raw
        or b"\x1f" in raw
        or (b"\\" in raw and _ESCAPE.search(raw) is not None)
        or (b"%" in raw and _ESCAPED_NAME.search(raw) is not None)
    )


def _is_ours(host: str, hosts: Set[str]) -> bool:
    """Whether the server, named with or without a port, is one of the service's or the user's."""
    name = _PORT.sub("", host)
    return _OURS.fullmatch(name) is not None or name in hosts or host in hosts


def _is_record(value: Any) -> bool:
    """An event, a profile or a group: what the SDKs put into `data`."""
    if not isinstance(value, dict):
        return False
    if "$token" in value:
        return True
    properties = value.get("properties")
    # Segment's events look alike, but for their key
    return "event" in value and "writeKey" not in value and isinstance(properties, dict)


def _may_be_ours(decoded: Decoded | None, events: Iterable[Any] | None) -> bool:
    if events is not None:
        return not any(isinstance(each, dict) and "writeKey" in each for each in events)
    if decoded is None or decoded.data is None:
        return decoded is not None and any(each.name in _PARAMETERS for each in decoded.params)
    return _BEGINS_LIKE_JSON.match(decoded.data.lstrip(" \r\n\t\"'")) is not None
