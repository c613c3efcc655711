"""A request to its parameters, its JSON text and its events, with all that was put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from trackscope.wire import json_text
from trackscope.wire.encoding import Defect, Repair, Unwrapped, decode_utf8, unpack, unwrap
from trackscope.wire.finding import Face, Place
from trackscope.wire.request import Carrier, Param, TrackRequest, chosen, is_form, params


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
    packed = request.body[:2] == b"\x1f\x8b"
    if packed:
        try:
            inner = decode(replace(request, body=unpack(request.body)))
        except ValueError as problem:
            flaw = Flaw("data.gzip", str(problem), "?data")
            return Decoded(params(request), "body-json-gzip", flaw=flaw)
        if inner.transport.startswith(Carrier.QUERY):
            return inner
        return replace(
            inner,
            transport=f"{inner.transport}-gzip",
            repairs=(*inner.repairs, Repair("data.gzip", 1)),
            is_direct=False,
        )
    found = params(request)
    data = chosen(found, "data")
    if data is None:
        if request.body and not is_form(request):
            return _decode_body(request, found)
        carrier = Carrier.FORM if request.body else Carrier.QUERY
        flaw = Flaw("data.missing", "there is no data parameter: nothing to log", "?data")
        return Decoded(found, f"{carrier}-base64", flaw=flaw)
    if not data.value.strip():
        flaw = Flaw("data.missing", "data is empty: nothing to log", "?data", Place(Face.DATA, 0))
        return Decoded(found, f"{data.carrier}-base64", data.value, flaw=flaw)
    return _decode_data(found, data.carrier, data.value, unwrap(data.value))


def _decode_body(request: TrackRequest, found: tuple[Param, ...]) -> Decoded:
    text, pairs, defect = decode_utf8(request.body)
    repairs = [Repair("data.json-body", 1, 0)]
    if pairs:
        repairs.append(Repair("data.cesu8", pairs))
    unwrapped = Unwrapped(text, tuple(repairs), defect, is_base64=False)
    data = request.body.decode("utf-8", "surrogateescape")
    return _decode_data(found, Carrier.BODY, data, unwrapped)


def _decode_data(
    found: tuple[Param, ...], carrier: Carrier, data: str, unwrapped: Unwrapped
) -> Decoded:
    decoded = Decoded(
        found,
        f"{carrier}-{'base64' if unwrapped.is_base64 else 'json'}",
        data,
        unwrapped.text,
        repairs=unwrapped.repairs,
        is_direct=unwrapped.is_direct,
    )
    if unwrapped.defect is not None:
        return replace(decoded, json_text=None, flaw=_data_flaw(unwrapped.defect, unwrapped))
    assert unwrapped.text is not None
    parsed = json_text.parse(unwrapped.text)
    if parsed.defect is not None:
        return replace(decoded, flaw=_json_flaw(parsed.defect, is_batch=True))
    is_batch = isinstance(parsed.value, list)
    notices = tuple(_json_flaw(notice, is_batch=is_batch) for notice in parsed.notices)
    if not is_batch and not isinstance(parsed.value, dict):
        kind = _KINDS.get(type(parsed.value), "a value")
        message = f"the payload is {kind}: an event or a list of events is expected"
        flaw = Flaw("json.shape", message, "", Place(Face.JSON, 0))
        return replace(decoded, flaw=flaw, notices=notices)
    events = tuple(parsed.value) if is_batch else (parsed.value,)
    return replace(decoded, events=events, is_batch=is_batch, notices=notices)


_KINDS = {
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _data_flaw(defect: Defect, unwrapped: Unwrapped) -> Flaw:
    offset = defect.offset
    if offset is not None and defect.rule == "data.utf8":
        # the defect counts bytes of the JSON; four characters of Base64 hold three of them
        if not unwrapped.is_direct:
            offset = None
        elif unwrapped.is_base64:
            offset = offset * 4 // 3
    place = None if offset is None else Place(Face.DATA, offset)
    return Flaw(defect.rule, defect.message, "?data", place)


def _json_flaw(defect: json_text.JsonDefect, *, is_batch: bool) -> Flaw:
    at = defect.pointer if is_batch or not defect.pointer else f"/0{defect.pointer}"
    return Flaw(defect.rule, defect.message, at, Place(Face.JSON, defect.offset))


def text_pointer(at: str, *, is_batch: bool) -> str:
    """A finding's pointer (into the list of events) as a pointer into the payload's own text."""
    return at if is_batch else "/" + "/".join(at.split("/")[2:]) if at.count("/") > 1 else ""
