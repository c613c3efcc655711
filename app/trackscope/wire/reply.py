"""What a server answers, and what an answer means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from trackscope.wire.decoding import Decoded
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.shown import short

PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
"""A transparent GIF of 1×1 pixels, 43 bytes (wire-facts, §14)."""

MAX_CALLBACK = 128
"""Characters of a callback's name (decisions, "Answering")."""

NO_OP_CALLBACK = "(function(){})"
"""What old browser SDKs send where they want no call (sdk-facts, "Paths, params, order")."""

_CALLBACK = re.compile(
    r"""[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d+\]|\["[\w$]+"\]|\['[\w$]+'\])*""", re.ASCII
)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")
_URL_SAFE = "".join(chr(code) for code in range(0x21, 0x7F))


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: status, headers in order as they came, body as it came."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer says: its kind, 1 or 0 (None: neither), a headline, a plain sentence."""

    kind: str
    value: int | None
    headline: str
    sentence: str


def is_callback(name: str) -> bool:
    """Whether a callback's name is one we call: an identifier path, or the SDKs' no-op.

    >>> is_callback('mixpanel._jsc["6551584"]'), is_callback("alert(1)")
    (True, False)
    """
    if name == NO_OP_CALLBACK:
        return True
    return len(name) <= MAX_CALLBACK and _CALLBACK.fullmatch(name) is not None


def redirect_target(url: str) -> str | None:
    """The Location for a `redirect` parameter, or None where it is not redirected to.

    Only absolute http and https URLs without backslashes, blanks or control characters
    (decisions, "Answering"); other characters beyond ASCII are percent-encoded.
    """
    if "\\" in url or _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises ValueError for a port that is none)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    return quote(raw_bytes(url), safe=_URL_SAFE)


def answer(decoded: Decoded, value: int, error: str | None = None) -> Reply:
    """What the collector answers to a request it judged `value` (1 or 0).

    Precedence: redirect, img, callback, plain; `verbose` changes the value inside (decisions,
    "Answering"). `error` is the first error's sentence.
    """
    target = redirect_target(decoded.value("redirect") or "")
    if target is not None:
        return Reply(302, (("Location", target), ("Content-Length", "0")))
    if decoded.is_on("img"):
        return _reply(200, "image/gif", PIXEL, ("Cache-Control", "no-store"))
    callback = decoded.value("callback")
    if callback and not is_callback(callback):
        message = "callback is not a JavaScript function name. Nothing was logged.\n"
        return _reply(400, "text/plain; charset=utf-8", message.encode())
    is_verbose = decoded.is_on("verbose")
    body = json.dumps({"status": value, "error": error}) if is_verbose else str(value)
    if callback:
        content_type = "text/javascript; charset=utf-8"
        nosniff = ("X-Content-Type-Options", "nosniff")
        return _reply(200, content_type, f"{callback}({body});".encode(), nosniff)
    content_type = "application/json" if is_verbose else "text/plain; charset=utf-8"
    return _reply(200, content_type, body.encode())


def _reply(status: int, content_type: str, body: bytes, *more: tuple[str, str]) -> Reply:
    headers = (("Content-Type", content_type), ("Content-Length", str(len(body))), *more)
    return Reply(status, headers, body)


def understand(decoded: Decoded, reply: Reply) -> Meaning:
    """What an answer means to the request that it answers."""
    if 300 <= reply.status < 400 and reply.header("location") is not None:
        return _redirect(decoded, reply)
    if reply.body[:6] in (b"GIF87a", b"GIF89a") or reply.body[:8] == b"\x89PNG\r\n\x1a\n":
        return _image(reply)
    text = reply.body[:65_536].decode("utf-8", "replace")
    value = _value(text)
    if value is not None and reply.status == 200:
        return _plain(text, value)
    verbose = _verbose(text)
    if verbose is not None:
        value, error = verbose
        sentence = (
            "Data was logged" if value else f"Data was not logged: {error or 'no reason given'}"
        )
        return Meaning("verbose", value, str(value), _with_status(sentence, reply.status))
    call = _parts_of_call(text) if decoded.value("callback") else None
    if call is not None and reply.status == 200:
        return _call(decoded, *call)
    return _other(reply)


def _plain(text: str, value: int) -> Meaning:
    sentence = "Data was logged" if value else "Error, data was not logged"
    if text != str(value):
        shown = ascii(text)[:40]
        sentence += f". It is {shown}, not exactly {value}: several SDKs take that for a failure"
    return Meaning("plain", value, str(value), sentence)


def _value(text: str) -> int | None:
    return {"1": 1, "0": 0}.get(text.strip())


def _verbose(text: str) -> tuple[int, str | None] | None:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("status") not in (0, 1):
        return None
    error = found.get("error")
    return int(found["status"]), short(error, 300) if isinstance(error, str) else None


def _with_status(sentence: str, status: int) -> str:
    return sentence if status == 200 else f"{sentence} (status {status})"


def _redirect(decoded: Decoded, reply: Reply) -> Meaning:
    location = short(reply.header("location") or "", 300)
    if decoded.value("redirect"):
        sentence = (
            f"Redirects to {location} (not followed). It does not say whether data was logged"
        )
    else:
        sentence = f"Redirects to {location} (not followed), though no redirect was asked for"
    return Meaning("redirect", None, "→ redirect", sentence)


def _image(reply: Reply) -> Meaning:
    body = reply.body
    if body[:3] == b"GIF":
        name = "GIF"
        width, height = (int.from_bytes(body[at : at + 2], "little") for at in (6, 8))
    else:
        name = "PNG"
        width, height = (int.from_bytes(body[at : at + 4], "big") for at in (16, 20))
    sentence = "A pixel came back. It does not say whether data was logged"
    if (width, height) != (1, 1):
        sentence = f"An image of {width}×{height} came back, not a pixel of 1×1"
    return Meaning("pixel", None, f"{width}×{height} {name}", sentence)


def _parts_of_call(text: str) -> tuple[str, str] | None:
    """The name and the argument of a call `name(argument);`, or None if the text is no call."""
    text = text.strip().removeprefix("/**/").lstrip().removesuffix(";").rstrip()
    if not text.endswith(")"):
        return None
    # The no-op is a function with brackets of its own, so the name is not all before the first.
    name = NO_OP_CALLBACK if text.startswith(NO_OP_CALLBACK) else text.partition("(")[0].rstrip()
    rest = text[len(name) :].lstrip()
    return (name, rest[1:-1].strip()) if is_callback(name) and rest.startswith("(") else None


def _call(decoded: Decoded, name: str, inner: str) -> Meaning:
    verbose = _verbose(inner)
    value = _value(inner) if verbose is None else verbose[0]
    sentence = {
        1: "Data was logged",
        0: "Error, data was not logged",
        None: "The call says neither 1 nor 0",
    }[value]
    if verbose is not None and verbose[1]:
        sentence = f"Data was not logged: {verbose[1]}"
    wanted = decoded.value("callback")
    if name != wanted:
        sentence += f". It calls {short(name)}, but {short(wanted or '')} was asked for"
    shown = str(value) if value is not None else short(inner, 12)
    return Meaning("jsonp", value, f"{short(name, 24)}({shown})", sentence)


def _other(reply: Reply) -> Meaning:
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "an unknown status"
    if reply.status == 200:
        sentence = "The answer is neither 1 nor 0: this is not the tracking endpoint"
        return Meaning("other", None, "200", sentence)
    sentences = {
        400: "The server could not make sense of the request",
        404: "The server has no such endpoint",
        405: "The endpoint does not take this method",
        413: "The request is too large for the server",
        414: "The URL is too long for the server: send a POST form",
        421: "The server does not answer for this host name",
        429: "Too many requests: the server asks to slow down",
    }
    sentence = sentences.get(
        reply.status, "The server reports an error" if reply.status >= 500 else ""
    )
    detail = f"{reply.status} {phrase}"
    sentence = f"{sentence} ({detail})" if sentence else f"It says neither 1 nor 0 ({detail})"
    return Meaning("other", None, str(reply.status), sentence)
