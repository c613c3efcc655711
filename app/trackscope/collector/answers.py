"""The collector's answers that are not the protocol's `1` and `0`, and its CORS headers."""

from __future__ import annotations

from trackscope.wire.reply import Reply

Headers = tuple[tuple[str, str], ...]

METHODS = "GET, POST, HEAD, OPTIONS"
_MAX_ECHO = 4096


def plain(status: int, sentence: str, headers: Headers = ()) -> Reply:
    """An answer in plain words."""
    body = sentence.encode("utf-8", "replace") + b"\n"
    about = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
    )
    return Reply(status, (*about, *headers), body)


def wrong_host(host: str) -> Reply:
    """421: the request was meant for another server (keeps rebound names out)."""
    return plain(
        421,
        f"This collector does not answer for {_shown(host)}: it answers for localhost, "
        "127.0.0.1 and [::1], and for names it was started with (--host).",
    )


def as_json(body: bytes, status: int = 200, headers: Headers = ()) -> Reply:
    """An answer that is JSON already."""
    about = (("Content-Type", "application/json"), ("Content-Length", str(len(body))))
    return Reply(status, (*about, *headers), body)


def no_such_path(path: str) -> Reply:
    """404 for everything but the endpoints."""
    return plain(
        404,
        f"Nothing is at {_shown(path)}: events go to /track, profiles to /engage and /groups, "
        "old events to /import.",
    )


def wrong_method(method: str) -> Reply:
    """405 with the methods there are."""
    sentence = f"This endpoint takes GET and POST, not {_shown(method)}."
    return plain(405, sentence, (("Allow", METHODS),))


def too_large(max_body: int) -> Reply:
    """413; the rest of the body is not kept."""
    return plain(413, f"The body is larger than this collector reads: {max_body:,} bytes.")


def preflight(requested_headers: str | None) -> Reply:
    """204: what a page of another origin may send here (any headers it asks for)."""
    headers = [
        ("Access-Control-Allow-Methods", METHODS),
        ("Access-Control-Max-Age", "600"),
    ]
    if requested_headers and _is_echoable(requested_headers):
        headers.insert(1, ("Access-Control-Allow-Headers", requested_headers))
    return Reply(204, tuple(headers))


def cors(origin: str | None) -> Headers:
    """The headers with which the browser SDK believes an answer.

    It sends credentials, so `*` is refused by the browser: the origin itself is echoed
    (wire-facts, 10).
    """
    if origin is None or not _is_echoable(origin):
        return (("Vary", "Origin"),)
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    )


def _is_echoable(value: str) -> bool:
    return value.isascii() and value.isprintable() and len(value) <= _MAX_ECHO


def _shown(text: str) -> str:
    """At most 100 characters of what a stranger sent, in ASCII, control characters escaped."""
    shown = text if len(text) <= 100 else text[:99] + "…"
    return shown.encode("unicode_escape").decode("ascii")
