"""Reads an answer's body no further than a limit."""

from __future__ import annotations

from collections.abc import AsyncIterator

from trackscope.wire.content_coding import MAX_BODY, Body, truncated


async def read(chunks: AsyncIterator[bytes], limit: int = MAX_BODY) -> Body:
    """The first `limit` bytes; the rest is not waited for."""
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > limit:
            return truncated(bytes(content), limit)
    return Body(bytes(content))
