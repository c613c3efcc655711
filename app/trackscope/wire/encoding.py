"""Base64 and UTF-8 to text and back, with the place of each defect and every repair named."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

MAX_UNPACKED = 10 * 1024 * 1024
"""Bytes that a compressed payload may grow to."""

MAX_PEELS = 4
"""Layers of Base64 in Base64, or of percent-encoding, that are undone."""

_STANDARD = re.compile(r"[A-Za-z0-9+/]*={0,2}")  # and a length that four divides
_FOREIGN = re.compile(r"[^A-Za-z0-9+/]")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_SPLIT_ESCAPE = re.compile(r"%(?:[\r\n]+[ \t]*[0-9A-Fa-f]|[0-9A-Fa-f][\r\n]+[ \t]*)[0-9A-Fa-f]")
_BREAKS = re.compile(r"[\r\n\t]+")
_GZIP = b"\x1f\x8b"
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Repair:
    """Something put right while decoding: the rule it falls under, how often, where first.

    `offset` counts characters of the `data` value as it was received, or is None where the
    repair concerns the whole.
    """

    rule: str
    count: int
    offset: int | None = None

    @property
    def sentence(self) -> str:
        """The repair in words, as `decode` prints it."""
        one, many = _SENTENCES[self.rule]
        return one if self.count == 1 else many.format(self.count)


_SENTENCES = {
    "data.space": ("1 space turned back into +", "{} spaces turned back into +"),
    "data.whitespace": ("1 blank or line break removed", "{} blanks and line breaks removed"),
    "data.url-safe": (
        "1 URL-safe character turned into the standard alphabet",
        "{} URL-safe characters turned into the standard alphabet",
    ),
    "data.padding": ("1 missing = added", "{} missing = added"),
    "data.double-encoded": (
        "second percent-encoding undone",
        "{} further percent-encodings undone",
    ),
    "data.nested": ("Base64 in Base64 peeled", "{} layers of Base64 in Base64 peeled"),
    "data.raw-json": ("JSON read without Base64", "JSON read without Base64"),
    "data.json-body": ("JSON body read as the payload", "JSON body read as the payload"),
    "data.lines": ("1 line read as a list", "{} lines read as a list"),
    "data.gzip": ("gzip unpacked", "{} layers of gzip unpacked"),
    "data.cesu8": ("1 CESU-8 pair joined", "{} CESU-8 pairs joined"),
}


_SLICE = 64 * 1024
"""Bytes that are decoded at a time: the standard library takes eighty times as much memory."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Why a text cannot be decoded: rule, sentence, and the offset in the `data` value."""

    rule: str
    message: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What came out of a `data` value: JSON text, or the defect that stopped it.

    `is_direct` tells that each character of the Base64 text still stands at its place, so that
    offsets can be mapped between the faces.
    """

    text: str | None
    repairs: tuple[Repair, ...] = ()
    defect: Defect | None = None
    is_base64: bool = True
    is_direct: bool = True


def to_base64(text: str) -> str:
    """Padded standard Base64 of the text's UTF-8; lone surrogates pass through as CESU-8.

    >>> to_base64('{"a":1}')
    'eyJhIjoxfQ=='
    """
    return base64.b64encode(to_bytes(text)).decode("ascii")


def to_bytes(text: str) -> bytes:
    """UTF-8 of any Python string; halves of surrogate pairs become three bytes each."""
    return text.encode("utf-8", "surrogatepass")


def raw_bytes(text: str) -> bytes:
    """The bytes that a form-decoded text stands for: each surrogate escape is a byte again.

    Halves of pairs that no byte stands for, as typed text may have them, become three bytes.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return to_bytes(text)


def percent_decoded(text: str) -> str:
    """Decode `%XX`; what is no UTF-8 becomes surrogate escapes, so nothing is lost.

    >>> percent_decoded("%7B%22%C3%A9%ff%")
    '{"é\\udcff%'
    """
    raw = raw_bytes(text)
    if len(raw) <= _SLICE:
        return unquote_to_bytes(raw).decode("utf-8", "surrogateescape")
    pieces, place = [], 0
    while place < len(raw):
        end = place + _SLICE
        escape = raw.find(b"%", end - 2, end)
        end = escape if escape >= 0 else end
        pieces.append(unquote_to_bytes(raw[place:end]))
        place = end
    return b"".join(pieces).decode("utf-8", "surrogateescape")


def unwrap(data: str) -> Unwrapped:
    """The JSON text that a form-decoded `data` value carries, every repair on the way named.

    >>> unwrap("eyJhIjoxfQ==").text
    '{"a":1}'
    >>> unwrap("eyJhIjoxfQ").repairs
    (Repair(rule='data.padding', count=2, offset=10),)
    """
    repairs: list[Repair] = []
    data, peeled = _undo_percent(data, repairs)
    if looks_like_json(data):
        repairs.append(Repair("data.raw-json", 1, 0))
        return _finish(raw_bytes(data), repairs, is_base64=False, is_direct=not peeled)
    body, defect = _decode_once(data, repairs)
    if body is not None:
        body = _peeled(body, repairs)
    if peeled:  # their offsets count characters of a text that nobody sees
        repairs = [replace(repair, offset=None) for repair in repairs]
        defect = defect and replace(defect, offset=None)
    if defect is not None or body is None:
        return Unwrapped(None, _merged(repairs), defect)
    is_direct = not any(
        repair.rule in ("data.whitespace", "data.nested", "data.double-encoded")
        for repair in repairs
    )
    packed = body[:2] == _GZIP
    if packed:
        try:
            body = unpack(body)
        except ValueError as problem:
            return Unwrapped(None, _merged(repairs), Defect(unpacking_rule(problem), str(problem)))
        repairs.append(Repair("data.gzip", 1))
    return _finish(body, repairs, is_base64=True, is_direct=is_direct and not packed)


def looks_like_json(text: str) -> bool:
    """Whether a `data` value is JSON rather than Base64: it begins with `{` or `[`."""
    return text.lstrip()[:1] in ("{", "[")


class TooLargeError(ValueError):
    """What is packed is larger than what is unpacked of anything."""


def unpack(packed: bytes, limit: int = MAX_UNPACKED) -> bytes:
    """Unpack gzip, at most `limit` bytes.

    ValueError says what is wrong in a sentence; it is a TooLargeError beyond the limit.
    """
    machine = zlib.decompressobj(wbits=31)
    try:
        unpacked = machine.decompress(packed, limit + 1)
    except zlib.error as problem:
        raise ValueError(f"the gzip data is damaged ({problem})") from problem
    if len(unpacked) > limit:
        raise TooLargeError(f"unpacked, the payload is larger than {limit // 1024 // 1024} MB")
    if not machine.eof:
        raise ValueError("the gzip data is cut off")
    return unpacked


def unpacking_rule(problem: ValueError) -> str:
    """The rule that a payload breaks which `unpack` refused."""
    return "data.size" if isinstance(problem, TooLargeError) else "data.gzip"


def _undo_percent(data: str, repairs: list[Repair]) -> tuple[str, int]:
    """Undo further percent-encodings where they hide Base64 or JSON; how many there were."""
    peeled = 0
    while peeled < MAX_PEELS and "%" in data and not looks_like_json(data):
        # A % in JSON that is already readable is content; elsewhere a line may end in its escape.
        joined = _SPLIT_ESCAPE.sub(lambda split: "".join(split.group().split()), data)
        if not _PERCENT.search(joined):
            break
        if len(joined) < len(data):
            place = _SPLIT_ESCAPE.search(data)
            offset = place.start() + 1 if place and not peeled else None
            repairs.append(Repair("data.whitespace", len(data) - len(joined), offset))
        plain = percent_decoded(joined)
        # A form writes a space as +, which in Base64 is a character.
        is_json = "+" in joined and looks_like_json(plain)
        data = percent_decoded(joined.replace("+", " ")) if is_json else plain
        peeled += 1
    if peeled:
        repairs.append(Repair("data.double-encoded", peeled))
    return data, peeled


def _peeled(body: bytes, repairs: list[Repair]) -> bytes:
    """What is readable under further layers of Base64; the bytes themselves if nothing is."""
    inner: bytes | None = body
    found: list[Repair] = []
    for peels in range(1, MAX_PEELS + 1):
        if inner is None or _is_readable(inner) or not inner.isascii():
            break
        text, _ = _undo_percent(inner.decode("ascii"), found)
        if looks_like_json(text):  # btoa(encodeURIComponent(…)) in a page
            inner, peels = raw_bytes(text), peels - 1
        else:
            inner = _decode_once(text, found)[0]
        if inner is not None and _is_readable(inner):
            repairs += [replace(repair, offset=None) for repair in found]
            if peels:
                repairs.append(Repair("data.nested", peels))
            return inner
    return body


def _is_readable(body: bytes) -> bool:
    """Whether bytes begin as JSON or gzip does."""
    return body[:64].lstrip()[:1] in (b"{", b"[") or body[:2] == _GZIP


def _decode_once(data: str, repairs: list[Repair]) -> tuple[bytes | None, Defect | None]:
    # Checked exactly, so that a2b_base64's leniency cannot matter.
    if len(data) % 4 == 0 and _STANDARD.fullmatch(data):
        return binascii.a2b_base64(data), None
    text = _normalised(data, repairs)
    stripped = text.rstrip("=")
    foreign = _FOREIGN.search(stripped)
    if foreign:
        return None, _foreign_defect(data, stripped, foreign)
    padding, remainder = len(text) - len(stripped), len(stripped) % 4
    if remainder == 1:
        message = "one Base64 character is missing or too many: the text is cut off or damaged"
        return None, Defect("data.padding", message, len(data.rstrip("=")))
    missing = (4 - remainder) % 4 - padding
    if missing > 0:
        repairs.append(Repair("data.padding", missing, len(data)))
    elif missing < 0:
        message = f"{-missing} = too many at the end"
        return None, Defect("data.padding", message, len(data) + missing)
    return binascii.a2b_base64(stripped + "=" * ((4 - remainder) % 4)), None


def _normalised(data: str, repairs: list[Repair]) -> str:
    """Blanks, line breaks and the URL-safe alphabet put right, each noted."""
    # No JSON ends in bits that encode as +, so blanks at the ends were never a +.
    inner = data.strip(" \r\n\t")
    removed = len(data) - len(inner)
    text = _joined(inner)
    removed += len(inner) - len(text)
    if removed:
        first = _BREAKS.search(inner)
        place = first.start() if first else len(inner)
        repairs.append(Repair("data.whitespace", removed, place if inner[:1] == data[0] else 0))
    if " " in text:
        repairs.append(Repair("data.space", text.count(" "), data.find(" ")))
        text = text.replace(" ", "+")
    safe = text.count("-") + text.count("_")
    if safe:
        first_safe = min(place for place in (data.find("-"), data.find("_")) if place >= 0)
        repairs.append(Repair("data.url-safe", safe, first_safe))
        text = text.replace("-", "+").replace("_", "/")
    return text


def _joined(text: str) -> str:
    """Lines put together, without what they are all indented by."""
    lines = [line for line in _BREAKS.split(text) if line.strip(" ")]
    joined = "".join(lines)
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines[1:]), default=0)
    # A single blank may have been the + that the lines happened to be broken before.
    if margin > 1 or (margin == 1 and len(joined) % 4):
        return "".join(line[margin:] if index else line for index, line in enumerate(lines))
    return joined


def _foreign_defect(data: str, text: str, foreign: re.Match[str]) -> Defect:
    character = foreign.group()
    if character == "=":
        message = "= stands in the middle: it may only end the text"
        return Defect("data.padding", message, _same_place(data, text, foreign.start()))
    shown = ascii(character) if not character.isprintable() else f"“{character}”"
    message = f"{shown} is not in the Base64 alphabet (A–Z a–z 0–9 + / =)"
    return Defect("data.alphabet", message, _same_place(data, text, foreign.start()))


def _same_place(data: str, text: str, offset: int) -> int:
    """The offset in `data` of the character at `offset` in its normalised text."""
    if len(data.rstrip("=")) == len(text):
        return offset
    return max(data.find(text[offset]), 0)


def _finish(body: bytes, repairs: list[Repair], *, is_base64: bool, is_direct: bool) -> Unwrapped:
    text, pairs, defect = decode_utf8(body)
    if pairs:
        repairs.append(Repair("data.cesu8", pairs))
    return Unwrapped(text, _merged(repairs), defect, is_base64, is_direct)


def _merged(repairs: list[Repair]) -> tuple[Repair, ...]:
    """One repair a rule: the counts of all layers together, and the first place."""
    found: dict[str, Repair] = {}
    for repair in repairs:
        earlier = found.get(repair.rule)
        found[repair.rule] = (
            replace(repair, count=earlier.count + repair.count, offset=earlier.offset)
            if earlier
            else repair
        )
    return tuple(found.values())


def decode_utf8(body: bytes) -> tuple[str | None, int, Defect | None]:
    """UTF-8 to text, CESU-8 pairs joined; the text, how many pairs, and the defect if any.

    >>> decode_utf8(b"\\xed\\xa0\\xbd\\xed\\xb8\\x80")[:2]
    ('😀', 1)
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_surrogates(body)
    if text[:1] == "\ufeff":
        message = "the JSON begins with a byte order mark, which JSON does not allow"
        return None, 0, Defect("data.utf8", message, 0)
    if "\0" in text[:4]:
        return None, 0, Defect("data.utf8", "the JSON is UTF-16 or binary, not UTF-8", 0)
    return text, 0, None


def _decode_surrogates(body: bytes) -> tuple[str | None, int, Defect | None]:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, 0, Defect("data.utf8", "the JSON is UTF-16, not UTF-8", 0)
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as problem:
        byte = body[problem.start]
        message = f"byte {problem.start} of the JSON (0x{byte:02X}) is not UTF-8"
        return None, 0, Defect("data.utf8", message, problem.start)
    half = _LONE.search(text)
    if half:
        message = "half of a character pair (a lone surrogate) is not UTF-8"
        return None, 0, Defect("data.utf8", message, len(to_bytes(text[: half.start()])))
    text, pairs = _PAIR.subn(_join, text)
    return text, pairs, None


def _join(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")
