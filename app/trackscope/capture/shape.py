"""Tells a request of the tracking protocol from any other."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.endpoint import ENDPOINTS, endpoint_name
from trackscope.wire.request import TrackRequest, host_of, param

_PARAMETERS = frozenset(("ip", "redirect", "img", "callback", "test", "verbose"))
_OURS = re.compile(r"(?:.+\.)?(?:mixpanel\.com|localhost)|127(?:\.\d+){3}|\[::1\]")
_PORT = re.compile(r":\d+\Z")
_BEGINS_LIKE_JSON = re.compile(r"(?:%25|%)?(?:[{\[]|7[Bb]|5[Bb])|e[w-z0-9+/]|W[w-z0-9+/]")
"""How JSON begins: itself, percent-encoded, or as Base64 of `{` or `[`."""


def may_be_meant(request: TrackRequest) -> bool:
    """Whether a request that was pasted alone is worth showing, even if its payload is broken."""
    return has_endpoint(request) or bool(request.body) or param(request, "data") is not None


def has_endpoint(request: TrackRequest) -> bool:
    """Whether the path ends as those of the protocol do, with or without a slash."""
    return endpoint_name(request) in ENDPOINTS


def why_not(request: TrackRequest, hosts: Set[str] = frozenset()) -> str:
    """Why the request is none of the protocol; empty if it is one.

    `hosts` are further servers, in lower case, that are the service's as far as the user says. A
    path that ends in an endpoint makes it one, as does a payload that holds an event. On a
    stranger's host the payload may contradict the path: others have a `/track` too.
    """
    if request.method in ("OPTIONS", "HEAD"):
        return f"{request.method} carries no event"
    decoded = decode(request)
    if decoded.events is not None and any(map(_is_record, decoded.events)):
        return ""
    if not has_endpoint(request):
        return "no tracking request"
    if _is_ours(host_of(request).lower(), hosts):
        return ""
    return "" if _may_be_ours(decoded) else "a path of the protocol, but no event"


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


def _may_be_ours(decoded: Decoded) -> bool:
    if decoded.data is None:
        return any(param.name in _PARAMETERS for param in decoded.params)
    if decoded.events is not None:
        return not any(isinstance(each, dict) and "writeKey" in each for each in decoded.events)
    return _BEGINS_LIKE_JSON.match(decoded.data.lstrip(" \r\n\t\"'")) is not None
