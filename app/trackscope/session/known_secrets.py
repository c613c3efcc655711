"""Finds the secrets of an exchange, so that they can be hidden wherever else they stand."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from trackscope.capture.exchange import Exchange
from trackscope.session.masking import Masking
from trackscope.wire.decoding import unpacked
from trackscope.wire.encoding import unwrap
from trackscope.wire.json_text import parse
from trackscope.wire.request import TrackRequest, form_decode, is_form, params

MIN_LENGTH = 6
"""Characters from which a secret is recognised where it stands within another text."""

MIN_DIGITS = 12
"""Digits from which a secret number is: shorter ones are in every text."""

MAX_NESTING = 4
"""Payloads within texts within payloads that are looked into; what lies deeper is hidden whole."""

WORDS = frozenset(
    (
        "engage", "groups", "import", "properties", "distinct_id", "$distinct_id", "$insert_id",
        "callback", "redirect", "verbose", "mixpanel",
    )
)  # fmt: skip
"""The protocol's own words stay readable, even where somebody's token is one."""

_PAYLOAD = re.compile(r"\s*(?:[{\[]|e[w-z0-9+/]|W[w-z0-9+/]|H4sI)")
"""How JSON and Base64 of JSON begin."""

_SHORTEST = 12
_PAIR = re.compile(r"""(?:^|[?&;\s])([\w$.-]{1,80})=([^&#;\s"'<>]+)""")
_MEMBER = re.compile(r'"([\w$.-]{1,80})"\s*:\s*"([^"\\]+)"')
_USER = re.compile(r"(?:[A-Za-z][\w+.-]*:)?//([^/?#@]*)@")


class Payload(NamedTuple):
    """JSON that a text is, or carries as Base64, and its value."""

    json_text: str
    is_base64: bool
    value: Any


def payload_in(text: str) -> Payload | None:
    """The object or list that a text is, plain or as Base64; None if it is none."""
    if len(text) < _SHORTEST or not _PAYLOAD.match(text):
        return None
    unwrapped = unwrap(text)
    if unwrapped.text is None:
        return None
    parsed = parse(unwrapped.text)
    if parsed.defect is not None or not isinstance(parsed.value, dict | list):
        return None
    return Payload(unwrapped.text, unwrapped.is_base64, parsed.value)


def known_secrets(exchange: Exchange, masking: Masking) -> dict[str, str]:
    """Each secret that the exchange names as one, with what is to stand in its place.

    They are looked for by their keys in the parameters, the payload, the headers and the answer.
    Short ones are left out: they are hidden by their keys alone.
    """
    search = _Search(masking)
    search.request(exchange.request)
    if exchange.reply is not None:
        search.headers(exchange.reply.headers)
        search.text(exchange.reply.body.decode("utf-8", "surrogateescape"))
    search.value(list(exchange.stored or ()))
    return search.found


class _Search:
    """Collects secrets, `found`, out of values and texts."""

    def __init__(self, masking: Masking) -> None:
        self.found: dict[str, str] = {}
        self._masking = masking

    def request(self, request: TrackRequest) -> None:
        with suppress(ValueError):  # what cannot be unpacked is not shown either
            request = unpacked(request)
        if self._masking.headers and (user := _USER.match(request.url)):
            for secret in user.group(1).split(":"):
                self._add("password", form_decode(secret))
        self.headers(request.headers)
        for param in params(request):
            self.text(param.name)
            self._entry(param.name, param.value, 0)
        if request.body and not is_form(request):
            self.text(request.body.decode("utf-8", "surrogateescape"))

    def headers(self, headers: Iterable[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() in self._masking.headers:
                self._add(name, value)
                for part in (value.rpartition(" ")[2], *_basic(value)):
                    self._add(name, part)
            else:
                self._entry(name, value, 0)

    def text(self, text: str, level: int = 0) -> None:
        if level > MAX_NESTING:
            return
        if payload := payload_in(text):
            self.value(payload.value, level + 1)
            return
        if "=" in text:
            for match in _PAIR.finditer(text):
                self._entry(match[1], form_decode(match[2]), level)
        if '":' in text or '" :' in text:
            for match in _MEMBER.finditer(text):
                self._entry(match[1], match[2], level)

    def value(self, value: Any, level: int = 0) -> None:
        pending = [("", value)]
        while pending:
            key, each = pending.pop()
            if isinstance(each, dict):
                pending += [
                    (key if self._masking.hides(key) else name, inner)
                    for name, inner in each.items()
                ]
            elif isinstance(each, list):
                pending += [(key, inner) for inner in each]
            else:
                self._entry(key, each, level)

    def _entry(self, key: str, value: Any, level: int) -> None:
        if self._masking.hides(key):
            self._add(key, value)
        elif isinstance(value, str):
            self.text(value, level + 1)

    def _add(self, key: str, value: Any) -> None:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        text = str(value) if is_number else value
        shortest = MIN_DIGITS if is_number else MIN_LENGTH
        if isinstance(text, str) and len(text) >= shortest and text not in WORDS:
            self.found[text] = self._masking.stand_in(key, text)


def _basic(value: str) -> list[str]:
    """The user and the password of basic authentication."""
    scheme, _, packed = value.partition(" ")
    if scheme.lower() != "basic":
        return []
    try:
        return base64.b64decode(packed).decode("utf-8", "replace").split(":", 1)
    except binascii.Error:
        return []
