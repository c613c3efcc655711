"""For each rule a request that breaks it, and how severe that is when lenient and when strict."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.wire.rules.asking import (
    FORM_HEADERS,
    NOW,
    base64_of,
    carried,
    event,
    get,
)

from trackscope.wire.encoding import MAX_UNPACKED
from trackscope.wire.finding import Severity
from trackscope.wire.plan_table import PLAN_RULES
from trackscope.wire.request import TrackRequest, form_encode

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

FOUND_ELSEWHERE = frozenset(
    {"event.duplicate", "test.rate", "capture.incomplete", "capture.changed", "collector.fault"}
    | {"sdk.dropped", "sdk.cors", "sdk.json-answer", "sdk.plain-answer", "sdk.beacon"}
    | {rule.id for rule in PLAN_RULES}
)
"""Rules on several requests, on an answer, on what a capture holds, or on a plan, which no single
request can break."""


@dataclass(frozen=True)
class Example:
    """A request that breaks a rule at `at`, with its severities in the first era that has it."""

    rule: str
    at: str
    request: TrackRequest
    lenient: Severity
    strict: Severity
    era: str = "2011"


def _case(
    rule: str,
    at: str,
    request: TrackRequest,
    lenient: Severity,
    strict: Severity | None = None,
    era: str = "2011",
) -> Example:
    return Example(rule, at, request, lenient, strict or lenient, era)


def imported(properties: dict[str, object], query: str = "api_key=k") -> TrackRequest:
    """An event with these properties, sent to /import."""
    body = form_encode(base64_of(json.dumps({"event": "a", "properties": properties})))
    return TrackRequest("GET", f"http://h/import/?{query}&data={body}")


def _nested(levels: int) -> object:
    value: object = "leaf"
    for _ in range(levels):
        value = {"in": value}
    return value


def with_plus(**properties: object) -> TrackRequest:
    """A form whose Base64 has a raw `+`, which a form decodes to a space."""
    text = json.dumps(event(word="~~~???>>>", **properties), separators=(",", ":"))
    while "+" not in base64_of(text):
        text = text.replace('"word":"', '"word":"x')
    return TrackRequest("POST", "http://h/track", FORM_HEADERS, f"data={base64_of(text)}".encode())


def profile(endpoint: str, record: object) -> TrackRequest:
    """A record sent to /engage or /groups."""
    return TrackRequest(
        "GET", f"http://h/{endpoint}/?data={form_encode(base64_of(json.dumps(record)))}"
    )


def _url_safe() -> TrackRequest:
    text = json.dumps(event(word="???>>>~~~"), separators=(",", ":"))
    while not {"+", "/"} & set(base64_of(text)):
        text = text.replace('"word":"', '"word":"x')
    return get(data=base64_of(text).replace("+", "-").replace("/", "_").replace("=", "%3D"))


def _unpadded() -> TrackRequest:
    text = json.dumps(event())
    while not base64_of(text).endswith("="):
        text += " "
    return get(data=base64_of(text).rstrip("="))


def made_by(library: str, **properties: object) -> dict[str, object]:
    """An event that an official SDK made."""
    return event(**({"$insert_id": "x1", "mp_lib": library} | properties))


_BROWSER_QUERY = "&ip=1&_=1795446364084"
_GOOD = base64_of(json.dumps(event()).ljust(100))  # 100 bytes: two = at the end
_PLAIN = '{"event":"a","properties":{"token":"t","n":%s}}'
_PROFILE: dict[str, object] = {"$token": "t", "$distinct_id": "u"}
_CESU8 = b'{"event":"a","properties":{"token":"t","e":"\xed\xa0\xbd\xed\xb8\x80"}}'

EXAMPLES = (
    _case("data.missing", "?data", TrackRequest("GET", "http://h/track/?ip=1"), ERROR),
    _case("data.alphabet", "?data", get(data="eyJ!"), ERROR),
    _case("data.url-safe", "?data", _url_safe(), ERROR),
    _case("data.padding", "?data", _unpadded(), ERROR),
    _case("data.space", "?data", with_plus(), WARNING),
    _case("data.whitespace", "?data", get(data=f"{_GOOD[:20]}%0A{_GOOD[20:]}"), WARNING, ERROR),
    _case(
        "data.double-encoded", "?data", get(data=form_encode(form_encode(_GOOD))), WARNING, ERROR
    ),
    _case("data.nested", "?data", get(data=form_encode(base64_of(_GOOD))), WARNING, ERROR),
    _case("data.raw-json", "?data", carried(event(), "form-json"), WARNING, ERROR),
    _case("data.json-body", "?data", carried([event()], "body-json"), WARNING, ERROR),
    _case(
        "data.lines",
        "?data",
        carried("\n".join([json.dumps(event())] * 2), "body-json"),
        WARNING,
        ERROR,
        "current",
    ),
    _case("data.gzip", "?data", carried(event(), "form-base64-gzip"), WARNING, ERROR),
    _case("data.size", "?data", carried(event(n="a" * MAX_UNPACKED), "body-json-gzip"), ERROR),
    _case("data.utf8", "?data", get(data=form_encode(base64_of(b"\xff\xfe{\0}\0"))), ERROR),
    _case("data.cesu8", "?data", get(data=form_encode(base64_of(_CESU8))), WARNING),
    _case("json.syntax", "", get('{"event": "a",}'), ERROR),
    _case("json.shape", "", get('"event"'), ERROR),
    _case("json.empty-batch", "", get("[]"), ERROR),
    _case(
        "json.duplicate-key", "/0/event", get(json.dumps(event())[:-1] + ',"event":"b"}'), WARNING
    ),
    _case("json.not-finite", "/0/properties/n", get(_PLAIN % "NaN"), ERROR),
    _case("json.depth", "", get(_PLAIN % ("[" * 199 + "]" * 199)), ERROR),
    _case("json.number", "", get(_PLAIN % ("1" * 4301)), ERROR),
    _case("event.name-missing", "/0", get({"properties": {"token": "t"}}), ERROR),
    _case("event.name-type", "/0/event", get(event(7)), ERROR),
    _case("event.name-blank", "/0/event", get(event(" \t")), ERROR),
    _case("event.name-length", "/0/event", get(event("n" * 256)), WARNING),
    _case("event.unknown-key", "/0/user", get({**event(), "user": 7}), NOTE),
    _case("event.size", "/0", carried(event(text="x" * 1_000_000), "form-base64"), WARNING),
    _case("properties.missing", "/0", get({"event": "a"}), ERROR),
    _case("properties.type", "/0/properties", get({"event": "a", "properties": []}), ERROR),
    _case(
        "properties.count",
        "/0/properties",
        get(event(**{f"p{i}": "" for i in range(254)})),
        WARNING,
    ),
    _case("properties.nesting", "/0/properties/deep", get(event(deep=_nested(4))), WARNING),
    _case("token.missing", "/0/properties", get({"event": "a", "properties": {}}), ERROR),
    _case("token.type", "/0/properties/token", get(event(token=7)), ERROR),
    _case("time.type", "/0/properties/time", get(event(time="2011-11-23")), ERROR),
    _case("time.too-old", "/0/properties/time", get(event(time=1245613885)), ERROR),
    _case("time.milliseconds", "/0/properties/time", get(event(time=1322092800000)), ERROR),
    _case("time.future", "/0/properties/time", get(event(time=4102444800)), WARNING),
    _case("property.reserved-prefix", "/0/properties/mp_page", get(event(mp_page="1")), WARNING),
    _case(
        "property.name-length", f"/0/properties/{'n' * 256}", get(event(**{"n" * 256: ""})), WARNING
    ),
    _case("time.missing", "/0/properties", imported({}), WARNING, ERROR, "current"),
    _case("time.recent", "/0/properties/time", imported({"time": NOW}), WARNING, era="classic"),
    _case("distinct-id.missing", "/0/properties", imported({}), WARNING, ERROR, "current"),
    _case(
        "distinct-id.refused",
        "/0/properties/distinct_id",
        get(event(distinct_id="undefined")),
        WARNING,
        ERROR,
        "current",
    ),
    _case("insert-id.missing", "/0/properties", imported({}), WARNING, ERROR, "current"),
    _case(
        "insert-id.form",
        "/0/properties/$insert_id",
        get(event(**{"$insert_id": "a b"})),
        WARNING,
        ERROR,
        "current",
    ),
    _case(
        "property.hiding",
        "/0/properties/$ignore",
        get(event(**{"$ignore": True})),
        WARNING,
        era="current",
    ),
    _case("property.value-type", "/0/properties/level", get(event(level=7)), NOTE),
    _case("ip.address", "/0/properties/ip", get(event(ip="localhost")), WARNING),
    _case("ip.overridden", "/0/properties/ip", get(event(ip="1.2.3.4"), "&ip=1"), NOTE),
    _case("profile.token", "/0", profile("engage", {"$distinct_id": "u", "$set": {}}), ERROR),
    _case("profile.owner", "/0", profile("engage", {"$token": "t", "$set": {}}), ERROR),
    _case("profile.operation", "/0", profile("engage", _PROFILE | {"$sett": {}}), ERROR),
    _case(
        "profile.stranger",
        "/0/$distinct_id",
        profile("groups", _PROFILE | {"$group_key": "k", "$group_id": "g", "$set": {}}),
        ERROR,
    ),
    _case(
        "profile.operand",
        "/0/$add/visits",
        profile("engage", _PROFILE | {"$add": {"visits": "one"}}),
        WARNING,
    ),
    _case("credentials.missing", "", imported({}, "ip=0"), ERROR, era="classic"),
    _case("batch.size", "", carried([event()] * 51, "form-base64"), WARNING),
    _case("param.value", "?ip", get(extra="&ip=true"), WARNING),
    _case("param.duplicate", "?ip", get(extra="&ip=1&ip=0"), WARNING),
    _case("param.unknown", "?IP", get(extra="&IP=1"), NOTE),
    _case("redirect.scheme", "?redirect", get(extra="&redirect=javascript:alert(1)"), WARNING),
    _case(
        "redirect.removed",
        "?redirect",
        get(extra="&redirect=https%3A%2F%2Fshop.example%2F"),
        WARNING,
        era="current",
    ),
    _case("callback.name", "?callback", get(extra="&callback=alert(1)"), ERROR),
    _case(
        "sdk.pixel", "?img", TrackRequest("GET", f"http://h/track/?img=1{_BROWSER_QUERY}"), WARNING
    ),
    _case(
        "sdk.cesu8", "?data", get(data=form_encode(base64_of(_CESU8)), extra=_BROWSER_QUERY), NOTE
    ),
    _case(
        "sdk.half-emoji",
        "/0/properties/say",
        get(json.dumps(made_by("web", say="x" * 254 + "\ud83d"))),
        NOTE,
    ),
    _case("sdk.raw-base64", "?data", with_plus(mp_lib="node"), NOTE),
    _case(
        "sdk.not-finite",
        "/0/properties/n",
        get('{"event":"a","properties":{"token":"t","mp_lib":"python","n":NaN}}'),
        WARNING,
    ),
    _case(
        "sdk.length",
        "/0/properties",
        get({"event": "a", "properties": {}}, extra=_BROWSER_QUERY),
        WARNING,
    ),
    _case("sdk.insert-id", "/0/properties", get(event(mp_lib="node")), NOTE),
    _case("sdk.ip", "?ip", get(made_by("jdk"), "&ip=1"), WARNING),
    _case("url.length", "", get(event(text="x" * 8190)), WARNING),
)

LATER = {
    ("time.milliseconds", "current"): get(event(time=1322092800000000)),
    ("batch.size", "current"): carried([event()] * 2001, "form-base64"),
}
"""Requests that break a rule in a later era that allows what its example does."""
