"""Links that mail and chat programs put around a URL to check or count who follows it."""

from __future__ import annotations

import re

from trackscope.wire.request import TrackRequest, host_of, param

MAX_LAYERS = 3
"""Wrappings around wrappings that are taken off."""

_WRAPPINGS = (
    ("Safe Links", re.compile(r"(?:[\w-]+\.)*safelinks\.protection\.outlook\.com"), ("url",)),
    ("Google", re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"), ("q", "url")),
    ("Facebook", re.compile(r"lm?\.(?:facebook|instagram)\.com"), ("u",)),
    ("Slack", re.compile(r"slack-redir\.net"), ("url",)),
)
"""Who wraps, on which host, and in which parameters the URL stands."""


def unwrapped(url: str) -> tuple[str, tuple[str, ...]]:
    """The URL within a wrapping, and a note on each layer taken off.

    >>> unwrapped("https://www.google.com/url?q=http://h/track%3Fdata%3De30")
    ('http://h/track?data=e30', ('taken out of a Google link',))
    """
    notes: list[str] = []
    while len(notes) < MAX_LAYERS and (layer := _layer(url)):
        name, url = layer
        notes.append(f"taken out of a {name} link")
    return url, tuple(notes)


def _layer(url: str) -> tuple[str, str] | None:
    host = host_of(TrackRequest("GET", url[:300])).lower()
    for name, pattern, parameters in _WRAPPINGS:
        if pattern.fullmatch(host):
            found = (param(TrackRequest("GET", url), each) for each in parameters)
            inner = next((each.value for each in found if each and _is_url(each.value)), None)
            return (name, inner) if inner else None
    return None


def _is_url(value: str) -> bool:
    return value[:8].lower().startswith(("http://", "https://"))
