"""Reads the literals of Python and JavaScript call arguments; nothing is ever evaluated."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

MAX_DEPTH = 64
"""Levels of nesting that are read."""


class Unknown:
    """What stands for an argument that only running the script would tell."""

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = Unknown()

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_PYTHON_BLANK = re.compile(r"(?:\s|#[^\n]*|\\\n)+")
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_PREFIX = re.compile(r"(?:[bB][rR]?|[rR][bB]?|[uU])?(?=[\"'`])")
_PLAIN = {quote: re.compile(rf"[^\\{quote}]+") for quote in "\"'`"}
_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|U([0-9A-Fa-f]{8})"
    r"|([0-7]{1,3})|(\r\n|.))",
    re.DOTALL,
)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_WORDS: dict[str, Any] = {
    "true": True, "True": True, "false": False, "False": False,
    "null": None, "None": None, "undefined": None,
}  # fmt: skip
_SUFFIX = re.compile(r"\s*\.(encode|decode|toString|strip|trim)\(\s*(?:[\"'][\w-]*[\"'])?\s*\)")
_NESTING = re.compile(r"[()\[\]{},\"'`]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class NotLiteralError(ValueError):
    """The text at this place is no literal."""


class LiteralReader:
    """Reads at `place`, which moves on; `python` decides comments and escapes."""

    def __init__(self, text: str, place: int, *, python: bool) -> None:
        self.text = text
        self.place = place
        self.python = python

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """The arguments up to the closing parenthesis, which is passed; unknown ones marked."""
        values: list[Any] = []
        named: dict[str, Any] = {}
        while not self.take(")"):
            name = self.keyword()
            value = self.value_or_unknown()
            if name:
                named[name] = value
            else:
                values.append(value)
            if not self.take(",") and not self.at(")"):
                raise NotLiteralError
        return values, named

    def keyword(self) -> str:
        if not self.python:
            return ""
        match = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)").match(self.text, self.place)
        if match is None:
            return ""
        self.place = match.end()
        return match.group(1)

    def value_or_unknown(self, depth: int = 0) -> Any:
        """A value, or UNKNOWN with the place after whatever stands there."""
        start = self.place
        try:
            value = self.value(depth)
            self.blank()
            if self.place >= len(self.text) or self.text[self.place] in ",)}]":
                return value
        except NotLiteralError:
            pass
        self.place = start
        self.skip()
        return UNKNOWN

    def blank(self) -> None:
        match = (_PYTHON_BLANK if self.python else _BLANK).match(self.text, self.place)
        if match:
            self.place = match.end()

    def at(self, mark: str) -> bool:
        self.blank()
        return self.text.startswith(mark, self.place)

    def take(self, mark: str) -> bool:
        if not self.at(mark):
            return False
        self.place += len(mark)
        return True

    def skip(self) -> None:
        """To the comma or bracket that ends what stands here."""
        depth = 0
        while match := _NESTING.search(self.text, self.place):
            mark = match.group()
            if mark in "\"'`":
                self.place = match.start()
                self.string()
                continue
            if depth == 0 and mark in ",)]}":
                self.place = match.start()
                return
            depth += (mark in "([{") - (mark in ")]}")
            self.place = match.end()
        self.place = len(self.text)

    def value(self, depth: int) -> Any:
        """A literal, or strings that are joined by `+` or by standing side by side."""
        pieces = [self.term(depth)]
        while isinstance(pieces[0], str | bytes):
            if not self.take("+") and not (self.python and self.at_string()):
                break
            pieces.append(self.term(depth))
        if len(pieces) == 1:
            return pieces[0]
        if all(isinstance(piece, str) for piece in pieces):
            return "".join(pieces)
        if all(isinstance(piece, bytes) for piece in pieces):
            return b"".join(pieces)
        raise NotLiteralError

    def at_string(self) -> bool:
        self.blank()
        return _PREFIX.match(self.text, self.place) is not None

    def term(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise NotLiteralError
        if self.at_string():
            return self.suffixed(self.string())
        if self.take("{"):
            return self.mapping(depth + 1)
        for opening, closing in (("[", "]"), ("(", ")")):
            if self.take(opening):
                return self.suffixed(self.sequence(closing, depth + 1))
        number = _NUMBER.match(self.text, self.place)
        if number and len(number.group()) < 400:
            self.place = number.end()
            return _number(number.group())
        return self.word(depth)

    def suffixed(self, value: Any) -> Any:
        """Apply `.encode()` and the like."""
        while match := _SUFFIX.match(self.text, self.place):
            self.place = match.end()
            if match[1] == "encode" and isinstance(value, str):
                value = value.encode("utf-8", "surrogatepass")
            elif match[1] == "decode" and isinstance(value, bytes):
                value = value.decode("utf-8", "surrogateescape")
            elif match[1] not in ("toString", "strip", "trim"):
                raise NotLiteralError
        return value

    def sequence(self, closing: str, depth: int) -> Any:
        values = []
        has_comma = False
        while not self.take(closing):
            values.append(self.value(depth))
            has_comma = self.take(",")
            if not has_comma and not self.at(closing):
                raise NotLiteralError
        if closing == ")" and len(values) == 1 and not has_comma:
            return values[0]
        return values

    def mapping(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not self.take("}"):
            if self.at_string():
                key = self.string()
            elif match := _NAME.match(self.text, self.place):
                key, self.place = match.group(), match.end()
            else:
                raise NotLiteralError
            if not self.take(":"):
                raise NotLiteralError
            # a computed member spoils the options of a call, not what stands beside it
            value = self.value_or_unknown(depth) if depth == 1 else self.value(depth)
            members[_text(key)] = value
            if not self.take(",") and not self.at("}"):
                raise NotLiteralError
        return members

    def word(self, depth: int) -> Any:
        if self.python or self.take("new "):
            self.blank()
        match = _NAME.match(self.text, self.place)
        if match is None:
            raise NotLiteralError
        name = match.group()
        self.place = match.end()
        if name in _WORDS:
            return _WORDS[name]
        if name == "TextEncoder" and self.take("(") and self.take(")") and self.take(".encode"):
            name = "TextEncoder"
        if name not in _CALLS or not self.take("("):
            raise NotLiteralError
        argument = self.value(depth + 1)
        while self.take(","):
            self.skip()
        if not self.take(")"):
            raise NotLiteralError
        return self.suffixed(_CALLS[name](argument))

    def string(self) -> str | bytes:
        """A string with its escapes decoded, or bytes; one that is not closed is no literal."""
        prefix = _PREFIX.match(self.text, self.place)
        assert prefix is not None
        letters = prefix.group().lower()
        self.place = prefix.end()
        mark = self.text[self.place]
        closing = mark * 3 if self.python and self.text.startswith(mark * 3, self.place) else mark
        self.place += len(closing)
        pieces: list[str] = []
        while self.place < len(self.text):
            if self.text.startswith(closing, self.place):
                self.place += len(closing)
                return self.joined(pieces, letters, mark)
            match = _PLAIN[mark].match(self.text, self.place)
            if match:
                pieces.append(match.group())
                self.place = match.end()
            elif self.text[self.place] == "\\":
                pieces.append(self.escape("r" in letters))
            else:
                pieces.append(self.text[self.place])
                self.place += 1
        raise NotLiteralError

    def joined(self, pieces: list[str], letters: str, mark: str) -> str | bytes:
        value = "".join(pieces)
        if mark == "`" and "${" in value:
            raise NotLiteralError
        if "b" in letters:
            return value.encode("latin-1", "replace")
        return join_pairs(value)

    def escape(self, is_raw: bool) -> str:
        match = _ESCAPE.match(self.text, self.place)
        if match is None:
            self.place += 1
            return "\\"
        self.place = match.end()
        if is_raw:
            return match.group()
        hexadecimal = match[1] or match[2] or match[3] or match[4]
        if hexadecimal:
            code = int(hexadecimal, 16)
            return chr(code) if code <= 0x10FFFF else "\ufffd"
        if match[5]:
            return chr(int(match[5], 8) & 0xFF)
        character = match[6]
        if character in ("\n", "\r\n"):
            return ""
        unknown = f"\\{character}" if self.python and character not in "\\\"'" else character
        return _NAMED.get(character, unknown)


def _number(literal: str) -> int | float:
    try:
        return int(literal, 0)
    except ValueError:
        return float(literal)


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise NotLiteralError
    return value.encode("utf-8", "surrogatepass")


def join_pairs(text: str) -> str:
    """The text with both halves of a surrogate pair as the one character that they stand for."""
    return _PAIR.sub(_join_pair, text)


def _join_pair(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")


class FormText(str):
    """A form that was built from pairs, so that its Content-Type is known."""

    __slots__ = ()


def as_form(value: Any) -> FormText:
    """Pairs as a form, as `URLSearchParams` and both Python clients write them."""
    if isinstance(value, str):
        return FormText(value)
    if isinstance(value, dict):
        value = list(value.items())
    pairs = []
    for pair in value if isinstance(value, list) else ():
        if not isinstance(pair, list | tuple) or len(pair) != 2 or pair[1] is UNKNOWN:
            raise NotLiteralError
        key, single = pair
        for each in single if isinstance(single, list) else (single,):
            if isinstance(each, bool | dict):
                each = json.dumps(each)
            if each is not None:
                pairs.append((str(key), each if isinstance(each, bytes) else str(each)))
    return FormText(urlencode(pairs, errors="surrogatepass"))


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _decoded(value: Any) -> bytes:
    try:
        return base64.b64decode(_bytes(value), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise NotLiteralError from problem


_CALLS: dict[str, Callable[[Any], Any]] = {
    "JSON.stringify": _compact,
    "json.dumps": json.dumps,
    "URLSearchParams": as_form,
    "Headers": lambda value: value,
    "TextEncoder": _bytes,
    "Uint8Array.from": lambda value: value,
    "Blob": lambda value: value[0] if isinstance(value, list) and value else value,
    "atob": _decoded,
    "btoa": lambda value: base64.b64encode(_bytes(value)).decode("ascii"),
    "base64.b64encode": lambda value: base64.b64encode(_bytes(value)),
    "encodeURIComponent": lambda value: quote(_bytes(value), safe="!'()*"),
    "quote": lambda value: quote(_bytes(value)),
    "urllib.parse.quote": lambda value: quote(_bytes(value)),
    "urlencode": as_form,
    "urllib.parse.urlencode": as_form,
}
