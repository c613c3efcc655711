"""The server library that carries the collector, with nothing to do but answer 1."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"1")]


async def answer_one(scope: Any, receive: Any, send: Any) -> None:
    """Read the request to its end, answer 1."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"1"})


if __name__ == "__main__":
    uvicorn.run(
        answer_one,
        port=int(sys.argv[1]),
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="critical",
        server_header=False,
    )
