"""The rules on events: name, properties, token, time and who it was."""

from __future__ import annotations

from trackscope.wire.rule import ERROR, NOTE, WARNING, Basis, rule

_FORMAT = (
    '“The JSON encoded string should be in this format: {"event": "YOUR_EVENT", '
    '"properties": {"key": "value"}}” (parameter data)'
)
_VALUES = "“key-value based pairs whose keys and values can be any string” (parameter data)"
_TIME = "“it must be a unix timestamp … Format is seconds since 1970” (special properties, time)"
_OLD = "“requests will be rejected that are 48 hours older” (special properties, time)"
_TOKEN = "“token is the token we provide when you create your project” (special properties, token)"
_PREFIX = (
    "“Properties prefixed with 'mp_' will be ignored during data analysis.” (special properties)"
)
_IP = '“ip is a raw string IP Address (e.g. "127.0.0.1")” (special properties, ip)'
_IP_FLAG = "“Setting this to 1 will override any IP Address usage in properties.” (parameter ip)"
_JUDGING = "our decision where the text is silent (judging)"
_LIMITS = "a limit that later texts of the service name; the 2011 text names none"

_HTTP_FORMAT = "documented: an event has event and properties (HTTP reference)"
_HTTP_TOKEN = "reported: the service's answer “token, missing or empty”"
_HTTP_TIME = "documented: time is in seconds since 1970 (HTTP reference)"
_HTTP_OLD = "documented: /track takes events of the last 5 days (HTTP reference)"
_HTTP_OLDER = "documented: /import is for events older than 5 days (importing old events)"
_HTTP_PREFIX = "documented: names that begin with mp_ are reserved (HTTP reference)"
_HTTP_IP = "documented: ip is an IP address (HTTP reference)"
_HTTP_LIMITS = "inferred: a limit that today's texts name, and that SDKs kept then"

_NOW_FORMAT = "“required: event, properties” (OpenAPI, /track)"
_NOW_NAME = "used by SDKs: the answer “'event' must not be missing or blank” (mixpanel-go's test)"
_NOW_EXTRA = "“additionalProperties: false” (OpenAPI, /track)"
_NOW_CUT = "“We truncate all strings down to 255 characters.” (reference, /import)"
_NOW_SIZE = "“Each event must be smaller than 1MB of uncompressed JSON.” (reference, /import)"
_NOW_COUNT = "“Each event must have fewer than 255 properties.” (reference, /import)"
_NOW_NESTING = "“a max nesting depth is 3” (reference, /import)"
_NOW_DUPLICATE = (
    "“Events with identical values for (event, time, distinct_id, $insert_id) are considered "
    "duplicates” (reference, /import)"
)
_NOW_TIME = "“in seconds or milliseconds since UTC epoch” (OpenAPI, time)"
_NOW_OLD = "documented: /track takes events of the last 5 days; /import those from 1971 on"
_NOW_FUTURE = "“reject events … more than 1 hour in the future” (reference, /import)"
_NOW_REQUIRED = "“We require a value for time.” (reference, /import)"
_NOW_PREFIX = "documented: some names that begin with mp_ are the service's own (reserved)"
_NOW_HIDING = "documented: bucket hides data, and an event with $ignore is dropped (reserved)"
_NOW_IP = "“a property ip with an IP address” (reference, /import); 0 asks for no location"
_NOW_USER = "“distinct_id must be specified on every event” (reference, /import)"
_NOW_REFUSED = "“we disallow the following values for distinct_id” (reference, /import)"
_NOW_INSERT_ID = "“We require that $insert_id be specified on every event.” (reference, /import)"
_NOW_INSERT_FORM = (
    "“$insert_ids must be ≤ 36 bytes and contain only alphanumeric characters or "
    '"-"” (reference, /import)'
)

EVENT_RULES = (
    rule(
        "event.name-missing",
        "An event has a name",
        '{"properties": {…}}',
        Basis(_FORMAT, ERROR),
        classic=_HTTP_FORMAT,
        current=_NOW_NAME,
    ),
    rule(
        "event.name-type",
        "An event's name is a string",
        '{"event": 7, …}',
        Basis(_FORMAT, ERROR),
        classic=_HTTP_FORMAT,
        current="“event: type: string” (OpenAPI, /track)",
    ),
    rule(
        "event.name-blank",
        "An event's name is not blank",
        '{"event": " ", …}',
        Basis(_JUDGING, ERROR),
        current=_NOW_NAME,
    ),
    rule(
        "event.name-length",
        "An event's name has at most 255 characters",
        "an event named in 300 characters",
        Basis(_LIMITS, WARNING),
        classic=_HTTP_LIMITS,
        current=_NOW_CUT,
    ),
    rule(
        "event.unknown-key",
        "An event has event and properties, nothing else",
        '{"event": "a", "user": 7, …}',
        Basis(_FORMAT, NOTE),
        classic=_HTTP_FORMAT,
        current=_NOW_EXTRA,
    ),
    rule(
        "event.duplicate",
        "An $insert_id is used once",
        "the same $insert_id received twice",
        Basis(_JUDGING, WARNING),
        current=_NOW_DUPLICATE,
    ),
    rule(
        "event.size",
        "An event has at most 1 MB of JSON",
        "a 2 MB event",
        Basis(_LIMITS, WARNING),
        classic=_HTTP_LIMITS,
        current=Basis(_NOW_SIZE, ERROR),
    ),
    rule(
        "properties.missing",
        "An event has properties",
        '{"event": "a"}',
        Basis(_FORMAT, ERROR),
        classic=_HTTP_FORMAT,
        current=_NOW_FORMAT,
    ),
    rule(
        "properties.type",
        "properties is an object",
        '{"event": "a", "properties": []}',
        Basis(_FORMAT, ERROR),
        classic=_HTTP_FORMAT,
        current="“properties: type: object” (OpenAPI, /track)",
    ),
    rule(
        "properties.count",
        "An event has at most 255 properties",
        "300 properties",
        Basis(_LIMITS, WARNING),
        classic=_HTTP_LIMITS,
        current=Basis(_NOW_COUNT, ERROR),
    ),
    rule(
        "properties.nesting",
        "Values are nested at most 3 deep",
        '{"a": {"b": {"c": {"d": 1}}}}',
        Basis(_LIMITS, WARNING),
        classic=_HTTP_LIMITS,
        current=Basis(_NOW_NESTING, ERROR),
    ),
    rule(
        "token.missing",
        "An event names its project's token",
        '"properties": {}',
        Basis(_TOKEN, ERROR),
        classic=_HTTP_TOKEN,
        current=_HTTP_TOKEN,
    ),
    rule(
        "token.type",
        "The token is a string",
        '"token": 7',
        Basis(_TOKEN, ERROR),
        classic=_HTTP_TOKEN,
        current="“token: type: string” (OpenAPI, /track)",
    ),
    rule(
        "time.missing",
        "What is imported says when it was",
        '/import of {"event": "a", "properties": {}}',
        None,
        current=Basis(_NOW_REQUIRED, WARNING, ERROR),
    ),
    rule(
        "time.type",
        "time is seconds since 1970",
        '"time": "2011-11-23"',
        Basis(_TIME, ERROR),
        classic=_HTTP_TIME,
        current=_NOW_TIME,
    ),
    rule(
        "time.too-old",
        "time is at most 48 hours ago, from 2013 on 5 days",
        '"time": 1245613885',
        Basis(_OLD, ERROR),
        classic=_HTTP_OLD,
        current=_NOW_OLD,
    ),
    rule(
        "time.recent",
        "What is imported is older than what is tracked",
        "/import of an event of today",
        None,
        classic=Basis(_HTTP_OLDER, WARNING),
        current=None,
    ),
    rule(
        "time.milliseconds",
        "time is in seconds, or milliseconds where the era takes them",
        '"time": 1322092800000',
        Basis(_TIME, ERROR),
        classic=_HTTP_TIME,
        current=_NOW_TIME,
    ),
    rule(
        "time.future",
        "time is not in the future",
        '"time": 4102444800',
        Basis(_JUDGING, WARNING),
        current=Basis(_NOW_FUTURE, WARNING, ERROR),
    ),
    rule(
        "distinct-id.missing",
        "What is imported says who it was",
        '/import of an event without "distinct_id"',
        None,
        current=Basis(_NOW_USER, WARNING, ERROR),
    ),
    rule(
        "distinct-id.refused",
        "distinct_id names a user, not nobody",
        '"distinct_id": "undefined"',
        None,
        current=Basis(_NOW_REFUSED, WARNING, ERROR),
    ),
    rule(
        "insert-id.missing",
        "What is imported has an $insert_id",
        '/import of an event without "$insert_id"',
        None,
        current=Basis(_NOW_INSERT_ID, WARNING, ERROR),
    ),
    rule(
        "insert-id.form",
        "An $insert_id has at most 36 letters, digits and hyphens",
        '"$insert_id": "a b"',
        None,
        current=Basis(_NOW_INSERT_FORM, WARNING, ERROR),
    ),
    rule(
        "property.reserved-prefix",
        "Properties do not begin with mp_",
        '"mp_page": 1',
        Basis(_PREFIX, WARNING),
        classic=_HTTP_PREFIX,
        current=Basis(_NOW_PREFIX, NOTE),
    ),
    rule(
        "property.hiding",
        "No property hides or drops its event",
        '"$ignore": true',
        None,
        current=Basis(_NOW_HIDING, WARNING),
    ),
    rule(
        "property.name-length",
        "A property's name has at most 255 characters",
        "a property named in 300 characters",
        Basis(_LIMITS, WARNING),
        classic=_HTTP_LIMITS,
        current=_NOW_CUT,
    ),
    rule(
        "property.value-type",
        "Property values are strings",
        '"level": 7',
        Basis(_VALUES, NOTE),
        classic=None,
    ),
    rule(
        "ip.address",
        "ip is an IP address",
        '"ip": "localhost"',
        Basis(_IP, WARNING),
        classic=_HTTP_IP,
        current=_NOW_IP,
    ),
    rule(
        "ip.overridden",
        "ip=1 replaces the ip property",
        '&ip=1 with "ip": "1.2.3.4"',
        Basis(_IP_FLAG, NOTE),
        classic="documented: ip=1 takes the requester's address (HTTP reference)",
        current=None,
    ),
)
