"""An answer, and what it means."""

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

PNG_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6360600000000300012b094d840000000049454e44ae426082"
)
"""A transparent PNG of 1×1 pixels, 68 bytes."""

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
    if not url or "\\" in url or _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises ValueError for a port that is none)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    return quote(raw_bytes(url), safe=_URL_SAFE)


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
    if verbose is None and (found := _by_record(text)) is not None:
        return found
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
    found = _object(text)
    status = 0 if found.get("status") == "error" else found.get("status")
    if status not in (0, 1):
        return None
    error = found.get("error")
    return int(status), short(error, 300) if isinstance(error, str) else None


def _by_record(text: str) -> Meaning | None:
    """The answer of /import, or one of the same form; None for any other text (wire-facts, §6)."""
    found = _object(text)
    code = found.get("code")
    if type(code) is not int or not isinstance(found.get("status"), str):
        return None
    count, error = found.get("num_records_imported"), found.get("error")
    if code == 200:
        what = "Data was logged" if type(count) is not int else f"{_counted(count)} logged"
        return Meaning("import", 1, "200", what)
    reason = short(error, 200) if isinstance(error, str) else "some records failed validation"
    what, kept = "Data was not logged", ""
    if type(count) is int and count:
        what, kept = "Not all was logged", f"; {_counted(count)} logged all the same"
    sentence = f"{what}: {reason}{_failed(found)}{kept}"
    return Meaning("import", 0, short(str(code), 9), sentence)


def _failed(found: dict[str, Any]) -> str:
    """How many records failed, and what is said of the first."""
    records = found.get("failed_records")
    if not isinstance(records, list) or not records:
        return ""
    first = records[0]
    message = first.get("message") if isinstance(first, dict) else None
    said = f": {short(message, 120)}" if isinstance(message, str) else ""
    return f" ({len(records):,} failed{said})"


def _counted(count: int) -> str:
    return "1 record was" if count == 1 else f"{short(str(count), 20)} records were"


def _object(text: str) -> dict[str, Any]:
    """The JSON object that a text is; an empty one for any other text."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


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
