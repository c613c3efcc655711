"""Exchanges as curl commands for bash, each to be run again or opened again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import BinaryIO

from trackscope.capture.exchange import Exchange
from trackscope.capture.export.urls import plain
from trackscope.capture.snippet import available, copy_as
from trackscope.wire.decoding import unpacked
from trackscope.wire.request import TrackRequest

FORM = "curl-bash"


def write(exchanges: Iterable[Exchange], file: BinaryIO) -> Counter[str]:
    """Write a command an exchange; what was left out, by reason, which a comment says too."""
    left_out: Counter[str] = Counter()
    for exchange in exchanges:
        request = sendable(exchange.request)
        if reason := available(request, FORM):
            left_out[reason] += 1
            which = "An exchange" if exchange.id is None else f"Exchange {exchange.id}"
            file.write(f"# {which} is left out: {reason}.\n".encode("utf-8", "backslashreplace"))
        else:
            file.write(copy_as(request, FORM).encode() + b"\n")
    return left_out


def sendable(request: TrackRequest) -> TrackRequest:
    """The request as a command can hold it, with the same events: a URL without blanks, a body
    without zero bytes where it only has them because it is compressed.
    """
    if not available(request, FORM):
        return request
    request = replace(request, url=plain(request.url))
    try:
        return unpacked(request) if b"\0" in request.body else request
    except ValueError:
        return request
