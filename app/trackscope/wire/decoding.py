"""A request to its parameters, its JSON text and its events, with all that was put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from trackscope.wire import json_text
from trackscope.wire.encoding import (
    Defect,
    Repair,
    Unwrapped,
    decode_utf8,
    raw_bytes,
    unpack,
    unpacking_rule,
    unwrap,
)
from trackscope.wire.finding import Face, Place
from trackscope.wire.json_defect import JsonDefect
from trackscope.wire.request import Carrier, Param, TrackRequest, chosen, is_form, params
from trackscope.wire.shown import short

_MISSING = "there is no data parameter: nothing to log"

GZIP = b"\x1f\x8b"
"""How gzip begins."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the text of a request, before any rule is asked.

    `at` and `place` are as in `Finding`.
    """

    rule: str
    message: str
    at: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a request carries.

    `data` is the value of `data` (or the bare JSON body) as text after form-decoding, `json_text`
    what it holds, `events` the objects of it (None: could not be decoded; one event makes a list
    of one). `repairs` were needed to read it; `flaw` stopped the reading; `notices` did not.
    `is_direct` tells that offsets in the JSON lead to offsets in `data`.
    """

    params: tuple[Param, ...]
    transport: str
    data: str | None = None
    json_text: str | None = None
    events: tuple[Any, ...] | None = None
    is_batch: bool = False
    repairs: tuple[Repair, ...] = ()
    flaw: Flaw | None = None
    notices: tuple[Flaw, ...] = ()
    is_direct: bool = True

    @property
    def is_base64(self) -> bool:
        """Whether the JSON travels as Base64."""
        return "-base64" in self.transport

    def value(self, name: str) -> str | None:
        """The value of the parameter that counts."""
        found = chosen(self.params, name)
        return found.value if found else None

    def is_on(self, name: str) -> bool:
        """Whether a flag is 1; any other value counts as 0 (decisions, "Answering")."""
        return self.value(name) == "1"


def decode(request: TrackRequest) -> Decoded:
    """Read a request as leniently as it can be read; the rules judge what that took.

    >>> decode(TrackRequest("GET", "http://h/track/?data=W10%3D")).events
    ()
    """
    found = params(request)
    data = chosen(found, "data")
    if data is None:
        if request.body.startswith(GZIP):
            return _decode_packed(request, found)
        if request.body.strip() and not is_form(request):
            return _decode_body(request, found)
        is_post = request.method == "POST" or request.body
        carrier = Carrier.FORM if is_post else Carrier.QUERY
        flaw = _packing_flaw(request) or Flaw("data.missing", _MISSING, "?data")
        return Decoded(found, f"{carrier}-base64", flaw=flaw)
    if not data.value.strip():
        flaw = Flaw("data.missing", "data is empty: nothing to log", "?data", Place(Face.DATA, 0))
        return Decoded(found, f"{data.carrier}-base64", data.value, flaw=flaw)
    return _decode_data(found, data.carrier, data.value, unwrap(data.value))


def _packing_flaw(request: TrackRequest) -> Flaw | None:
    """What is wrong with the way in which a body is compressed that is no gzip; None if it is not.

    It is looked at only where the body cannot be read: captures hold bodies unpacked.
    """
    coding = (request.header("content-encoding") or "").strip().lower()
    if not request.body or coding in ("", "identity"):
        return None
    if coding in ("gzip", "x-gzip"):
        message = f"the body is no gzip, though its Content-Encoding is {coding}"
    else:
        message = f"the body is compressed ({short(coding)}): only gzip is read"
    return Flaw("data.gzip", message, "?data")


def unpacked(request: TrackRequest) -> TrackRequest:
    """The request with its body uncompressed, if it was compressed; ValueError says why not."""
    if not request.body.startswith(GZIP):
        return request
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-encoding")
    return replace(request, body=unpack(request.body), headers=headers)


def _decode_packed(request: TrackRequest, found: tuple[Param, ...]) -> Decoded:
    try:
        inner = unpacked(request)
    except ValueError as problem:
        flaw = Flaw(unpacking_rule(problem), str(problem), "?data")
        return Decoded(found, "body-json-gzip", flaw=flaw)
    if inner.body.startswith(GZIP):
        flaw = Flaw("data.gzip", "the payload is compressed more than once", "?data")
        return Decoded(found, "body-json-gzip", flaw=flaw)
    decoded = decode(inner)
    return replace(
        decoded,
        transport=f"{decoded.transport}-gzip",
        repairs=(*decoded.repairs, Repair("data.gzip", 1)),
        is_direct=False,
    )


def _decode_body(request: TrackRequest, found: tuple[Param, ...]) -> Decoded:
    text, pairs, defect = decode_utf8(request.body)
    flaw = _packing_flaw(request) if text is None else None
    if flaw is not None:
        return Decoded(found, "body-json", flaw=flaw)
    repairs = [Repair("data.json-body", 1, 0)]
    if pairs:
        repairs.append(Repair("data.cesu8", pairs))
    lines = [] if text is None else _lines(text)
    if lines:
        text = f"[{','.join(lines)}]"
        repairs.append(Repair("data.lines", len(lines)))
    unwrapped = Unwrapped(text, tuple(repairs), defect, is_base64=False, is_direct=not lines)
    data = request.body.decode("utf-8", "surrogateescape")
    return _decode_data(found, Carrier.BODY, data, unwrapped)


def _lines(text: str) -> list[str]:
    """Lines with an object each, as `/import` takes them (wire-facts, §4); none of another text.

    That the lines are JSON is not looked at: a list of them then is none either.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    are_objects = all(line.lstrip()[:1] == "{" and line.rstrip()[-1:] == "}" for line in lines)
    return lines if len(lines) > 1 and are_objects else []


def _decode_data(
    found: tuple[Param, ...], carrier: Carrier, data: str, unwrapped: Unwrapped
) -> Decoded:
    transport = f"{carrier}-{'base64' if unwrapped.is_base64 else 'json'}"
    text = unwrapped.text
    if unwrapped.defect is not None:
        text, read = None, _Read(_data_flaw(unwrapped.defect, unwrapped, data))
    else:
        assert text is not None
        read = _read(text)
    return Decoded(
        found,
        transport,
        data,
        text,
        read.events,
        read.is_batch,
        unwrapped.repairs,
        read.flaw,
        read.notices,
        unwrapped.is_direct,
    )


class _Read(NamedTuple):
    """What a JSON text is as a payload."""

    flaw: Flaw | None = None
    events: tuple[Any, ...] | None = None
    is_batch: bool = False
    notices: tuple[Flaw, ...] = ()


def _read(text: str) -> _Read:
    parsed = json_text.parse(text)
    if parsed.defect is not None:
        return _Read(_json_flaw(parsed.defect, is_batch=True))
    value = parsed.value
    is_batch = isinstance(value, list)
    notices = tuple(_json_flaw(notice, is_batch=is_batch) for notice in parsed.notices)
    if is_batch:
        return _Read(None, tuple(value), True, notices)
    if isinstance(value, dict):
        return _Read(None, (value,), False, notices)
    kind = _KINDS.get(type(value), "a value")
    message = f"the payload is {kind}: an event or a list of events is expected"
    return _Read(Flaw("json.shape", message, "", Place(Face.JSON, 0)), notices=notices)


_KINDS = {
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _data_flaw(defect: Defect, unwrapped: Unwrapped, data: str) -> Flaw:
    offset = defect.offset
    if offset is not None and defect.rule == "data.utf8":  # it counts bytes of the JSON
        if not unwrapped.is_direct:
            offset = None
        elif unwrapped.is_base64:  # four characters hold three bytes
            offset = offset * 4 // 3
        else:
            offset = len(raw_bytes(data)[:offset].decode("utf-8", "surrogateescape"))
    place = None if offset is None else Place(Face.DATA, offset)
    return Flaw(defect.rule, defect.message, "?data", place)


def _json_flaw(defect: JsonDefect, *, is_batch: bool) -> Flaw:
    at = defect.pointer if is_batch or not defect.pointer else f"/0{defect.pointer}"
    return Flaw(defect.rule, defect.message, at, Place(Face.JSON, defect.offset))


def text_pointer(at: str, *, is_batch: bool) -> str:
    """A finding's pointer (into the list of events) as a pointer into the payload's own text."""
    return at if is_batch else "/" + "/".join(at.split("/")[2:]) if at.count("/") > 1 else ""
