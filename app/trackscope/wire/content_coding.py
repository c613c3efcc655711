"""Undoes a Content-Encoding within a limit."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

MAX_BODY = 1_000_000
"""Bytes of an answer's body that are read, and that are unpacked from it."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_BARE_DEFLATE = -zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Body:
    """What is shown of a body. `is_truncated`: there was more; `remark`: a sentence, or empty."""

    content: bytes
    is_truncated: bool = False
    remark: str = ""


def truncated(content: bytes, limit: int) -> Body:
    """The first `limit` bytes of a body that is longer, with a remark that says so."""
    remark = f"The body is longer than {limit:,} bytes: the rest is not read."
    return Body(content[:limit], True, remark)


def unpack(body: Body, encoding: str, limit: int = MAX_BODY) -> Body:
    """The body without its Content-Encoding, as far as that is gzip or deflate.

    Neither is asked for, but servers compress anyway. A small body can unpack to gigabytes:
    no more than `limit` bytes of it ever exist.

    >>> unpack(Body(zlib.compress(b"1")), "deflate").content
    b'1'
    """
    name = encoding.strip().lower()
    if not name or name == "identity" or not body.content:
        return body
    if name not in ("gzip", "x-gzip", "deflate"):
        return _remarked(body, f"The body is compressed ({name[:40]}) and shown as it came.")
    content = _inflated(body.content, _GZIP_OR_ZLIB, limit)
    if content is None and name == "deflate":
        content = _inflated(body.content, _BARE_DEFLATE, limit)
    if content is None:
        return _remarked(body, f"The body is said to be compressed ({name}) but is not.")
    if len(content) > limit:
        return truncated(content, limit)
    return Body(
        content, body.is_truncated, f"The body came compressed ({name}). {body.remark}".strip()
    )


def _inflated(content: bytes, window_bits: int, limit: int) -> bytes | None:
    try:
        unpacker = zlib.decompressobj(window_bits)
        unpacked = unpacker.decompress(content, limit + 1)
    except zlib.error:
        return None
    return unpacked if unpacked or unpacker.eof else None


def _remarked(body: Body, remark: str) -> Body:
    return Body(body.content, body.is_truncated, f"{remark} {body.remark}".strip())
