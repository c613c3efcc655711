"""Which SDK sent a request, in a word or two, as quickly as a list needs it."""

from __future__ import annotations

from trackscope.wire.decoding import decode
from trackscope.wire.glance import glance
from trackscope.wire.request import TrackRequest
from trackscope.wire.sender import sender_at_a_glance, sender_of


def sender_title(request: TrackRequest) -> str:
    """Name and version of the SDK; empty where it is unknown.

    >>> sender_title(TrackRequest("GET", "http://h/track"))
    ''
    """
    seen = glance(request)
    found = sender_at_a_glance(request, seen) if seen else sender_of(request, decode(request))
    return found.title if found.name is not None else ""
