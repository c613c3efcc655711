"""A request exactly as it goes on the wire, and its parameters.

The literal URL and the literal body are the truth; parameters, transport and payload are read
out of them, and every change splices only the part it is about, so that unknown parameters,
their order, repeats and spelling survive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote, unquote_to_bytes, urlsplit

FORM_TYPE = "application/x-www-form-urlencoded"


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
