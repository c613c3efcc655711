"""Where a finding, or a selected value, stands in each of the request's texts.

The faces follow from each other: a character of the JSON is one or more bytes of UTF-8, three
bytes are four characters of Base64, and each of those is one or three characters of the URL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trackscope.wire import json_text
from trackscope.wire.decoding import Decoded, text_pointer
from trackscope.wire.encoding import to_bytes
from trackscope.wire.finding import Face, Finding
from trackscope.wire.json_text import Span
from trackscope.wire.request import Carrier, TrackRequest, chosen

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Places:
    """The same thing in each text, where it has a place there (see `Face` for the units)."""

    json: Span | None = None
    data: Span | None = None
    url: Span | None = None
    body: Span | None = None


def places_of(request: TrackRequest, decoded: Decoded, finding: Finding) -> Places:
    """Where a finding stands: the value it names, or the character it points at."""
    if finding.place is not None:
        return places_at(request, decoded, finding.place.face, finding.place.offset)
    if finding.at.startswith("?"):
        return _param_places(decoded, finding.at[1:])
    if decoded.json_text is None or decoded.events is None:
        return Places()
    pointer = text_pointer(finding.at, is_batch=decoded.is_batch)
    node = json_text.find(decoded.json_text, pointer)
    if node is None:
        return Places()
    return places_of_json(request, decoded, Span((node.key or node.value).start, node.value.end))


def places_at(request: TrackRequest, decoded: Decoded, face: Face, offset: int) -> Places:
    """Where one character of a face stands in the others."""
    span = Span(offset, offset + 1)
    if face is Face.JSON:
        return places_of_json(request, decoded, span)
    if face is Face.DATA:
        return places_of_data(request, decoded, span)
    if face is Face.URL:
        return Places(url=Span(offset, min(offset + 1, len(request.url))))
    return Places(body=span)


def places_of_json(request: TrackRequest, decoded: Decoded, span: Span) -> Places:
    """Where a range of the JSON text stands in the other texts."""
    if decoded.json_text is None or not decoded.is_direct:
        return Places(json=span)
    start = len(_bytes(decoded, decoded.json_text[: span.start]))
    end = start + len(_bytes(decoded, decoded.json_text[span.start : span.end]))
    data = Span(start * 4 // 3, -(-end * 4 // 3)) if decoded.is_base64 else span
    found = places_of_data(request, decoded, data)
    return Places(span, found.data, found.url, found.body)


def json_of_data(decoded: Decoded, span: Span) -> Span | None:
    """The range of the JSON text that a range of the `data` value stands for."""
    if decoded.json_text is None or not decoded.is_direct:
        return None
    if not decoded.is_base64:
        return span
    first, last = span.start * 3 // 4, -(-span.end * 3 // 4)
    body = _bytes(decoded, decoded.json_text)
    start = len(body[:first].decode("utf-8", "ignore"))
    return Span(start, start + len(body[first:last].decode("utf-8", "ignore")))


def data_of_literal(decoded: Decoded, literal: str, span: Span, carrier: Carrier) -> Span | None:
    """The range of the `data` value that a range of the literal URL or body stands for."""
    param = chosen(decoded.params, "data")
    if param is None or param.carrier is not carrier:
        return None
    start, end = max(span.start, param.value_start), min(span.end, param.end)
    if start > end or (start == end and span.start != span.end):
        return None
    before = _count(literal[param.value_start : start])
    return Span(before, before + _count(literal[start:end]))


def places_of_data(request: TrackRequest, decoded: Decoded, span: Span) -> Places:
    """Where a range of the `data` value stands, literally, in the URL or the body."""
    param = chosen(decoded.params, "data")
    if decoded.data is None or "-gzip" in decoded.transport:
        return Places(data=span)
    if param is None:
        return Places(data=span, body=_byte_span(decoded.data, span))
    if param.carrier is Carrier.QUERY:
        literal = request.url[param.value_start : param.end]
    else:
        literal = request.body[param.value_start : param.end].decode("latin-1")
    units = span if decoded.is_base64 else _byte_span(decoded.data, span)
    start = param.value_start + _after(literal, units.start)
    end = param.value_start + _after(literal, units.end)
    if param.carrier is Carrier.QUERY:
        return Places(data=span, url=Span(start, end))
    return Places(data=span, body=Span(start, end))


def offsets(request: TrackRequest, decoded: Decoded, finding: Finding) -> dict[str, int]:
    """The start of the finding's place in each text that has one, by the face's name."""
    places = places_of(request, decoded, finding)
    spans = {face: getattr(places, face) for face in Face}
    return {str(face): span.start for face, span in spans.items() if span is not None}


def _param_places(decoded: Decoded, name: str) -> Places:
    param = chosen(decoded.params, name)
    if param is None:
        return Places()
    span = Span(param.start, param.end)
    return Places(url=span) if param.carrier is Carrier.QUERY else Places(body=span)


def _bytes(decoded: Decoded, text: str) -> bytes:
    """The bytes that stood for a part of the JSON text, CESU-8 where it was that."""
    if any(repair.rule == "data.cesu8" for repair in decoded.repairs):
        text = "".join(_halves(character) for character in text)
    return to_bytes(text)


def _halves(character: str) -> str:
    if character < "\U00010000":
        return character
    high, low = divmod(ord(character) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _byte_span(text: str, span: Span) -> Span:
    start = len(text[: span.start].encode("utf-8", "surrogateescape"))
    inner = text[span.start : span.end].encode("utf-8", "surrogateescape")
    return Span(start, start + len(inner))


def _after(literal: str, count: int) -> int:
    """How many characters of a literal text stand for its first `count` decoded ones."""
    place = 0
    while count > 0:
        mark = literal.find("%", place)
        run = (mark if mark >= 0 else len(literal)) - place
        if run >= count or mark < 0:
            return min(place + count, len(literal))
        place, count = mark, count - run
        place += 3 if _ESCAPE.match(literal, place) else 1
        count -= 1
    return place


def _count(literal: str) -> int:
    """How many decoded characters a literal text stands for."""
    return len(literal) - 2 * len(_ESCAPE.findall(literal))
