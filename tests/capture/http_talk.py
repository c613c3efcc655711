"""Random HTTP conversations, as bytes and as what must be found in them."""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass

from trackscope.capture.found import Captured


@dataclass(frozen=True)
class Asked:
    """A request and its answer: the bytes of both sides, and what a reader makes of them."""

    sent: bytes
    answered: bytes
    method: str
    target: str
    body: bytes
    status: int
    reply: bytes


def asked(rng: random.Random, *, is_last: bool, has_traps: bool = True) -> Asked:
    """One random request with its answer; only the last answer may end with the connection."""
    method = rng.choice(("GET", "POST", "POST", "HEAD", "PUT"))
    target = f"/track/?n={rng.randint(0, 9999)}" + "&x=é %20"[: rng.randint(0, 8)]
    body = _noise(rng, has_traps) if method in ("POST", "PUT") else b""
    sent = f"{method} {target} HTTP/1.1\r\nHost: h.example\r\nX-N: {rng.randint(0, 9)}\r\n".encode()
    sent += _framed(body, rng) if body or method != "GET" else b"\r\n"
    reply, answered, status = _answer(rng, method, is_last=is_last)
    return Asked(sent, answered, method, target, body, status, reply)


def _noise(rng: random.Random, has_traps: bool) -> bytes:
    return rng.choice((
        b"data=W10%3D",
        b"GET / HTTP/1.1\r\n\r\n" if has_traps else b"",
        rng.randbytes(rng.choice((0, 1, 100, 5000))),
    ))  # fmt: skip


def _framed(body: bytes, rng: random.Random) -> bytes:
    """Header lines that state the body's length, the empty line, and the body."""
    if rng.random() < 0.5:
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    content = b""
    while body:
        length = rng.randint(1, len(body))
        content += b"%x%s\r\n%s\r\n" % (length, rng.choice((b"", b";a=b")), body[:length])
        body = body[length:]
    trailer = rng.choice((b"", b"X-Trailer: 1\r\n"))
    return b"Transfer-Encoding: chunked\r\n\r\n" + content + b"0\r\n" + trailer + b"\r\n"


def _answer(rng: random.Random, method: str, *, is_last: bool) -> tuple[bytes, bytes, int]:
    """The body as it is shown, the bytes, and the status."""
    body = rng.choice((b"1", b"0", rng.randbytes(rng.choice((0, 3000)))))
    before = rng.choice((b"", b"HTTP/1.1 100 Continue\r\n\r\n"))
    if method == "HEAD":
        return b"", before + b"HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n", 200
    if rng.random() < 0.15:
        return b"", before + b"HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n", 304
    if is_last and rng.random() < 0.5:
        return body, before + b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n" + body, 200
    packed = body
    coding = b""
    if body and rng.random() < 0.3:
        packed = gzip.compress(body, mtime=0)
        coding = b"Content-Encoding: gzip\r\n"
    return body, before + b"HTTP/1.1 200 OK\r\n" + coding + _framed(packed, rng), 200


def is_found(asked: Asked, captured: Captured) -> bool:
    """Whether a request was found byte for byte, with its answer."""
    request, reply = captured.request, captured.reply
    return (
        (request.method, request.url, request.body)
        == (asked.method, f"http://h.example{asked.target}", asked.body)
        and reply is not None
        and (reply.status, reply.body) == (asked.status, asked.reply)
        and not captured.problem
    )
