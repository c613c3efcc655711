"""The rules on how the payload travels: `data.*` and `json.*`."""

from __future__ import annotations

from trackscope.wire.rule import ERROR, NOTE, WARNING, Basis, rule

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
_JSON = "JSON is what RFC 8259 says it is; the specification asks for a JSON encoded string"
_RECEIVING = "our decision where the text is silent (receiving)"
_JUDGING = "our decision where the text is silent (judging)"
_SDK = "official SDKs send it, so it is read; the 2011 text does not allow it"

_HTTP_ALPHABET = "documented: the same 65 characters as in 2011 (HTTP reference)"
_HTTP_SDK = "used by SDKs (ruby's pixel URLs); the HTTP reference names + and / only"
_HTTP_PADDED = "documented: only padded Base64, quoted from the HTTP reference still in 2018"
_HTTP_DATA = "documented: data is required, Base64 of JSON (HTTP reference)"
_HTTP_READ = "used by SDKs; the HTTP reference has Base64 in a form or query only"
_HTTP_FORMAT = "documented: an event, or a list of events (HTTP reference)"

_NOW_DATA = "used by SDKs: the answer “data, missing or empty” (mixpanel-go's test)"
_NOW_BASE64 = "inferred: today's reference does not describe its Base64; this is RFC 4648"
_NOW_SAFE = "used by SDKs (ruby's pixel URLs); today's reference does not describe its Base64"
_NOW_FORMAT = "“type: array, items: type: object” (OpenAPI, /track)"
_NOW_LINES = "documented: application/x-ndjson is for /import only (reference)"
_NOW_SIZE = "documented: 10 MB uncompressed (reference, /import)"
_NOW_BATCH = "“minItems: 1” (OpenAPI, /track)"
_NOW_JSON = "“Each event must be properly formatted JSON.” (reference, /import)"
_NOW_UTF8 = "“string should be valid utf8” (reference, /import, an answer)"

PAYLOAD_RULES = (
    rule(
        "data.missing",
        "A request carries data",
        "/track/?ip=1",
        Basis(_DATA, ERROR),
        classic=_HTTP_DATA,
        current=_NOW_DATA,
    ),
    rule(
        "data.alphabet",
        "Base64 uses its 65 characters only",
        "data=eyJ!",
        Basis(_ALPHABET, ERROR),
        classic=_HTTP_ALPHABET,
        current=_NOW_BASE64,
    ),
    rule(
        "data.url-safe",
        "Base64 uses + and /, not - and _",
        "data=eyJ-_w==",
        Basis(_ALPHABET, ERROR),
        classic=Basis(_HTTP_SDK, WARNING, ERROR),
        current=Basis(_NOW_SAFE, NOTE),
    ),
    rule(
        "data.padding",
        "Base64 is padded with =",
        "data=eyJhIjoxfQ",
        Basis(_PADDED, ERROR),
        classic=_HTTP_PADDED,
        current=Basis(_NOW_BASE64, WARNING, ERROR),
    ),
    rule(
        "data.space",
        "A + in Base64 travels as %2B",
        "data=eyJ+fn0= unescaped",
        Basis(_RECEIVING, WARNING),
    ),
    rule(
        "data.whitespace",
        "Base64 has no blanks or line breaks",
        "data=eyJh%0AIjoxfQ==",
        Basis(_RECEIVING, WARNING, ERROR),
    ),
    rule(
        "data.double-encoded",
        "data is percent-encoded once",
        "data=eyJhIjoxfQ%253D%253D",
        Basis(_RECEIVING, WARNING, ERROR),
    ),
    rule(
        "data.nested",
        "data is Base64 encoded once",
        "data=ZXlKaElqb3hmUT09",
        Basis(_RECEIVING, WARNING, ERROR),
    ),
    rule(
        "data.raw-json",
        "data is Base64, not bare JSON",
        "data={…}",
        Basis(_SDK, WARNING, ERROR),
        classic=_HTTP_READ,
        current=None,
    ),
    rule(
        "data.json-body",
        "The body is a form, not bare JSON",
        "POST [{…}]",
        Basis(_SDK, WARNING, ERROR),
        classic=_HTTP_READ,
        current=None,
    ),
    rule(
        "data.lines",
        "Only what is imported comes in lines",
        "POST to /track of {…} and {…} in lines",
        None,
        current=Basis(_NOW_LINES, WARNING, ERROR),
    ),
    rule(
        "data.gzip",
        "The payload is not compressed",
        "Content-Encoding: gzip",
        Basis(_SDK, WARNING, ERROR),
        classic=_HTTP_READ,
        current=None,
    ),
    rule(
        "data.size",
        "Unpacked, the payload has at most 10 MB",
        "Content-Encoding: gzip, of 10 MB and more",
        Basis(_RECEIVING, ERROR),
        current=_NOW_SIZE,
    ),
    rule(
        "data.utf8",
        "The JSON is UTF-8 without a byte order mark",
        "bytes FF FE",
        Basis(_JSON, ERROR),
        current=_NOW_UTF8,
    ),
    rule(
        "data.cesu8",
        "Emoji are four bytes of UTF-8, not two halves of three",
        "bytes ED A0 BD ED B8 80",
        Basis(_JSON, WARNING),
        current=_NOW_UTF8,
    ),
    rule(
        "json.syntax",
        "The payload is well-formed JSON",
        '{"event": "a",}',
        Basis(_JSON, ERROR),
        current=_NOW_JSON,
    ),
    rule(
        "json.shape",
        "The payload is an event or a list of events",
        '"event"',
        Basis(_FORMAT, ERROR),
        classic=_HTTP_FORMAT,
        current=_NOW_FORMAT,
    ),
    rule(
        "json.empty-batch",
        "A batch holds at least one event",
        "[]",
        Basis(_BATCH, ERROR),
        classic=_HTTP_FORMAT,
        current=_NOW_BATCH,
    ),
    rule(
        "json.duplicate-key",
        "A key stands once in an object",
        '{"event": "a", "event": "b"}',
        Basis(_JUDGING, WARNING),
    ),
    rule(
        "json.not-finite",
        "Numbers are finite",
        '{"price": NaN}',
        Basis(_JSON, ERROR),
        current=_NOW_JSON,
    ),
    rule(
        "json.depth",
        "The JSON is at most 200 levels deep",
        "[[[[…]]]]",
        Basis(_RECEIVING, ERROR),
    ),
    rule(
        "json.number",
        "Integers have at most 4,300 digits",
        "1000…0",
        Basis(_RECEIVING, ERROR),
    ),
)
