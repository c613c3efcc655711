"""Exchanges as a list of URLs, one a line, each a GET that carries the same events."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import BinaryIO
from urllib.parse import quote

from trackscope.capture.exchange import Exchange
from trackscope.wire.decoding import decode
from trackscope.wire.editing import with_param, with_transport
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.request import TrackRequest, query_span

HEADING = (
    "# One URL an exchange. What was posted stands in the query so that the same events open "
    "again. Headers and answers are left out.\n"
)

_ODD = re.compile(r"[^!#-&(-+\--:=?-\[\]_a-z~]")
_ENDING = re.compile(r"[.:!*)\]?]\Z")


def write(exchanges: Iterable[Exchange], file: BinaryIO) -> Counter[str]:
    """Write the URLs; what was left out, by reason, which the end of the file says too."""
    left_out: Counter[str] = Counter()
    file.write(HEADING.encode())
    for exchange in exchanges:
        if reason := why_not(exchange.request):
            left_out[reason] += 1
        else:
            file.write(url_of(exchange.request).encode() + b"\n")
    for reason, count in sorted(left_out.items()):
        file.write(f"\n# {count:,} left out: {reason}\n".encode())
    return left_out


def why_not(request: TrackRequest) -> str:
    """Why no URL means the same as the request; empty if one does."""
    if request.method in ("HEAD", "OPTIONS"):
        return f"{request.method} carries no event but its URL would"
    if not request.url[:8].lower().startswith(("http://", "https://")):
        return "its URL does not begin with http:// or https://"
    return ""


def url_of(request: TrackRequest) -> str:
    """The URL of a GET with the same parameters and payload, one word in ASCII.

    >>> url_of(TrackRequest("POST", "http://h/track/?ip=1", (), b"data=e30%3D&verbose=1"))
    'http://h/track/?data=e30%3D&ip=1&verbose=1'
    """
    if request.method != "GET" or request.body:
        decoded = decode(request)
        form = "base64" if decoded.is_base64 else "json"
        has_data = decoded.data is not None
        request = with_transport(request, f"query-{form}")
        request = request if has_data else with_param(request, "data", None)
    return plain(request.url[: query_span(request.url)[1]])


def plain(url: str) -> str:
    """The URL as any reader of texts takes it whole: what could end it or be an escape in it
    (blanks, quotes, commas, the semicolon of `&amp;`, a full stop at its end) percent-encoded.
    """
    url = _ODD.sub(lambda found: quote(raw_bytes(found.group()), safe=""), url)
    if url.find("?") == len(url) - 1:
        return url  # an empty query, not a question
    return _ENDING.sub(lambda found: f"%{ord(found.group()):02X}", url)
