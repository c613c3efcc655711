"""Exchanges and findings in the words of the window and of the command line."""

from __future__ import annotations

from http import HTTPStatus

from trackscope.capture.exchange import Exchange
from trackscope.wire.decoding import Decoded, text_pointer
from trackscope.wire.place import Places

FACES = (("json", "JSON"), ("data", "Base64"), ("url", "URL"), ("body", "body"))


_ORDINARY = frozenset({"a", "an", "half", "no", "one", "the", "there", "this", "unpacked"})


def sentence_of(message: str) -> str:
    """A finding's message as a sentence; names of properties keep their small letters."""
    first = message.partition(" ")[0]
    if first in _ORDINARY:
        message = message[:1].upper() + message[1:]
    return message if message.endswith((".", "!", "?")) else f"{message}."


def place_text(at: str, places: Places, decoded: Decoded) -> str:
    """Where a finding stands: `/properties/time · JSON 37 · Base64 49 · URL 86`.

    The event's index is left out where there is one event; empty for the request as a whole.
    """
    pointer = at if at.startswith("?") else text_pointer(at, is_batch=decoded.is_batch)
    parts = [pointer] if pointer else []
    for face, name in FACES:
        span = getattr(places, face)
        if span is not None:
            name = "data" if face == "data" and not decoded.is_base64 else name
            parts.append(f"{name} {span.start:,}")
    return " · ".join(parts)


def answer_facts(exchange: Exchange) -> str:
    """Status, type, size and time of an answer: `200 OK · text/plain · 1 byte · 4 ms`."""
    parts = []
    if exchange.reply is not None:
        parts.append(status_text(exchange.reply.status))
        content_type = (exchange.reply.header("content-type") or "").partition(";")[0].strip()
        if content_type:
            parts.append(content_type)
        size = len(exchange.reply.body)
        parts.append(f"{size:,} byte{'' if size == 1 else 's'}")
    if exchange.took_ms is not None:
        parts.append(duration_text(exchange.took_ms))
    return " · ".join(parts)


def status_text(status: int) -> str:
    """A status with its phrase: `200 OK`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def duration_text(took_ms: float) -> str:
    """A duration as people read it: `0.4 ms`, `4 ms`, `1.2 s`."""
    if took_ms >= 1000:
        return f"{took_ms / 1000:.1f} s"
    return f"{took_ms:.0f} ms" if took_ms >= 2 else f"{took_ms:.1f} ms"


def body_text(body: bytes) -> str:
    """A body as text, or as hexadecimal with its readable characters where it is none."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return hex_dump(body)
    return hex_dump(body) if "\0" in text else text


def hex_dump(body: bytes, limit: int = 4096) -> str:
    """Lines of offset, twelve bytes, and what of them is ASCII; at most `limit` bytes.

    >>> hex_dump(b"GIF89a")
    '0000  47 49 46 38 39 61                    GIF89a'
    """
    lines = []
    for start in range(0, min(len(body), limit), 12):
        row = body[start : start + 12]
        readable = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        lines.append(f"{start:04x}  {row.hex(' '):<35}  {readable}")
    if len(body) > limit:
        lines.append(f"… {len(body) - limit:,} bytes more")
    return "\n".join(lines)


def raw_answer(exchange: Exchange) -> str:
    """The answer as text: status line, headers, blank line, body; empty without one."""
    reply = exchange.reply
    if reply is None:
        return ""
    lines = [f"HTTP/1.1 {status_text(reply.status)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    return "\n".join([*lines, "", body_text(reply.body)])
