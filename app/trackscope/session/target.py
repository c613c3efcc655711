"""Where requests go: the built-in collector, the service's hosts, or any URL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trackscope.errors import SendError
from trackscope.sender.outgoing import address_of
from trackscope.wire.request import TrackRequest

COLLECTOR = "Built-in collector"
ENDPOINT = "/track/"
MAX_RECENT = 8

_BASE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+")


@dataclass(frozen=True, slots=True)
class Target:
    """A place to send to: `base` is scheme and authority, `http://127.0.0.1:8700`."""

    label: str
    base: str

    @property
    def url(self) -> str:
        """The URL of the endpoint there."""
        return self.base + ENDPOINT


SERVICE_TARGETS = (
    Target("Mixpanel", "https://api.mixpanel.com"),
    Target("Mixpanel, EU", "https://api-eu.mixpanel.com"),
    Target("Mixpanel, India", "https://api-in.mixpanel.com"),
)
"""The service's hosts (wire-facts, §1)."""


def base_of(url: str) -> str:
    """Scheme and authority of a URL as they are written; empty where there are none."""
    found = _BASE.match(url)
    return found[0] if found else ""


def with_base(request: TrackRequest, base: str) -> TrackRequest:
    """The request sent somewhere else: path and query stay."""
    old = base_of(request.url)
    rest = request.url[len(old) :] if old else request.url
    if not rest.startswith(("/", "?", "#")):
        rest = ENDPOINT
    return TrackRequest(request.method, base + rest, request.headers, request.body)


def is_loopback(url: str) -> bool:
    """Whether a URL stays on this machine; False also for what is no URL.

    Read as the sender reads it: what is asked about is where the request goes.
    """
    try:
        return address_of(url).is_loopback
    except SendError:
        return False


def with_recent(recent: Sequence[str], base: str) -> tuple[str, ...]:
    """The recent targets with this one first, each once, the oldest dropped."""
    return (base, *(each for each in recent if each != base))[:MAX_RECENT]
