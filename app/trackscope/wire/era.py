"""The eras, as data: which rules there are, on what they rest, and how severe each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from trackscope.wire.finding import Severity
from trackscope.wire.sdk_table import SDK_TABLE

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: its id, what it asks for, the sentence it rests on, and a case it finds.

    `severities` gives for each era the severity when lenient and when strict.
    """

    id: str
    title: str
    source: str
    example: str
    severities: Mapping[str, tuple[Severity, Severity]]


@dataclass(frozen=True, slots=True)
class Era:
    """A rule book's numbers: what the service of a time accepted."""

    name: str
    title: str
    window_s: int
    """How old an event may be on arrival."""
    milliseconds_from: float
    """A time of this size and more is taken for milliseconds."""
    batch_limit: int = 50
    property_limit: int = 255
    name_limit: int = 255
    nesting_limit: int = 3
    event_limit: int = 1_000_000
    """Bytes of one event's JSON."""
    url_limit: int = 8_190
    """Characters of a URL that common servers and proxies read."""


ERAS: Mapping[str, Era] = MappingProxyType(
    {"2011": Era("2011", "the specification of November 2011", 48 * HOUR_S, 1e11)}
)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """An era made strict or not: the severity of each rule, and the era's numbers.

    `errors` are the rules that make a verdict 0.
    """

    era: Era
    is_strict: bool
    severities: Mapping[str, Severity]
    errors: frozenset[str]


@cache
def rule_book(era: str = "2011", strict: bool = False) -> RuleBook:
    """The rule book of an era; KeyError for an era that there is not."""
    severities = {
        rule.id: rule.severities[era][strict] for rule in RULES.values() if era in rule.severities
    }
    errors = frozenset(id_ for id_, severity in severities.items() if severity is Severity.ERROR)
    return RuleBook(ERAS[era], strict, MappingProxyType(severities), errors)


_ALPHABET = (
    "“our flavor of base64 includes the following characters: "
    "ABC…XYZ abc…xyz 0123456789 +/=” (specification, Note)"
)
_PADDED = "“our API only accepts padded Base64 encoded strings” (specification, Note)"
_DATA = "“This is a Base64 encoded JSON encoded dictionary/associative array.” (parameter data)"
_FORMAT = (
    '“The JSON encoded string should be in this format: {"event": "YOUR_EVENT", '
    '"properties": {"key": "value"}}” (parameter data)'
)
_BATCH = "“we accept a Base64 encoded JSON array of dictionaries” (parameter data)"
_VALUES = "“key-value based pairs whose keys and values can be any string” (parameter data)"
_TIME = "“it must be a unix timestamp … Format is seconds since 1970” (special properties, time)"
_OLD = "“requests will be rejected that are 48 hours older” (special properties, time)"
_TOKEN = "“token is the token we provide when you create your project” (special properties, token)"
_PREFIX = (
    "“Properties prefixed with 'mp_' will be ignored during data analysis.” (special properties)"
)
_IP = '“ip is a raw string IP Address (e.g. "127.0.0.1")” (special properties, ip)'
_IP_FLAG = "“Setting this to 1 will override any IP Address usage in properties.” (parameter ip)"
_FLAG = "“boolean (0 or 1)” (parameters ip, img, test)"
_REDIRECT = "“Redirect can take any URL address” (parameter redirect)"
_CALLBACK = "“Used for jsonp to callback some function in your javascript” (parameter callback)"
_TEST = "“a high priority rate limited queue” (parameter test)"
_JSON = "JSON is what RFC 8259 says it is; the specification asks for a JSON encoded string"
_RECEIVING = "our decision where the text is silent (receiving)"
_JUDGING = "our decision where the text is silent (judging)"
_LIMITS = "a limit that later texts of the service name; the 2011 text names none"
_PROFILE = "the service's reference of /engage and /groups; the 2011 text has only /track"
_CAPTURE = "what a file or text can hold of a request"
_SDK = "official SDKs send it, so it is read; the 2011 text does not allow it"


def _rule(
    id_: str,
    lenient: Severity,
    title: str,
    source: str,
    example: str,
    strict: Severity | None = None,
) -> Rule:
    return Rule(id_, title, source, example, {"2011": (lenient, strict or lenient)})


_TABLE = (
    _rule("data.missing", ERROR, "A request carries data", _DATA, "/track/?ip=1"),
    _rule("data.alphabet", ERROR, "Base64 uses its 65 characters only", _ALPHABET, "data=eyJ!"),
    _rule("data.url-safe", ERROR, "Base64 uses + and /, not - and _", _ALPHABET, "data=eyJ-_w=="),
    _rule("data.padding", ERROR, "Base64 is padded with =", _PADDED, "data=eyJhIjoxfQ"),
    _rule(
        "data.space", WARNING, "A + in Base64 travels as %2B", _RECEIVING, "data=eyJ+fn0= unescaped"
    ),
    _rule(
        "data.whitespace",
        WARNING,
        "Base64 has no blanks or line breaks",
        _RECEIVING,
        "data=eyJh%0AIjoxfQ==",
        ERROR,
    ),
    _rule(
        "data.double-encoded",
        WARNING,
        "data is percent-encoded once",
        _RECEIVING,
        "data=eyJhIjoxfQ%253D%253D",
        ERROR,
    ),
    _rule(
        "data.nested",
        WARNING,
        "data is Base64 encoded once",
        _RECEIVING,
        "data=ZXlKaElqb3hmUT09",
        ERROR,
    ),
    _rule("data.raw-json", WARNING, "data is Base64, not bare JSON", _SDK, "data={…}", ERROR),
    _rule(
        "data.json-body", WARNING, "The body is a form, not bare JSON", _SDK, "POST [{…}]", ERROR
    ),
    _rule(
        "data.gzip", WARNING, "The payload is not compressed", _SDK, "Content-Encoding: gzip", ERROR
    ),
    _rule("data.utf8", ERROR, "The JSON is UTF-8 without a byte order mark", _JSON, "bytes FF FE"),
    _rule(
        "data.cesu8",
        WARNING,
        "Emoji are four bytes of UTF-8, not two halves of three",
        _JSON,
        "bytes ED A0 BD ED B8 80",
    ),
    _rule("json.syntax", ERROR, "The payload is well-formed JSON", _JSON, '{"event": "a",}'),
    _rule("json.shape", ERROR, "The payload is an event or a list of events", _FORMAT, '"event"'),
    _rule("json.empty-batch", ERROR, "A batch holds at least one event", _BATCH, "[]"),
    _rule(
        "json.duplicate-key",
        WARNING,
        "A key stands once in an object",
        _JUDGING,
        '{"event": "a", "event": "b"}',
    ),
    _rule("json.not-finite", ERROR, "Numbers are finite", _JSON, '{"price": NaN}'),
    _rule("json.depth", ERROR, "The JSON is at most 200 levels deep", _RECEIVING, "[[[[…]]]]"),
    _rule("json.number", ERROR, "Integers have at most 4,300 digits", _RECEIVING, "1000…0"),
    _rule("event.name-missing", ERROR, "An event has a name", _FORMAT, '{"properties": {…}}'),
    _rule("event.name-type", ERROR, "An event's name is a string", _FORMAT, '{"event": 7, …}'),
    _rule("event.name-blank", ERROR, "An event's name is not blank", _JUDGING, '{"event": " ", …}'),
    _rule(
        "event.name-length",
        WARNING,
        "An event's name has at most 255 characters",
        _LIMITS,
        "an event named in 300 characters",
    ),
    _rule(
        "event.unknown-key",
        NOTE,
        "An event has event and properties, nothing else",
        _FORMAT,
        '{"event": "a", "user": 7, …}',
    ),
    _rule(
        "event.duplicate",
        WARNING,
        "An $insert_id is used once",
        _JUDGING,
        "the same $insert_id received twice",
    ),
    _rule("event.size", WARNING, "An event has at most 1 MB of JSON", _LIMITS, "a 2 MB event"),
    _rule("properties.missing", ERROR, "An event has properties", _FORMAT, '{"event": "a"}'),
    _rule(
        "properties.type",
        ERROR,
        "properties is an object",
        _FORMAT,
        '{"event": "a", "properties": []}',
    ),
    _rule(
        "properties.count",
        WARNING,
        "An event has at most 255 properties",
        _LIMITS,
        "300 properties",
    ),
    _rule(
        "properties.nesting",
        WARNING,
        "Values are nested at most 3 deep",
        _LIMITS,
        '{"a": {"b": {"c": {"d": 1}}}}',
    ),
    _rule("token.missing", ERROR, "An event names its project's token", _TOKEN, '"properties": {}'),
    _rule("token.type", ERROR, "The token is a string", _TOKEN, '"token": 7'),
    _rule("time.type", ERROR, "time is seconds since 1970", _TIME, '"time": "2011-11-23"'),
    _rule("time.too-old", ERROR, "time is at most 48 hours ago", _OLD, '"time": 1245613885'),
    _rule(
        "time.milliseconds",
        ERROR,
        "time is in seconds, not milliseconds",
        _TIME,
        '"time": 1322092800000',
    ),
    _rule("time.future", WARNING, "time is not in the future", _JUDGING, '"time": 4102444800'),
    _rule(
        "property.reserved-prefix",
        WARNING,
        "Properties do not begin with mp_",
        _PREFIX,
        '"mp_page": 1',
    ),
    _rule(
        "property.name-length",
        WARNING,
        "A property's name has at most 255 characters",
        _LIMITS,
        "a property named in 300 characters",
    ),
    _rule("property.value-type", NOTE, "Property values are strings", _VALUES, '"level": 7'),
    _rule("ip.address", WARNING, "ip is an IP address", _IP, '"ip": "localhost"'),
    _rule(
        "ip.overridden",
        NOTE,
        "ip=1 replaces the ip property",
        _IP_FLAG,
        '&ip=1 with "ip": "1.2.3.4"',
    ),
    _rule(
        "profile.token",
        ERROR,
        "A profile or group names its project's token",
        _PROFILE,
        '/engage with {"$set": {…}}',
    ),
    _rule(
        "profile.owner",
        ERROR,
        "A profile says whose it is, a group which",
        _PROFILE,
        "/engage without $distinct_id",
    ),
    _rule(
        "profile.operation",
        ERROR,
        "One thing is done to a profile or group",
        _PROFILE,
        "/engage without $set, $add, …",
    ),
    _rule("batch.size", WARNING, "A batch holds at most 50 events", _LIMITS, "51 events"),
    _rule("param.value", WARNING, "A flag is 0 or 1", _FLAG, "&ip=true"),
    _rule("param.duplicate", WARNING, "A parameter stands once", _RECEIVING, "&ip=1&ip=0"),
    _rule("param.unknown", NOTE, "A parameter is one of the specification's", _RECEIVING, "&IP=1"),
    _rule(
        "redirect.scheme",
        WARNING,
        "redirect is an absolute http or https URL",
        _REDIRECT,
        "&redirect=javascript:alert(1)",
    ),
    _rule(
        "callback.name",
        ERROR,
        "callback names a JavaScript function",
        _CALLBACK,
        "&callback=alert(1)",
    ),
    _rule(
        "url.length",
        WARNING,
        "A URL has at most 8,190 characters",
        "the line that common web servers and proxies read; the 2011 text names none",
        "a GET of 10,000 characters",
    ),
    _rule(
        "test.rate",
        NOTE,
        "test=1 is for at most 100 requests a second",
        _TEST,
        "101 requests with test=1 in one second",
    ),
    _rule(
        "capture.incomplete",
        ERROR,
        "A capture holds the whole request",
        _CAPTURE,
        "an access log of a POST",
    ),
    _rule(
        "capture.changed",
        NOTE,
        "A capture's request is taken as it stands",
        _CAPTURE,
        "a URL put together from 3 lines",
    ),
    *(_rule(*row) for row in SDK_TABLE),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _TABLE})
"""Every rule by its id, in the order in which they are listed."""
