"""The collector as an ASGI application: one write-only endpoint, everything else in plain words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from trackscope.collector import answers
from trackscope.collector.hosts import AllowedHosts
from trackscope.collector.limits import Limits
from trackscope.collector.receiver import Receipt, Receiver
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

logger = logging.getLogger(__name__)

PATHS = ("/track", "/track/")


class _GoneError(Exception):
    """The client left before its request was complete."""


class _TooLargeError(Exception):
    """The body is larger than the limit."""


@dataclass(frozen=True, slots=True)
class _Head:
    """A request's head, read once: what is decided about is what is stored."""

    method: str
    host: str | None
    path: str
    request: TrackRequest
    peer: str
    is_expecting: bool


class CollectorApp:
    """Answers /track through a receiver; knows no other resource, and reads nothing out."""

    def __init__(self, receiver: Receiver, hosts: AllowedHosts, limits: Limits) -> None:
        self._receiver = receiver
        self._hosts = hosts
        self._limits = limits
        self._large = asyncio.Semaphore(limits.large_bodies)

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] != "http":
            return
        receipt = None
        try:
            head = _read_head(scope)
            reply, receipt = await self._answer(head, receive)
        except _GoneError:
            return
        except Exception:
            logger.exception("A request could not be answered.")
            reply = answers.plain(500, "The collector could not handle this request.")
        await _send(send, reply)
        if receipt is not None:
            self._receiver.answered(receipt)

    async def _answer(
        self, head: _Head, receive: ASGIReceiveCallable
    ) -> tuple[Reply, Receipt | None]:
        if head.host is None:
            return answers.plain(400, "A request names one host, in one Host header."), None
        if head.host not in self._hosts:
            return _early(head, answers.wrong_host(head.host)), None
        if head.path not in PATHS:
            return _early(head, answers.no_such_path(head.path)), None
        cors = answers.cors(head.request.header("origin"))
        if head.method in ("GET", "POST"):
            try:
                body = await self._read_body(head.request, receive)
            except _TooLargeError:
                too_large = answers.too_large(self._limits.max_body)
                return _early(head, _with(too_large, cors)), None
            receipt = await self._receiver.receive(
                replace(head.request, body=body), head.peer, cors
            )
            return receipt.reply, receipt
        return _early(head, _with(_without_event(head), cors)), None

    async def _read_body(self, request: TrackRequest, receive: ASGIReceiveCallable) -> bytes:
        """The whole body; a large one waits until few others are being held."""
        declared = request.header("content-length") or ""
        if declared.isdecimal() and int(declared) > self._limits.max_body:
            raise _TooLargeError
        parts: list[bytes] = []
        size = 0
        is_holding = False
        try:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise _GoneError
                parts.append(message["body"])
                size += len(message["body"])
                if size > self._limits.max_body:
                    raise _TooLargeError
                if not message["more_body"]:
                    return parts[0] if len(parts) == 1 else b"".join(parts)
                if size > self._limits.large_body and not is_holding:
                    await self._large.acquire()
                    is_holding = True
        finally:
            if is_holding:
                self._large.release()


def _read_head(scope: HTTPScope) -> _Head:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    target = scope["raw_path"].decode("utf-8", "surrogateescape")
    hosts = [value for name, value in headers if name.lower() == "host"]
    if not hosts and scope["http_version"] == "1.0":
        hosts = [_address(scope.get("server"))]
    host = hosts[0] if len(hosts) == 1 else None
    if target[:7].lower() == "http://":
        # the form that proxies are sent: the target says for whom it is (RFC 9112, 3.2.2)
        authority, slash, rest = target[7:].partition("/")
        host, url, path = authority, target, slash + rest
    else:
        url, path = f"http://{host}{target}", target
    method = scope["method"]
    return _Head(
        method,
        host,
        path.partition("?")[0],
        TrackRequest(method, url, headers),
        _address(scope.get("client")),
        any(name.lower() == "expect" for name, _ in headers),
    )


def _address(pair: Iterable[Any] | None) -> str:
    if pair is None:
        return ""
    host, port = pair
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _without_event(head: _Head) -> Reply:
    """The answer to a method that logs nothing."""
    if head.method == "HEAD":
        return Reply(200, (("Content-Type", "text/plain; charset=utf-8"),))
    if head.method == "OPTIONS":
        return answers.preflight(head.request.header("access-control-request-headers"))
    return answers.wrong_method(head.method)


def _early(head: _Head, reply: Reply) -> Reply:
    """An answer before the body: who waits for 100 Continue may not send it, so end there."""
    return _with(reply, (("Connection", "close"),)) if head.is_expecting else reply


def _with(reply: Reply, headers: answers.Headers) -> Reply:
    return replace(reply, headers=(*reply.headers, *headers))


async def _send(send: ASGISendCallable, reply: Reply) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    await send(
        cast(Any, {"type": "http.response.start", "status": reply.status, "headers": headers})
    )
    await send(cast(Any, {"type": "http.response.body", "body": reply.body, "more_body": False}))
