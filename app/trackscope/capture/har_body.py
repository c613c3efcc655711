"""The bodies of a HAR entry: what was sent, what was answered, as bytes, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pybase64

from trackscope.wire.encoding import raw_bytes, unpack
from trackscope.wire.request import form_encode

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a request's body that are read (hardening, E2)."""

MAX_ANSWER = 1024 * 1024
"""Bytes of an answer's body that are kept: those of the service are short."""

Bodies = Callable[[str], bytes | None]
"""Gives the body that stands in a file of its own beside the HAR; None where there is none."""

_GZIP = b"\x1f\x8b"
_ENCODED = re.compile(r"(?:[A-Za-z0-9_.~*'()!$,@:;/?+-]|%[0-9A-Fa-f]{2})*")
_LOSSY_GZIP = re.compile("\x1f(?:\ufffd|[\u0080-\uffff])")


@dataclass(frozen=True, slots=True)
class Body:
    """A body's bytes. `problem` tells that it is not whole, `notes` what was done to it.

    `is_unpacked` tells that the bytes are not compressed, whatever the headers say.
    """

    content: bytes = b""
    notes: tuple[str, ...] = ()
    problem: str = ""
    is_unpacked: bool = False


def sent(post: Any, bodies: Bodies) -> Body:
    """The body of a request, from a HAR's `postData`."""
    if not isinstance(post, dict):
        return Body()
    body = _written(post, bodies) or _of_params(post)
    if len(body.content) > MAX_BODY:
        problem = f"The body is larger than {MAX_BODY // 1024 // 1024} MB: the rest was not read."
        return Body(body.content[:MAX_BODY], body.notes, problem, body.is_unpacked)
    return body


def answered(content: Any, encoding: str, bodies: Bodies) -> Body:
    """The body of an answer, from a HAR's `content`; `encoding` is its Content-Encoding.

    Gzip that the capture has as it came is unpacked. For brotli and zstd there is no reader.
    """
    body = _written(content, bodies) if isinstance(content, dict) else None
    if body is None:
        return Body()
    raw, notes = body.content, body.notes
    if raw.startswith(_GZIP):
        try:
            raw = unpack(raw, MAX_ANSWER)
        except ValueError as problem:
            notes = (*notes, f"the answer's body is left packed: {problem}")
    elif encoding in ("br", "zstd") and not _is_utf8(raw):
        notes = (*notes, f"the answer's body is left packed: there is no reader for {encoding}")
    if len(raw) > MAX_ANSWER:
        notes = (*notes, f"of the answer's body the first {MAX_ANSWER // 1024 // 1024} MB are kept")
    return Body(raw[:MAX_ANSWER], notes)


def _written(part: Mapping[str, Any], bodies: Bodies) -> Body | None:
    """A body that is written out, here or in a file of its own; None where there is none."""
    text = part.get("text")
    if isinstance(text, str) and text:
        return _of_text(text, part.get("encoding"))
    name = part.get("_file") or part.get("_sha1")
    return _of_file(name, bodies) if isinstance(name, str) and name else None


def _of_text(text: str, encoding: Any) -> Body:
    if isinstance(encoding, str) and encoding.lower() == "base64":
        try:
            return Body(pybase64.b64decode(text.encode("ascii"), validate=True))
        except (ValueError, UnicodeEncodeError):
            return Body(raw_bytes(text), problem="The body is said to be Base64, but is not.")
    if text.startswith("\x1f"):
        return _of_packed_text(text)
    return Body(raw_bytes(text), is_unpacked=True)


def _of_packed_text(text: str) -> Body:
    """Gzip that an exporter wrote as text: whole if each character stands for a byte."""
    is_bytes = ord(max(text)) < 256
    packed = text.encode("latin-1") if is_bytes else raw_bytes(text)
    if packed.startswith(_GZIP):
        return Body(packed, ("the body is read as one character a byte",))
    problem = "The body was compressed, and the capture holds it as text: bytes of it are lost."
    return Body(packed, problem=problem if _LOSSY_GZIP.match(text) else "")


def _of_file(name: str, bodies: Bodies) -> Body:
    content = bodies(name)
    if content is None:
        shown = name[:80]
        return Body(
            problem=f"The body is in a file of its own, {shown}, which is not there: "
            "open the zip archive that the HAR is from."
        )
    return Body(content)


def _of_params(post: Mapping[str, Any]) -> Body:
    """A form body, put together from its parameters.

    Exporters write them decoded (Firefox, chrome-har) or as they were sent (Chromium). They are
    taken for encoded where every one could be a piece of a form and some character is encoded;
    a decoded URL or JSON has characters that no encoder leaves (`=`, `{`, `"`, blanks).
    """
    params = post.get("params")
    pairs = [
        (_word(param.get("name")), _word(param.get("value")))
        for param in (params if isinstance(params, list) else ())
        if isinstance(param, dict)
    ]
    if not pairs:
        return Body()
    if _word(post.get("mimeType")).lower().startswith("multipart/"):
        return Body(problem="The capture holds the parts of a multipart body, not the body.")
    words = [word for pair in pairs for word in pair]
    is_encoded = any("%" in word for word in words) and all(map(_ENCODED.fullmatch, words))
    if not is_encoded:
        pairs = [(form_encode(name), form_encode(value)) for name, value in pairs]
    content = "&".join(f"{name}={value}" for name, value in pairs)
    note = "the body is put together from its parameters"
    return Body(raw_bytes(content), (note,), is_unpacked=True)


def _word(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
