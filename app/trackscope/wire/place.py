"""Where a finding, or a selected value, stands in each of the request's texts.

The faces follow from each other: a character of the JSON is one or more bytes of UTF-8, three
bytes are four characters of Base64, and each of those is one or three characters of the URL.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from trackscope.wire import json_text
from trackscope.wire.decoding import Decoded, text_pointer
from trackscope.wire.encoding import raw_bytes, to_bytes
from trackscope.wire.finding import Face, Finding
from trackscope.wire.json_text import Span
from trackscope.wire.request import Carrier, TrackRequest, chosen, is_form

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Places:
    """The same thing in each text, where it has a place there (see `Face` for the units)."""

    json: Span | None = None
    data: Span | None = None
    url: Span | None = None
    body: Span | None = None


def places_of(request: TrackRequest, decoded: Decoded, finding: Finding) -> Places:
    """Where a finding stands: the value it names, or the character it points at."""
    return places_of_all(request, decoded, (finding,))[0]


def places_of_all(
    request: TrackRequest, decoded: Decoded, findings: Sequence[Finding]
) -> list[Places]:
    """Where each of many findings stands, with one walk through the JSON for all of them."""
    nodes: Mapping[str, json_text.Node] = {}
    pointers = {
        text_pointer(each.at, is_batch=decoded.is_batch)
        for each in findings
        if each.place is None and not each.at.startswith("?")
    }
    if pointers and decoded.json_text is not None and decoded.events is not None:
        nodes = json_text.find_all(decoded.json_text, pointers)
    return [_places_of(request, decoded, each, nodes) for each in findings]


def _places_of(
    request: TrackRequest,
    decoded: Decoded,
    finding: Finding,
    nodes: Mapping[str, json_text.Node],
) -> Places:
    if finding.place is not None:
        return places_at(request, decoded, finding.place.face, finding.place.offset)
    if finding.at.startswith("?"):
        return _param_places(decoded, finding.at[1:])
    node = nodes.get(text_pointer(finding.at, is_batch=decoded.is_batch))
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
        return Places(url=Span(min(offset, len(request.url)), min(offset + 1, len(request.url))))
    return Places(body=span)


def places_of_json(request: TrackRequest, decoded: Decoded, span: Span) -> Places:
    """Where a range of the JSON text stands in the other texts."""
    if decoded.json_text is None or not decoded.is_direct:
        return Places(json=span)
    before = _bytes(decoded, decoded.json_text[: span.start])
    inside = _bytes(decoded, decoded.json_text[span.start : span.end])
    if decoded.is_base64:
        data = Span(len(before) * 4 // 3, -(-(len(before) + len(inside)) * 4 // 3))
    else:
        data = _char_span(before, inside)
    found = places_of_data(request, decoded, data)
    return Places(span, found.data, found.url, found.body)


def places_of_range(request: TrackRequest, decoded: Decoded, face: Face, span: Span) -> Places:
    """Where a range of one text stands in all of them, as for a selection; nowhere if it is empty.

    Nor is a range of a compressed body anywhere else. What stands for a part
    of the JSON is widened to whole characters of it.
    """
    is_packed = face is Face.BODY and "-gzip" in decoded.transport
    if span.end <= span.start or is_packed:
        return Places()
    data: Span | None = span
    if face is Face.JSON:
        return places_of_json(request, decoded, span)
    if face is Face.URL:
        data = data_of_literal(decoded, request.url, span, Carrier.QUERY)
    elif face is Face.BODY and chosen(decoded.params, "data") is None:
        data = _bare_body(request, span)
    elif face is Face.BODY:
        data = data_of_literal(decoded, request.body.decode("latin-1"), span, Carrier.FORM)
    if data is None:
        return Places()
    json = json_of_data(decoded, data)
    if json is not None and json.end > json.start:
        return places_of_json(request, decoded, json)
    return places_of_data(request, decoded, data)


def _bare_body(request: TrackRequest, span: Span) -> Span | None:
    """The range of the `data` value, which is the whole body, for a range of its bytes."""
    if is_form(request):
        return None
    return _char_span(request.body[: span.start], request.body[span.start : span.end])


def json_of_data(decoded: Decoded, span: Span) -> Span | None:
    """The range of the JSON text that a range of the `data` value stands for."""
    text, data = decoded.json_text, decoded.data
    if text is None or data is None or not decoded.is_direct:
        return None
    if decoded.is_base64:
        start, end = span.start * 3 // 4, -(-span.end * 3 // 4)
    else:
        units = _byte_span(data, span)
        start, end = units.start, units.end
    return _enclosing(text, start, end, lambda part: len(_bytes(decoded, part)))


def data_of_literal(decoded: Decoded, literal: str, span: Span, carrier: Carrier) -> Span | None:
    """The range of the `data` value that a range of the literal URL or body stands for.

    The body is given as one character a byte (latin-1), as offsets in it count bytes.
    """
    param = chosen(decoded.params, "data")
    if param is None or param.carrier is not carrier or decoded.data is None:
        return None
    start, end = max(span.start, param.value_start), min(span.end, param.end)
    if start > end or (start == end and span.start != span.end):
        return None
    start, end = _escape_around(literal, start).start, _escape_around(literal, end).end
    encode = raw_bytes if carrier is Carrier.QUERY else _latin
    before = _count(encode(literal[param.value_start : start]))
    inside = _count(encode(literal[start:end]))
    return _enclosing(decoded.data, before, before + inside, lambda part: len(raw_bytes(part)))


def places_of_data(request: TrackRequest, decoded: Decoded, span: Span) -> Places:
    """Where a range of the `data` value stands, literally, in the URL or the body."""
    param = chosen(decoded.params, "data")
    if decoded.data is None or "-gzip" in decoded.transport:
        return Places(data=span)
    units = _byte_span(decoded.data, span)
    if param is None:
        return Places(data=span, body=units)
    if param.carrier is Carrier.FORM:
        literal = request.body[param.value_start : param.end]
        found = Span(_after(literal, units.start), _after(literal, units.end))
        return Places(data=span, body=_moved(found, param.value_start))
    literal = raw_bytes(request.url[param.value_start : param.end])
    start, end = _after(literal, units.start), _after(literal, units.end)
    return Places(
        data=span, url=_moved(_char_span(literal[:start], literal[start:end]), param.value_start)
    )


def offsets(request: TrackRequest, decoded: Decoded, finding: Finding) -> dict[str, int]:
    """The start of the finding's place in each text that has one, by the face's name."""
    places = places_of(request, decoded, finding)
    spans = {face: getattr(places, face) for face in Face}
    return {str(face): span.start for face, span in spans.items() if span is not None}


def _param_places(decoded: Decoded, name: str) -> Places:
    param = chosen(decoded.params, name)
    if param is None or (param.carrier is Carrier.FORM and "-gzip" in decoded.transport):
        return Places()
    span = Span(param.start, param.end)
    return Places(url=span) if param.carrier is Carrier.QUERY else Places(body=span)


def _bytes(decoded: Decoded, text: str) -> bytes:
    """The bytes that stood for a part of the JSON text, CESU-8 where it was that."""
    if any(repair.rule == "data.cesu8" for repair in decoded.repairs):
        text = _ASTRAL.sub(lambda found: _halves(found.group()), text)
    return to_bytes(text)


def _halves(character: str) -> str:
    high, low = divmod(ord(character) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _byte_span(text: str, span: Span) -> Span:
    """A range of characters of a form-decoded text as the range of its bytes."""
    start = len(raw_bytes(text[: span.start]))
    return Span(start, start + len(raw_bytes(text[span.start : span.end])))


def _char_span(before: bytes, inside: bytes) -> Span:
    """The range of characters that bytes make, after the bytes before them."""
    start = len(before.decode("utf-8", "surrogateescape"))
    return Span(start, start + len(inside.decode("utf-8", "surrogateescape")))


def _enclosing(text: str, start: int, end: int, size: Callable[[str], int]) -> Span:
    """The characters that hold the bytes from `start` to `end`, if `size` counts bytes."""
    if text.isascii():
        return Span(min(start, len(text)), min(end, len(text)))
    counts = range(len(text) + 1)
    first = bisect_right(counts, start, key=lambda count: size(text[:count])) - 1
    last = bisect_left(counts, end, key=lambda count: size(text[:count]))
    return Span(first, max(first, min(last, len(text))))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _latin(text: str) -> bytes:
    return text.encode("latin-1")


def _escape_around(literal: str, place: int) -> Span:
    """The `%XX` that a place is in the middle of, or the place itself."""
    for start in (place - 1, place - 2):
        if start >= 0 and _ESCAPE.match(literal, start):
            return Span(start, start + 3)
    return Span(place, place)


def _after(literal: bytes, count: int) -> int:
    """How many bytes of a literal text stand for its first `count` decoded ones."""
    place = 0
    while count > 0:
        mark = literal.find(b"%", place)
        run = (mark if mark >= 0 else len(literal)) - place
        if run >= count or mark < 0:
            return min(place + count, len(literal))
        place, count = mark, count - run
        place += 3 if _ESCAPED.match(literal, place) else 1
        count -= 1
    return place


def _count(literal: bytes) -> int:
    """How many decoded bytes a literal text stands for."""
    return len(literal) - 2 * len(_ESCAPED.findall(literal))
