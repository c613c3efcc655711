"""Gives requests other tokens, so that what one project was sent can go to another."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import replace

from trackscope.wire.decoding import Decoded, decode, unpacked
from trackscope.wire.editing import with_param, with_payload
from trackscope.wire.encoding import decode_utf8, to_bytes
from trackscope.wire.json_splice import spliced
from trackscope.wire.json_text import Container, Node, quoted, scan, unquoted
from trackscope.wire.request import Carrier, TrackRequest

ANY = "*"
"""Stands in a map for every token that it does not name."""

_KEYS = frozenset({"token", "$token"})


def with_tokens(
    request: TrackRequest, tokens: Mapping[str, str], decoded: Decoded | None = None
) -> TrackRequest:
    """The request with each token that the map has replaced, wherever the protocol reads one.

    That is in the payload of any transport (an event's `token`, a profile's `$token`), the
    parameter `token`, and the user of basic credentials, but for `ANY`, since that may be someone
    else. A payload without a token to replace goes on byte for byte; another is written anew,
    uncompressed. `decoded` is what the request carries, where that is known already.

    LookupError where the payload cannot be read: its tokens are then not known.

    >>> request = TrackRequest("GET", "http://h/track/?data=%7B%22$token%22:%22a%22%7D&token=b")
    >>> with_tokens(request, {"a": "c", "b": "d"}).url
    'http://h/track/?data=%7B%22%24token%22%3A%22c%22%7D&token=d'
    """
    decoded = decoded or decode(request)
    if decoded.events is None or decoded.json_text is None:
        raise LookupError("the payload cannot be read, so its tokens cannot be replaced")
    named = decoded.value("token")
    request = _with_credentials(_with_payload(request, decoded, tokens), tokens)
    if named is not None and (other := _other(named, tokens)) is not None:
        request = with_param(request, "token", other)
    return request


def _with_payload(
    request: TrackRequest, decoded: Decoded, tokens: Mapping[str, str]
) -> TrackRequest:
    assert decoded.json_text is not None
    if decoded.transport.startswith(Carrier.BODY):
        opened = unpacked(request)
        body, _, _ = decode_utf8(opened.body)
        if body is not None and body != decoded.json_text:  # lines with an object each
            lines = "".join(_replaced(line, tokens) for line in body.splitlines(keepends=True))
            return request if lines == body else replace(opened, body=to_bytes(lines))
    text = _replaced(decoded.json_text, tokens)
    # Of repeated data the first counts here, and perhaps another at the target.
    is_repeated = sum(param.name == "data" for param in decoded.params) > 1
    if text == decoded.json_text and not is_repeated:
        return request
    return with_payload(request, text, decoded)


def _replaced(text: str, tokens: Mapping[str, str]) -> str:
    """A payload's text with its tokens replaced, repeats of a key too; all else stays."""
    changes = []
    for node in _token_nodes(text):
        other = _other(unquoted(text[node.value.start : node.value.end]), tokens)
        if other is not None:
            changes.append((node.value, quoted(other)))
    return spliced(text, changes)


def _token_nodes(text: str) -> Iterator[Node]:
    for node in scan(text):
        if node.key is None or node.step not in _KEYS or text[node.value.start] != '"':
            continue
        inside = node.container
        if inside is not None and inside.step == "properties" and inside.key is not None:
            inside = inside.outer
        if inside is not None and _is_record(inside):
            yield node


def _is_record(container: Container) -> bool:
    """Whether it is an event or profile: the payload itself, or an object in its list."""
    outer = container.outer
    return container.is_object and (outer is None or (not outer.is_object and outer.outer is None))


def _other(token: str, tokens: Mapping[str, str]) -> str | None:
    other = tokens.get(token, tokens.get(ANY))
    return None if other == token else other


def _with_credentials(request: TrackRequest, tokens: Mapping[str, str]) -> TrackRequest:
    headers = tuple(
        (name, _credentials(value, tokens) if name.lower() == "authorization" else value)
        for name, value in request.headers
    )
    return request if headers == request.headers else replace(request, headers=headers)


def _credentials(value: str, tokens: Mapping[str, str]) -> str:
    scheme, _, packed = value.partition(" ")
    if scheme.lower() != "basic":
        return value
    try:
        user, colon, password = base64.b64decode(packed).decode().partition(":")
    except (binascii.Error, ValueError):
        return value
    if user == ANY or user not in tokens:
        return value
    secret = f"{tokens[user]}{colon}{password}"
    return f"{scheme} {base64.b64encode(to_bytes(secret)).decode('ascii')}"
