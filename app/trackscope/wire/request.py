"""A request exactly as it goes on the wire, and its parameters.

The literal URL and the literal body are the truth; parameters, transport and payload are read
out of them, and every change splices only the part it is about, so that unknown parameters,
their order, repeats and spelling survive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

from trackscope.wire.encoding import percent_decoded, raw_bytes

FORM_TYPE = "application/x-www-form-urlencoded"

MAX_PARAMS = 1000
"""Pieces that a query or a form is cut into; what follows stays with the last (hardening, E6)."""

_BASE64 = re.compile(r"[A-Za-z0-9+/=]*")
_NO_FORM = (b"{", b"[", b"\x1f\x8b", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""How bodies begin that are JSON, gzip, or JSON behind a byte order mark."""


class Carrier(StrEnum):
    """Where the payload travels."""

    QUERY = "query"
    FORM = "form"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Param:
    """One `name=value` piece of the query or of the form body.

    `start` and `end` delimit the piece in the URL (characters) or the body (bytes), and
    `value_start` its literal value; `name` and `value` are form-decoded. Bytes that are no
    UTF-8 stand as surrogate escapes.
    """

    name: str
    value: str
    carrier: Carrier
    start: int
    value_start: int
    end: int


@dataclass(frozen=True, slots=True)
class TrackRequest:
    """Method, literal URL, headers in order, literal body. All as sent; nothing is normalised.

    >>> request = TrackRequest("GET", "http://h/track/?data=e30%3D&ip=1&ip=0")
    >>> [(param.name, param.value) for param in params(request)]
    [('data', 'e30='), ('ip', '1'), ('ip', '0')]
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


def form_decode(raw: str | bytes) -> str:
    """Decode `+` and `%XX`; what is no UTF-8 becomes surrogate escapes, so nothing is lost.

    >>> form_decode("a%2Bb+c%")
    'a+b c%'
    """
    if isinstance(raw, bytes):
        raw = raw.decode("utf-8", "surrogateescape")
    if "+" in raw:
        raw = raw.replace("+", " ")
    if "%" not in raw:
        return raw
    return percent_decoded(raw)


def form_encode(value: str) -> str:
    """Encode a value for a query or form, every reserved character as `%XX`.

    >>> form_encode("a+b c=")
    'a%2Bb%20c%3D'
    """
    if _BASE64.fullmatch(value):  # nearly every value is, and can be a megabyte long
        return value.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return quote(raw_bytes(value), safe="")


def query_span(url: str) -> tuple[int, int]:
    """Start and end of the query in a URL; an empty span at the end where there is none."""
    end = url.find("#")
    if end < 0:
        end = len(url)
    start = url.find("?", 0, end)
    return (start + 1, end) if start >= 0 else (end, end)


def params(request: TrackRequest) -> tuple[Param, ...]:
    """Every parameter in order: those of the query, then those of the form body."""
    start, end = query_span(request.url)
    found = _pieces(request.url[start:end], start, Carrier.QUERY)
    if request.body and is_form(request):
        # latin-1 keeps one character a byte, so that the offsets are offsets of bytes
        found += _pieces(request.body.decode("latin-1"), 0, Carrier.FORM)
    return tuple(found)


def _pieces(text: str, start: int, carrier: Carrier) -> list[Param]:
    pieces = []
    for piece in text.split("&", MAX_PARAMS - 1):
        if piece:
            name, _, value = piece.partition("=")
            if carrier is Carrier.FORM:
                name, value = _bytes_decode(name), _bytes_decode(value)
            else:
                name, value = form_decode(name), form_decode(value)
            mark = piece.find("=")
            value_start = start + (mark + 1 if mark >= 0 else len(piece))
            pieces.append(Param(name, value, carrier, start, value_start, start + len(piece)))
        start += len(piece) + 1
    return pieces


def _bytes_decode(piece: str) -> str:
    return form_decode(piece if piece.isascii() else piece.encode("latin-1"))


def param(request: TrackRequest, name: str) -> Param | None:
    """The parameter that counts: the first in the query, else the first in the form body."""
    return chosen(params(request), name)


def chosen(found: tuple[Param, ...], name: str) -> Param | None:
    """The parameter of that name that counts, among those of a request."""
    return next((each for each in found if each.name == name), None)


def is_form(request: TrackRequest) -> bool:
    """Whether the body is read as a form: any body that is not bare JSON and not compressed.

    The Content-Type decides nothing: sendBeacon sends forms as text/plain, others send none
    (sdk-facts, "Decoding" 8).
    """
    head = request.body.lstrip()
    return bool(head) and not head.startswith(_NO_FORM)


def host_of(request: TrackRequest) -> str:
    """Host and port as written in the URL, without user information; empty if there is none."""
    try:
        return urlsplit(request.url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def endpoint_of(request: TrackRequest) -> str:
    """The path without its trailing slash, `/track` for `/track/`; `/` for none."""
    try:
        path = urlsplit(request.url.partition("?")[0]).path  # which it has nearly always seen
    except ValueError:
        path = ""
    return path.rstrip("/") or "/"
