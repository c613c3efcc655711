"""Replaces secrets in texts and payloads, in whatever spelling they stand there."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping

from trackscope.session.known_secrets import MAX_NESTING, MIN_LENGTH, payload_in
from trackscope.session.masking import Masking
from trackscope.wire.encoding import MAX_PEELS, percent_decoded, to_base64, to_bytes, unwrap
from trackscope.wire.json_text import Container, Node, parse, quoted, scan, unquoted
from trackscope.wire.request import form_decode, form_encode

HIDDEN = "…"

_PAIR = re.compile(r"""((?:^|[?&;\s])([\w$.-]{1,80})=)([^&#;\s"'<>]+)""")
_URL_SAFE = str.maketrans("+/", "-_")


class Veil:
    """Hides what `masking` names, and the `known` secrets (each with its stand-in) elsewhere.

    Where there is nothing to hide, every method gives back exactly what it was given.
    """

    def __init__(self, masking: Masking, known: Mapping[str, str]) -> None:
        self._masking = masking
        # By its first characters, so that a text is walked once, however many secrets there are.
        self._spellings: dict[str, list[tuple[str, str]]] = {}
        for secret, stand_in in known.items():
            for spelling in set(_spellings(secret)):
                beginning = spelling[:MIN_LENGTH]
                self._spellings.setdefault(beginning, []).append((spelling, stand_in))
        for found in self._spellings.values():
            found.sort(key=lambda each: -len(each[0]))

    def header(self, name: str, value: str) -> str:
        """The value of a header."""
        if name.lower() in self._masking.headers:
            return self._masking.stand_in(name, value)
        return self.entry(name, value)

    def entry(self, name: str, value: str, level: int = 0) -> str:
        """A value that stands by a name: a parameter's, say."""
        if value and self._masking.hides(name):
            return self._masking.stand_in(name, value)
        return self.text(value, level)

    def data(self, value: str) -> str | None:
        """A value of `data`, encoded anew where something in it is hidden; None where it cannot
        be read, so that nobody can tell what it holds.
        """
        if not value.strip():
            return value
        unwrapped = unwrap(value)
        inner = None if unwrapped.text is None else self.json(unwrapped.text)
        if inner is None or inner == unwrapped.text:
            return None if inner is None else value
        return to_base64(inner) if unwrapped.is_base64 else inner

    def json(self, text: str, level: int = 0) -> str | None:
        """A JSON text with values hidden and all else as it was; None where it is no JSON."""
        if parse(text).defect is not None:
            return None
        changes = []
        for node in scan(text):
            if node.key is not None and (key := self.plain(node.step)) != node.step:
                changes.append((node.key, quoted(key)))
            literal = text[node.value.start : node.value.end]
            if (new := self._scalar(node, literal, level)) is not None:
                changes.append((node.value, quoted(new)))
        pieces, place = [], 0
        for span, piece in sorted(changes, key=lambda change: change[0].start):
            pieces += [text[place : span.start], piece]
            place = span.end
        return "".join([*pieces, text[place:]])

    def text(self, text: str, level: int = 0) -> str:
        """Any text: one that is a payload, one with links in it, or a sentence."""
        if payload := payload_in(text):
            if level >= MAX_NESTING:
                return HIDDEN
            inner = self.json(payload.json_text, level + 1)
            if inner is None or inner == payload.json_text:
                return text
            return to_base64(inner) if payload.is_base64 else inner
        if "=" in text:
            text = _PAIR.sub(lambda match: match[1] + self._literal(match, level), text)
        return self.plain(text)

    def plain(self, text: str) -> str:
        """A text with the known secrets replaced, also where they are percent-encoded."""
        text = self._replaced(text)
        if "%" not in text or not self._spellings:
            return text
        decoded = text
        for _ in range(MAX_PEELS):
            further = percent_decoded(decoded)
            if further == decoded:
                return text
            decoded = further
            if (hidden := self._replaced(decoded)) != decoded:
                return hidden
        return text

    def _scalar(self, node: Node, literal: str, level: int) -> str | None:
        """What a value becomes, if it becomes anything else."""
        if literal[0] in "{[" or literal in ("null", '""'):
            return None
        value = unquoted(literal) if literal[0] == '"' else literal
        key = self._hiding_key(node)
        if key is not None:
            return self._masking.stand_in(key, value)
        if len(value) < MIN_LENGTH:
            return None
        new = self.text(value, level)
        return None if new == value else new

    def _hiding_key(self, node: Node) -> str | None:
        """The key by which a value is hidden: its own, or that of what it stands in."""
        if node.key is not None and self._masking.hides(node.step):
            return node.step
        inside: Container | None = node.container
        while inside is not None:
            if inside.key is not None and self._masking.hides(inside.step):
                return inside.step
            inside = inside.outer
        return None

    def _literal(self, match: re.Match[str], level: int) -> str:
        value = form_decode(match[3])
        new = self.entry(match[2], value, level + 1)
        return match[3] if new == value else form_encode(new)

    def _replaced(self, text: str) -> str:
        known = self._spellings
        if not known:
            return text
        ends = range(len(text) - MIN_LENGTH + 1)
        hits = [place for place in ends if text[place : place + MIN_LENGTH] in known]
        pieces, end = [], 0
        for hit in hits:
            if hit < end:
                continue
            for spelling, stand_in in known[text[hit : hit + MIN_LENGTH]]:
                if text.startswith(spelling, hit):
                    pieces += [text[end:hit], stand_in]
                    end = hit + len(spelling)
                    break
        return "".join([*pieces, text[end:]])


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it stands in texts: plain, in hexadecimal, and within Base64; in either case.

    What surrounds it in Base64 decides on the first and the last characters, so they are left
    out; where it begins, on which of three texts it is.
    """
    for cased in {secret, secret.lower(), secret.upper()}:
        raw = to_bytes(cased)
        yield from (cased, raw.hex(), raw.hex().upper())
        for before in range(3):
            packed = base64.b64encode(bytes(before) + raw).decode("ascii")
            core = packed[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            yield from (core, core.translate(_URL_SAFE))
