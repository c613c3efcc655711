"""The texts of a request that can be read and edited: URL, body, Base64, JSON.

`render` gives the text, or the last good one's problem; `apply` is total: any text makes a
request, since a debugger must be able to send a broken one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from trackscope.wire.decoding import Decoded, Flaw
from trackscope.wire.editing import with_data, with_payload
from trackscope.wire.encoding import to_bytes
from trackscope.wire.finding import Face
from trackscope.wire.request import Carrier, TrackRequest


@dataclass(frozen=True, slots=True)
class Rendered:
    """A face's text; None with the flaw that leaves the face at its last good text."""

    text: str | None
    flaw: Flaw | None = None


class Lens(Protocol):
    """One textual face of a request."""

    face: Face

    def render(self, request: TrackRequest, decoded: Decoded) -> Rendered:
        """The face's text for a request."""

    def apply(
        self, text: str, request: TrackRequest, decoded: Decoded | None = None
    ) -> TrackRequest:
        """The request after the face's text was edited to this.

        `decoded` is what the request carries before, where that is known already.
        """


class UrlLens:
    """The literal URL."""

    face = Face.URL

    def render(self, request: TrackRequest, decoded: Decoded) -> Rendered:
        """The URL as it is."""
        return Rendered(request.url)

    def apply(
        self, text: str, request: TrackRequest, decoded: Decoded | None = None
    ) -> TrackRequest:
        """The request to that URL."""
        return replace(request, url=text)


class BodyLens:
    """The literal body of a POST."""

    face = Face.BODY

    def render(self, request: TrackRequest, decoded: Decoded) -> Rendered:
        """The body as text; bytes that are no UTF-8 as surrogate escapes."""
        return Rendered(request.body.decode("utf-8", "surrogateescape"))

    def apply(
        self, text: str, request: TrackRequest, decoded: Decoded | None = None
    ) -> TrackRequest:
        """The request with that body."""
        try:
            return replace(request, body=text.encode("utf-8", "surrogateescape"))
        except UnicodeEncodeError:  # halves of pairs that stand for no byte
            return replace(request, body=to_bytes(text))


class DataLens:
    """The value of `data`, which is Base64 as the specification wants it."""

    face = Face.DATA

    def render(self, request: TrackRequest, decoded: Decoded) -> Rendered:
        """The value after form-decoding, whatever it holds."""
        if decoded.transport.startswith(Carrier.BODY):
            flaw = Flaw("data.json-body", "The body is bare JSON: there is no Base64")
            return Rendered(None, flaw)
        return Rendered(decoded.data or "")

    def apply(
        self, text: str, request: TrackRequest, decoded: Decoded | None = None
    ) -> TrackRequest:
        """The request with that value of data."""
        return with_data(request, text)


class JsonLens:
    """The JSON text that `data` holds."""

    face = Face.JSON

    def render(self, request: TrackRequest, decoded: Decoded) -> Rendered:
        """The JSON text, with its flaw if it cannot be parsed; None where `data` is broken."""
        if decoded.json_text is None and decoded.flaw and decoded.flaw.rule == "data.missing":
            return Rendered("", decoded.flaw)
        return Rendered(decoded.json_text, decoded.flaw)

    def apply(
        self, text: str, request: TrackRequest, decoded: Decoded | None = None
    ) -> TrackRequest:
        """The request with that payload, in the transport it has."""
        return with_payload(request, text, decoded)
