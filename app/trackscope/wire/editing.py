"""Edits applied to a request: each splices the part it is about and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from trackscope.wire import json_splice
from trackscope.wire.decoding import Decoded, decode, text_pointer, unpacked
from trackscope.wire.edit import (
    AddMember,
    Edit,
    RemoveMember,
    RemoveRepeats,
    RenameMember,
    SetData,
    SetMember,
    SetParam,
    SetPayload,
    SetTransport,
    WriteAsText,
)
from trackscope.wire.encoding import raw_bytes, to_base64, to_bytes
from trackscope.wire.request import (
    FORM_TYPE,
    Carrier,
    TrackRequest,
    form_encode,
    is_form,
    params,
    query_span,
)

TRANSPORTS = ("query-base64", "query-json", "form-base64", "form-json", "body-json")
"""The ways a payload can be made to travel."""


def apply_edits(request: TrackRequest, edits: Iterable[Edit]) -> TrackRequest:
    """The request with every edit made in order; LookupError where a pointer leads nowhere."""
    for edit in edits:
        request = _apply(request, edit)
    return request


def _apply(request: TrackRequest, edit: Edit) -> TrackRequest:
    match edit:
        case SetParam(name, value):
            return with_param(request, name, value)
        case SetData(text):
            return with_data(request, text)
        case SetTransport(transport):
            return with_transport(request, transport)
        case SetPayload(text):
            return with_payload(request, text)
        case _:
            decoded = decode(request)
            if decoded.json_text is None or decoded.events is None:
                raise LookupError("the payload cannot be read, so nothing in it can be changed")
            text = _edited(decoded.json_text, edit, is_batch=decoded.is_batch)
            return _carry(request, decoded, text)


def _edited(
    text: str,
    edit: SetMember | AddMember | RemoveMember | RenameMember | RemoveRepeats | WriteAsText,
    *,
    is_batch: bool,
) -> str:
    if isinstance(edit, RemoveRepeats):
        return json_splice.without_duplicates(text)
    pointer = text_pointer(edit.pointer, is_batch=is_batch)
    match edit:
        case SetMember(_, value):
            return json_splice.replaced(text, pointer, value)
        case AddMember(_, key, value):
            return json_splice.added(text, pointer, key, value)
        case RemoveMember():
            return json_splice.removed(text, pointer)
        case RenameMember(_, key):
            return json_splice.renamed(text, pointer, key)
        case WriteAsText(_, keys):
            return json_splice.written_as_text(text, pointer, keys)


def with_payload(request: TrackRequest, text: str, decoded: Decoded | None = None) -> TrackRequest:
    """The request with this JSON text as its payload, in the transport it has.

    The text need be no JSON: a broken payload is a request that can be sent. `decoded` is what
    the request carries now, where that is known already.
    """
    return _carry(request, decoded or decode(request), text)


def _carry(request: TrackRequest, decoded: Decoded, text: str) -> TrackRequest:
    request = _uncompressed(request)
    if decoded.transport.startswith(Carrier.BODY):
        return replace(request, body=to_bytes(text))
    return with_data(request, to_base64(text) if decoded.is_base64 else text)


def with_data(request: TrackRequest, value: str) -> TrackRequest:
    """The request with this value of `data`, where `data` travels already (else by method)."""
    if any(param.name == "data" for param in params(request)):
        return with_param(request, "data", value)
    request = _uncompressed(request)
    carrier = Carrier.FORM if request.method == "POST" else Carrier.QUERY
    if carrier is Carrier.FORM and not is_form(request):
        request = replace(request, body=b"")  # the payload that this one replaces
    return with_param(request, "data", value, carrier, is_first=True)


def with_param(
    request: TrackRequest,
    name: str,
    value: str | None,
    carrier: Carrier = Carrier.QUERY,
    *,
    is_first: bool = False,
) -> TrackRequest:
    """The request with one parameter of that name, where the counting one stands; None: without.

    A parameter that is not there yet is put at the end of the carrier, or at its beginning.
    """
    found = [param for param in params(request) if param.name == name]
    opened = _uncompressed(request)
    if opened is not request and any(
        param.name == name and param.carrier is Carrier.FORM for param in params(opened)
    ):
        return with_param(opened, name, value, carrier, is_first=is_first)
    # Spliced from the back, so that the places of those before stay true.
    kept = found[0] if found and value is not None else None
    for param in reversed(found):
        if param is kept:
            assert value is not None
            literal = f"{form_encode(name)}={form_encode(value)}"
            request = _spliced(request, param.carrier, param.start, param.end, literal)
        else:
            request = _without(request, param.carrier, param.start, param.end)
    if kept is None and value is not None:
        literal = f"{form_encode(name)}={form_encode(value)}"
        request = _with_piece(request, carrier, literal, is_first=is_first)
    return request


def _spliced(
    request: TrackRequest, carrier: Carrier, start: int, end: int, literal: str
) -> TrackRequest:
    if carrier is Carrier.QUERY:
        return replace(request, url=request.url[:start] + literal + request.url[end:])
    body = request.body
    return replace(request, body=body[:start] + literal.encode("ascii") + body[end:])


def _without(request: TrackRequest, carrier: Carrier, start: int, end: int) -> TrackRequest:
    """Cut a piece together with its `&`, or with the `?` where nothing else follows it."""
    if carrier is Carrier.QUERY:
        text_end, has_before = query_span(request.url)[1], request.url[start - 1] == "&"
    else:
        text_end, has_before = (len(request.body), request.body[start - 1 : start] == b"&")
    if end < text_end:
        end += 1
    elif has_before:
        start -= 1
    elif carrier is Carrier.QUERY:
        start -= 1  # the only parameter: its ? goes with it
    return _spliced(request, carrier, start, end, "")


def _with_piece(
    request: TrackRequest, carrier: Carrier, literal: str, *, is_first: bool
) -> TrackRequest:
    if carrier is Carrier.FORM:
        body = literal.encode("ascii")
        if request.body:
            body = body + b"&" + request.body if is_first else request.body + b"&" + body
        return replace(request, body=body)
    start, end = query_span(request.url)
    if "?" not in request.url[:start]:
        return _spliced(request, Carrier.QUERY, end, end, f"?{literal}")
    if start == end:
        return _spliced(request, Carrier.QUERY, end, end, literal)
    if is_first:
        return _spliced(request, Carrier.QUERY, start, start, f"{literal}&")
    return _spliced(request, Carrier.QUERY, end, end, f"&{literal}")


def with_transport(request: TrackRequest, transport: str) -> TrackRequest:
    """The same parameters and payload, travelling another way (one of `TRANSPORTS`).

    The other parameters stay where they are, but for those of a form body that goes away: they
    move to the query. What cannot be decoded moves as it is.
    """
    request = _uncompressed(request)
    decoded = decode(request)
    if decoded.transport == transport:
        return request
    carrier, _, form = transport.partition("-")
    data = _data_for(decoded, form)
    if decoded.data is not None and decoded.transport.startswith(carrier):
        return with_param(request, "data", data)  # only written another way
    moved = [param for param in decoded.params if param.carrier is Carrier.FORM]
    bare = with_param(request, "data", None)
    if carrier == Carrier.QUERY:
        bare = replace(bare, method="GET", body=b"", headers=_without_type(request))
        bare = with_param(bare, "data", data, is_first=True)
    else:
        to_form = carrier == Carrier.FORM
        content_type = FORM_TYPE if to_form else "application/json"
        headers = (*_without_type(request), ("Content-Type", content_type))
        keeps = to_form and any(param.name != "data" for param in moved)
        body = bare.body if keeps else b""
        bare = replace(bare, method="POST", body=body, headers=headers)
        if to_form:
            return with_param(bare, "data", data, Carrier.FORM, is_first=True)
        bare = replace(bare, body=raw_bytes(data))
    for param in moved:
        if param.name != "data":
            bare = _with_piece(
                bare,
                Carrier.QUERY,
                f"{form_encode(param.name)}={form_encode(param.value)}",
                is_first=False,
            )
    return bare


def _data_for(decoded: Decoded, form: str) -> str:
    if decoded.json_text is None:
        return decoded.data or ""
    if form == "json":
        return decoded.json_text
    if decoded.is_base64 and not decoded.repairs and decoded.data is not None:
        return decoded.data  # exactly the text that was there
    return to_base64(decoded.json_text)


def _uncompressed(request: TrackRequest) -> TrackRequest:
    """What is edited inside a compressed body goes on uncompressed; what is damaged stays."""
    try:
        return unpacked(request)
    except ValueError:
        return request


def _without_type(request: TrackRequest) -> tuple[tuple[str, str], ...]:
    dropped = ("content-type", "content-encoding", "content-length")
    return tuple(pair for pair in request.headers if pair[0].lower() not in dropped)
