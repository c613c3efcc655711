"""The rules on known faults of SDKs, as data: none of them changes a verdict."""

from __future__ import annotations

from typing import NamedTuple

from trackscope.wire.finding import Severity

_MEASURED = "measured with the SDK itself; the specification knows no SDKs"
_READ = "read in the SDK's source; the specification knows no SDKs"


class SdkRule(NamedTuple):
    """A row of the table of rules: the same severity in every era, strict or not."""

    id: str
    severity: Severity
    title: str
    source: str
    example: str


SDK_TABLE = (
    SdkRule(
        "sdk.pixel",
        Severity.WARNING,
        "An SDK's pixel carries its data",
        _MEASURED,
        "mixpanel-browser with img: true and POST: /track/?img=1&ip=1&_=…",
    ),
    SdkRule(
        "sdk.cesu8",
        Severity.NOTE,
        "mixpanel-browser's emoji are read as it writes them",
        _MEASURED,
        "an emoji from mixpanel-browser, in Base64",
    ),
    SdkRule(
        "sdk.half-emoji",
        Severity.NOTE,
        "A string is not cut in the middle of an emoji",
        _MEASURED,
        '"…\\ud83d" of 255 characters from mixpanel-browser',
    ),
    SdkRule(
        "sdk.raw-base64",
        Severity.NOTE,
        "An SDK escapes the + of its Base64",
        _MEASURED,
        "a batch of mixpanel-node: data=eyJ+… as it is",
    ),
    SdkRule(
        "sdk.not-finite",
        Severity.WARNING,
        "A Python program tracks no NaN",
        _MEASURED,
        '"ratio": NaN from mixpanel-python',
    ),
    SdkRule(
        "sdk.length",
        Severity.WARNING,
        "In mixpanel-browser no property is called length",
        _MEASURED,
        '{"event": "a", "properties": {}} from mixpanel-browser',
    ),
    SdkRule(
        "sdk.insert-id",
        Severity.NOTE,
        "An SDK's events have an $insert_id",
        _MEASURED,
        '"mp_lib": "node" without $insert_id',
    ),
    SdkRule(
        "sdk.ip",
        Severity.WARNING,
        "A user's address stands where it is looked for",
        _READ,
        'ip=1 from mixpanel-java on a server; "$ip" in an event',
    ),
    SdkRule(
        "sdk.dropped",
        Severity.WARNING,
        "What an SDK was answered 0 is not lost",
        _MEASURED,
        "a batch of mixpanel-browser, answered 0",
    ),
    SdkRule(
        "sdk.cors",
        Severity.WARNING,
        "A browser may read the answer",
        _MEASURED,
        "an answer without Access-Control-Allow-Credentials: true",
    ),
    SdkRule(
        "sdk.json-answer",
        Severity.WARNING,
        "An SDK that awaits JSON is answered JSON",
        _MEASURED,
        "mixpanel-python, answered a plain 1",
    ),
    SdkRule(
        "sdk.plain-answer",
        Severity.WARNING,
        "An SDK that awaits 1 is answered exactly that",
        _MEASURED,
        "mixpanel-node, answered 1 and a line break",
    ),
    SdkRule(
        "sdk.beacon",
        Severity.NOTE,
        "An event sent on leaving a page is not sent again",
        _MEASURED,
        "the same $insert_id from a beacon and from the next page of mixpanel-browser",
    ),
)
