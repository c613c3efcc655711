"""Where requests go: the built-in collector, the service's hosts, or any URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from trackscope.wire.request import TrackRequest

COLLECTOR = "Built-in collector"
ENDPOINT = "/track/"
MAX_RECENT = 8


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
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not parts.scheme or not parts.netloc:
        return ""
    return url[: url.index(parts.netloc) + len(parts.netloc)]


def with_base(request: TrackRequest, base: str) -> TrackRequest:
    """The request sent somewhere else: path and query stay."""
    old = base_of(request.url)
    rest = request.url[len(old) :] if old else request.url
    if not rest.startswith(("/", "?", "#")):
        rest = ENDPOINT
    return TrackRequest(request.method, base + rest, request.headers, request.body)


def is_loopback(url: str) -> bool:
    """Whether a URL stays on this machine; False also for what is no URL."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def with_recent(recent: Sequence[str], base: str) -> tuple[str, ...]:
    """The recent targets with this one first, each once, the oldest dropped."""
    return (base, *(each for each in recent if each != base))[:MAX_RECENT]
