"""Rules on how the payload travels: Base64, UTF-8, JSON (`data.*`, `json.*`)."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from trackscope.wire.decoding import Flaw
from trackscope.wire.edit import RemoveRepeats, SetData, SetMember, SetPayload, SetTransport
from trackscope.wire.encoding import Repair, looks_like_json, to_base64
from trackscope.wire.finding import Face, Fix, Place
from trackscope.wire.json_text import resolve
from trackscope.wire.mending import mended
from trackscope.wire.request import Carrier
from trackscope.wire.rules.case import Case, Raw, fix

_REPAIRED = {
    "data.space": "{count} + of the Base64 arrived as {blanks}: a + must travel as %2B",
    "data.whitespace": "the Base64 holds {count} blanks or line breaks",
    "data.url-safe": "the Base64 uses the URL-safe alphabet (- and _): + and / are expected",
    "data.padding": "{missing} missing at the end of the Base64",
    "data.double-encoded": "data is percent-encoded more than once",
    "data.nested": "data is Base64 of Base64",
    "data.raw-json": "data is bare JSON: Base64 is expected",
    "data.json-body": "the body is bare JSON: a form with data is expected",
    "data.lines": "the body is {count} lines with an object each: only /import takes lines",
    "data.gzip": "the payload is compressed with gzip",
    "data.cesu8": "{count} emoji stand as two halves of three bytes (CESU-8), which is not UTF-8",
}

_LABELS = {
    "data.space": "Encode + as %2B",
    "data.whitespace": "Remove the blanks",
    "data.url-safe": "Use + and /",
    "data.padding": "Add the padding",
    "data.double-encoded": "Encode once",
    "data.nested": "Remove the extra Base64",
    "data.raw-json": "Encode as Base64",
    "data.json-body": "Send as a form",
    "data.lines": "Send as one list",
    "data.gzip": "Send uncompressed",
    "data.cesu8": "Encode as UTF-8",
}


def payload_rules(case: Case) -> Iterator[Raw]:
    """What was repaired, what could not be read, and what JSON does not allow."""
    for repair in case.decoded.repairs:
        if not (repair.rule == "data.lines" and case.is_import):  # which takes lines
            yield _repaired(case, repair)
    flaw = case.decoded.flaw
    if flaw is not None:
        yield Raw(flaw.rule, flaw.at, flaw.message, flaw.place, _flaw_fix(case, flaw), stops=True)
    if case.decoded.notices:
        yield from _noticed(case)
    if case.decoded.events == ():
        place = Place(Face.JSON, 0)
        yield Raw("json.empty-batch", "", "the list holds no event: nothing to log", place)


def _repaired(case: Case, repair: Repair) -> Raw:
    message = _REPAIRED[repair.rule].format(
        count=repair.count,
        blanks="a space" if repair.count == 1 else "spaces",
        missing="one = is" if repair.count == 1 else f"{repair.count} = are",
    )
    place = None if repair.offset is None else Place(Face.DATA, repair.offset)
    return Raw(repair.rule, "?data", message, place, _clean(case, _LABELS[repair.rule]))


def _clean(case: Case, label: str) -> Fix | None:
    """Encode what was read as the specification wants it: padded standard Base64, once."""
    text = case.decoded.json_text
    if text is None or not looks_like_json(text):
        return None  # what was found within is no payload
    transport = case.decoded.transport
    if transport.startswith(Carrier.BODY) or transport.endswith("-gzip"):
        return fix(label, SetTransport("form-base64"))
    return fix(label, SetData(to_base64(text)))


def _flaw_fix(case: Case, flaw: Flaw) -> Fix | None:
    if flaw.rule != "json.syntax" or case.decoded.json_text is None:
        return None
    text = mended(case.decoded.json_text)
    return fix("Mend the JSON", SetPayload(text)) if text is not None else None


def _noticed(case: Case) -> Iterator[Raw]:
    """Keys that stand twice and numbers that are not finite.

    The last of a key counts, so that what stands twice is made single before it is changed.
    """
    events = case.decoded.events
    has_repeats = any(notice.rule == "json.duplicate-key" for notice in case.decoded.notices)
    single = (RemoveRepeats(),) if has_repeats else ()
    payload = None if events is None else list(events)
    for notice in case.decoded.notices:
        mend = None
        if notice.rule == "json.not-finite" and _is_not_finite(payload, notice.at):
            mend = fix("Set to null", *single, SetMember(notice.at, "null"))
        elif events is not None:
            mend = fix("Keep the last one only", *single)
        yield Raw(notice.rule, notice.at, notice.message, notice.place, mend)


def _is_not_finite(payload: list[Any] | None, at: str) -> bool:
    """Whether the value that counts at the pointer is a number that is not finite."""
    try:
        value = resolve(payload, at)
    except LookupError:
        return False
    return isinstance(value, float) and not isfinite(value)
