"""PowerShell's Invoke-WebRequest and Invoke-RestMethod to requests; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture.found import Captured, carried
from trackscope.wire.request import FORM_TYPE, TrackRequest

_START = re.compile(r"\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b(?=[ \t`])", re.I)
_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+|`\r?\n)"""
    r"""|"(?P<double>(?:[^"`]|`.|"")*)\"|'(?P<single>(?:[^']|'')*)'"""
    r"""|(?P<table>@\{)|(?P<close>\})|(?P<end>[;|\r\n])|(?P<mark>[(),=])"""
    r"""|(?P<url>https?://[^\s"'`;|{})]+)"""
    r"""|(?P<word>[^\s"'`;|{}(),=]+)""",
    re.DOTALL,
)
_CHARACTER = re.compile(r"\$\(\[char\](0x[0-9a-fA-F]+|\d+)\)", re.I)
_ESCAPE = re.compile(r'`(.)|""', re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}

Token = tuple[str, str]


def place(text: str) -> int:
    """Where the first of the two commands stands; -1 for nowhere."""
    match = _START.search(text)
    return match.start() if match else -1


def read(text: str, base: str) -> Iterator[Captured]:
    """Every command whose URL is written out; `base` is not used."""
    place = number = 0
    while start := _START.search(text, place):
        number += 1
        tokens, place = _tokens(text, start.end())
        captured = _captured(_options(tokens), number, (start.start(), place))
        if captured is not None:
            yield captured


def _tokens(text: str, place: int) -> tuple[list[Token], int]:
    """The tokens of one command and the offset after it; a table may hold line ends."""
    tokens: list[Token] = []
    depth = 0
    while (match := _TOKEN.match(text, place)) is not None:
        kind = match.lastgroup or ""
        if kind == "end" and depth == 0:
            break
        place = match.end()
        depth += (kind == "table") - (kind == "close")
        if kind == "double":
            tokens.append(("string", _unquoted(match["double"])))
        elif kind == "single":
            tokens.append(("string", match["single"].replace("''", "'")))
        elif kind not in ("blank", "end"):
            tokens.append((kind, match.group()))
    return tokens, place


def _unquoted(inner: str) -> str:
    """A double-quoted string with its escapes and `$([char]233)` decoded."""
    inner = _CHARACTER.sub(_character, inner)
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]) if match[1] else '"', inner)


def _character(match: re.Match[str]) -> str:
    digits = match[1]
    if len(digits) > 9:
        return match.group()
    code = int(digits, 16 if digits[:2].lower() == "0x" else 10)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _options(tokens: list[Token]) -> dict[str, list[Token]]:
    """The tokens behind each `-Name`; those before the first name are the URL."""
    options: dict[str, list[Token]] = {"": []}
    name = ""
    for kind, value in tokens:
        if kind == "word" and re.match(r"-[A-Za-z]", value):
            name = value[1:].lower()
            options[name] = []
        else:
            options[name].append((kind, value))
    return options


def _captured(
    options: dict[str, list[Token]], number: int, span: tuple[int, int]
) -> Captured | None:
    places = (options.get("uri"), options[""], options.get("usebasicparsing"))
    url = next(filter(None, map(_first, places)), "")
    if "://" not in url[:12]:
        return None
    notes = []
    body = _first(options.get("body"), strings_only=True)
    if "body" in options and not body:
        notes.append("the body is computed by the script: it is missing")
    if "infile" in options:
        notes.append(f"{_first(options['infile'])[:80]} is not read: the body is missing")
    headers = [pair for pair in _table(options.get("headers", [])) if pair[0] not in _PSEUDO]
    method = _first(options.get("method")).upper() or "GET"
    if kind := _first(options.get("contenttype")):
        headers.append(("Content-Type", kind))
    elif body and method == "POST" and all(name.lower() != "content-type" for name, _ in headers):
        headers.append(("Content-Type", FORM_TYPE))
    kept, secrets = carried(tuple(headers))
    request = TrackRequest(method, url, kept, body.encode("utf-8", "surrogatepass"))
    problem = notes[0] if notes else ""  # all of them are about the body
    return Captured(request, f"command {number}", span, (*notes, *secrets), problem=problem)


_PSEUDO = ("authority", "method", "path", "scheme")
"""What Chromium writes into the table where HTTP/2 had `:authority` and so on."""


def _first(tokens: list[Token] | None, *, strings_only: bool = False) -> str:
    kinds = ("string",) if strings_only else ("string", "word", "url")
    return next((value for kind, value in tokens or () if kind in kinds), "")


def _table(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    values = [value for kind, value in tokens if kind in ("string", "word")]
    return zip(values[::2], values[1::2], strict=False)
