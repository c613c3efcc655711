"""Writes tagged netstrings and flows as the versions of mitmproxy did."""

from __future__ import annotations

from typing import Any


def netstring(value: Any) -> bytes:
    """One value as a tagged netstring, `str` as mitmproxy's text and `bytes` as a plain string."""
    content, mark = _content(value)
    return b"%d:%s%s" % (len(content), content, mark)


def _content(value: Any) -> tuple[bytes, bytes]:
    match value:
        case None:
            return b"", b"~"
        case bool():
            return str(value).lower().encode(), b"!"
        case int():
            return str(value).encode(), b"#"
        case float():
            return repr(value).encode(), b"^"
        case bytes():
            return value, b","
        case str():
            return value.encode(), b";"
        case dict():
            parts = (netstring(key) + netstring(each) for key, each in value.items())
            return b"".join(parts), b"}"
        case _:
            return b"".join(map(netstring, value)), b"]"


def flow(**changes: Any) -> dict[str, Any]:
    """An HTTP flow as mitmproxy 12 writes it; `changes` replace members of its request."""
    request = {
        "path": b"/track/?data=W10%3D", "authority": b"", "scheme": b"https", "method": b"GET",
        "port": 443, "host": "10.0.0.1", "timestamp_end": 1700000000.25,
        "timestamp_start": 1700000000.25, "trailers": None, "content": b"",
        "headers": [[b"Host", b"api.mixpanel.com"]], "http_version": b"HTTP/1.1",
    }  # fmt: skip
    return {
        "websocket": None,
        "response": response(b"1"),
        "request": request | changes,
        "client_conn": {"peername": ["192.0.2.7", 51000, 0, 0], "sni": None},
        "error": None,
        "type": "http",
        "version": 21,
    }


def response(content: bytes | None, *headers: list[bytes]) -> dict[str, Any]:
    """An answer of status 200, half a second after the request of `flow`."""
    return {
        "status_code": 200, "reason": b"OK", "headers": list(headers), "content": content,
        "timestamp_start": 1700000000.75,
    }  # fmt: skip


def old_flow() -> dict[Any, Any]:
    """A POST flow as mitmproxy 0.12 wrote it under Python 2: every string is bytes."""
    return {
        b"type": b"http",
        b"version": [0, 12],
        b"request": {
            b"form_in": b"relative", b"form_out": b"relative", b"httpversion": [1, 1],
            b"method": b"POST", b"scheme": b"http", b"host": b"127.0.0.1", b"port": 8080,
            b"path": b"/track", b"headers": [[b"Content-Type", b"text/plain"]],
            b"content": b"data=W10%3D", b"timestamp_start": 1300000000, b"is_replay": False,
        },
        b"response": {
            b"code": 200, b"msg": b"OK", b"httpversion": [1, 1], b"headers": [], b"content": b"0",
            b"timestamp_start": 1300000000.125,
        },
        b"client_conn": {b"address": {b"address": [b"::1", 40000, 0, 0], b"use_ipv6": True}},
        b"error": None,
    }  # fmt: skip
