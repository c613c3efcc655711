"""An answer as a capture holds it, made readable: bounded, and without its Content-Encoding."""

from __future__ import annotations

from trackscope.wire.content_coding import Body, truncated, unpack
from trackscope.wire.reply import Reply

MAX_ANSWER = 64 * 1024
"""Bytes of an answer's body that are kept (hardening, E7): the protocol's own have one to 100."""


def readable(
    status: int, headers: tuple[tuple[str, str], ...], content: bytes
) -> tuple[Reply, tuple[str, ...]]:
    """The answer with its body unpacked from gzip or deflate, and a note on what was changed.

    >>> readable(200, (("Content-Encoding", "br"),), b"\\x0b")[1]
    ('the answer: The body is compressed (br) and shown as it came.',)
    """
    reply = Reply(status, headers)
    body = unpack(Body(content), reply.header("content-encoding") or "", MAX_ANSWER)
    if len(body.content) > MAX_ANSWER:
        body = truncated(body.content, MAX_ANSWER)
    notes = (f"the answer: {body.remark}",) if body.remark else ()
    return Reply(status, headers, body.content), notes
