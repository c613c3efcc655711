"""An exchange as others may see it: its secrets hidden in every text and byte of it."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, replace
from urllib.parse import quote

from trackscope.capture.exchange import Exchange
from trackscope.session.known_secrets import known_secrets
from trackscope.session.masking import Masking
from trackscope.session.veil import Veil
from trackscope.wire.decoding import GZIP, unpacked
from trackscope.wire.encoding import decode_utf8, raw_bytes, to_bytes
from trackscope.wire.finding import Finding
from trackscope.wire.json_text import dumps
from trackscope.wire.reply import Reply
from trackscope.wire.request import (
    MAX_PARAMS,
    Carrier,
    Param,
    TrackRequest,
    form_encode,
    is_form,
    params,
    query_span,
)

LEFT_OUT = "The payload is left out: it cannot be read, so nothing in it could be masked."

_AUTHORITY = re.compile(r"((?:[A-Za-z][\w+.-]*:)?//)(?:[^/?#]*@)?([^/?#]*)")
_FIELD = re.compile(rb"[\w$.%+\[\]*~-]{1,256}")
_IN_PATH = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Masked:
    """The exchange that may leave; `is_whole` tells that all of it could be read and kept."""

    exchange: Exchange
    is_whole: bool


def masked(exchange: Exchange, masking: Masking) -> Masked:
    """The exchange with its secrets masked, its payload encoded anew in the same transport.

    It opens as the same events with masked values. Verdict and findings stay what they were;
    offsets into texts that changed are left out. A payload that cannot be read is left out
    whole, and the note says so.
    """
    veil = Veil(masking, known_secrets(exchange, masking))
    request, is_whole = _request(exchange.request, veil)
    is_same = request == exchange.request
    left = replace(
        exchange,
        request=request,
        reply=None if exchange.reply is None else _reply(exchange.reply, veil),
        target=_url_start(exchange.target, veil),
        failure=None if exchange.failure is None else veil.text(exchange.failure),
        findings=tuple(_finding(each, veil, is_same=is_same) for each in exchange.findings),
        names=tuple(map(veil.text, exchange.names)),
        stored=None if exchange.stored is None else _stored(exchange.stored, veil),
        note=veil.text(exchange.note)
        if is_whole
        else f"{veil.text(exchange.note)} {LEFT_OUT}".lstrip(),
        source=veil.text(exchange.source),
        position=veil.text(exchange.position),
        page=veil.text(exchange.page),
    )
    return Masked(left, is_whole)


def _request(request: TrackRequest, veil: Veil) -> tuple[TrackRequest, bool]:
    body, is_body_whole = _body(request, veil)
    bare, is_url_whole = _with_params(replace(request, body=b""), veil)
    start, end = query_span(bare.url)
    url = _url_start(bare.url[:start], veil) + bare.url[start:end] + veil.text(bare.url[end:])
    headers = _headers(request.headers, veil, body if body != request.body else None)
    return TrackRequest(request.method, url, headers, body), is_body_whole and is_url_whole


def _body(request: TrackRequest, veil: Veil) -> tuple[bytes, bool]:
    """The body, and whether it could be read."""
    if request.body.startswith(GZIP):
        try:
            inner = unpacked(request)
        except ValueError:
            return b"", False
        if inner.body.startswith(GZIP):
            return b"", False
        body, is_whole = _body(inner, veil)
        return request.body if body == inner.body else _packed(body), is_whole
    if not request.body.strip():
        return request.body, True
    if not is_form(request):
        text = decode_utf8(request.body)[0]
        json_text = None if text is None else veil.json(text)
        if json_text is None:
            return b"", False
        return request.body if json_text == text else to_bytes(json_text), True
    pieces = request.body.split(b"&", MAX_PARAMS - 1)
    if not all(_FIELD.fullmatch(piece.partition(b"=")[0]) for piece in filter(None, pieces)):
        return b"", False  # no form after all: nobody knows what it holds
    form, is_whole = _with_params(replace(request, url=""), veil)
    return form.body, is_whole


def _packed(body: bytes) -> bytes:
    """The body as gzip again, without a time of its own."""
    machine = zlib.compressobj(wbits=31)
    return machine.compress(body) + machine.flush()


def _with_params(request: TrackRequest, veil: Veil) -> tuple[TrackRequest, bool]:
    """The request with its parameters masked; where nothing is, they keep their spelling."""
    is_whole = True
    for param in reversed(params(request)):  # from the back, so that the other places stay true
        name = veil.text(param.name)
        value = veil.data(param.value) if name == "data" else veil.entry(name, param.value)
        is_whole = is_whole and value is not None
        if (name, value) != (param.name, param.value):
            literal = f"{form_encode(name)}={form_encode(value or '')}"
            request = _spliced(request, param, literal)
    return request, is_whole


def _spliced(request: TrackRequest, param: Param, literal: str) -> TrackRequest:
    if param.carrier is Carrier.QUERY:
        url = request.url[: param.start] + literal + request.url[param.end :]
        return replace(request, url=url)
    body = request.body[: param.start] + literal.encode("ascii") + request.body[param.end :]
    return replace(request, body=body)


def _url_start(url: str, veil: Veil) -> str:
    """Scheme, host and path; without the credentials that may stand before the host."""
    match = _AUTHORITY.match(url)
    start, path = ("".join(match.groups()), url[match.end() :]) if match else ("", url)
    hidden = veil.text(path)
    return start + (path if hidden == path else quote(raw_bytes(hidden), safe=_IN_PATH))


def _headers(
    headers: tuple[tuple[str, str], ...], veil: Veil, new_body: bytes | None
) -> tuple[tuple[str, str], ...]:
    """The headers; the length is that of a body that has changed."""
    return tuple(
        (veil.plain(name), str(len(new_body)))
        if new_body is not None and name.lower() == "content-length"
        else (veil.plain(name), veil.header(name, value))
        for name, value in headers
    )


def _reply(reply: Reply, veil: Veil) -> Reply:
    try:
        body = veil.text(reply.body.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        latin = reply.body.decode("latin-1")
        is_harmless = not reply.body.startswith(GZIP) and veil.plain(latin) == latin
        body = reply.body if is_harmless else b""
    headers = _headers(reply.headers, veil, body if body != reply.body else None)
    return Reply(reply.status, headers, body)


def _finding(finding: Finding, veil: Veil, *, is_same: bool) -> Finding:
    return Finding(
        finding.rule,
        finding.severity,
        veil.plain(finding.at),
        veil.text(finding.message),
        finding.place if is_same else None,
    )


def _stored(stored: tuple[dict[str, object], ...], veil: Veil) -> tuple[dict[str, object], ...]:
    text = veil.json(dumps(list(stored)))
    return () if text is None else tuple(json.loads(text))
