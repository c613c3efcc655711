"""A log's named fields as the request that they describe, whatever program named them.

The names are those of nginx's variables in common custom formats, Apache, Caddy, Traefik, Envoy,
Kong, HAProxy, Elastic's common schema, Google's and Cloudflare's load balancers, and of W3C's
extended format (IIS, CloudFront).
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from trackscope.capture import logentry
from trackscope.capture.described import structured
from trackscope.capture.found import Captured
from trackscope.capture.logtime import log_time
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.json_text import dumps

Fields = Mapping[str, Any]
"""Values by their names as `plain` writes them; those within an object also as `object.name`."""

MAX_NAME = 64
"""Characters of a field's name: no longer one is known."""

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LINE = re.compile(r"([A-Z]{3,7}) ((?:/|https?://).*?)( HTTP/\d(?:\.\d)?)?", re.DOTALL)

_LINES = ("request", "req", "requestline", "httprequest", "requestfirstline", "line")
_TARGETS = (
    "requesturi", "request.uri", "uri", "url.original", "originalurl", "clientrequesturi", "csuri",
    "requesturl", "request.url", "url.full", "fullurl", "url", "url.path", "requestpath",
    "clientrequestpath", "csuristem", "target", "path", "rawpath", "requesttarget",
)  # fmt: skip
_QUERIES = (
    "querystring", "url.query", "csuriquery", "args", "query", "requestquery", "rawquerystring",
    "requestquerystring", "clientrequestquery",
)  # fmt: skip
_METHODS = (
    "requestmethod", "request.method", "method", "httpmethod", "verb", "clientrequestmethod",
    "csmethod", "request.httpmethod",
)  # fmt: skip
_HOSTS = (
    "httphost", "requesthost", "request.host", "xhostheader", "authority", "headers.host",
    "url.domain", "clientrequesthost", "cshost", "host", "vhost", "servername", "domainname",
)  # fmt: skip
_SCHEMES = (
    "scheme", "requestscheme", "url.scheme", "xforwardedproto", "clientrequestscheme",
    "csprotocol", "request.scheme", "headers.xforwardedproto", "protocol",
)  # fmt: skip
_TIMES = (
    "timestamp", "time", "ts", "timeiso8601", "msec", "timelocal", "datetime", "starttime",
    "startutc", "edgestarttimestamp", "requesttimeepoch", "startedat", "requesttime", "date", "t",
)  # fmt: skip
_STATUSES = (
    "status", "statuscode", "response.status", "response.statuscode", "responsestatus",
    "responsecode", "responsestatuscode", "httpstatus", "httpstatuscode", "downstreamstatus",
    "edgeresponsestatus", "scstatus", "elbstatuscode", "code",
)  # fmt: skip
_PEERS = (
    "remoteaddr", "remoteip", "clientip", "clienthost", "remotehost", "source.ip", "client.ip",
    "source.address", "client.address", "clientaddr", "clientaddress", "sourceip", "cip", "ip",
    "peer", "client", "remote", "downstreamremoteaddress",
)  # fmt: skip
_AGENTS = (
    "httpuseragent", "useragent", "headers.useragent", "useragent.original", "csuseragent",
    "clientrequestuseragent", "requestuseragent", "agent", "ua",
)  # fmt: skip
_REFERERS = (
    "httpreferer", "httpreferrer", "referer", "referrer", "headers.referer", "csreferer",
    "clientrequestreferer", "requestreferer", "ref",
)  # fmt: skip
_BODIES = ("requestbody", "request.body", "body.content", "body", "postdata", "requestpayload")


def captured(number: int, fields: Fields, notes: tuple[str, ...] = ()) -> Captured | None:
    """The request that the fields of entry `number` describe; None where they describe none."""
    method, target = _method_and_target(fields)
    if not target:
        return None
    body = _body(fields)
    return logentry.captured(
        number,
        method or ("POST" if body else "GET"),
        target,
        host=_text(fields, _HOSTS),
        scheme=_scheme(fields),
        at=_at(fields),
        status=_status(fields),
        peer=_text(fields, _PEERS),
        referer=_text(fields, _REFERERS),
        agent=_text(fields, _AGENTS),
        body=body,
        notes=notes,
    )


@lru_cache(maxsize=1024)
def plain(name: str) -> str:
    """A field's name as it is looked up: the letters and digits, in lower case.

    >>> plain("cs(User-Agent)"), plain("@timestamp"), plain("request_uri")
    ('csuseragent', 'timestamp', 'requesturi')
    """
    return _NOT_PLAIN.sub("", name.lower())


def _method_and_target(fields: Fields) -> tuple[str, str]:
    for name in _LINES:
        line = _LINE.fullmatch(_text(fields, (name,)))
        if line is not None:
            return line[1], line[2]
    target = next(filter(_is_target, (_text(fields, (name,)) for name in _TARGETS)), "")
    query = _text(fields, _QUERIES).removeprefix("?")
    if target and query and "?" not in target:
        target = f"{target}?{query}"
    return (_text(fields, _METHODS).upper(), target) if target else _any_line(fields)


def _any_line(fields: Fields) -> tuple[str, str]:
    """A request line under whatever name."""
    texts = (each for each in fields.values() if isinstance(each, str))
    lines = (line for each in texts if (line := _LINE.fullmatch(each)) and line[3])
    return next(((line[1], line[2]) for line in lines), ("", ""))


def _is_target(text: str) -> bool:
    return text.startswith(("/", "http://", "https://"))


def _text(fields: Fields, names: tuple[str, ...]) -> str:
    """The first of the fields that holds a text; `-` and `null` are how logs write nothing."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value:  # Caddy and others write headers so
            value = value[0]
        if isinstance(value, str) and value not in ("", "-", "null"):
            return value
    return ""


def _scheme(fields: Fields) -> str:
    """http or https, where a field says so."""
    found = (_text(fields, (name,)).lower() for name in _SCHEMES)
    said = next((each for each in found if each in ("http", "https")), "")
    return said or ("https" if fields.get("tls") or fields.get("request.tls") else "")


def _at(fields: Fields) -> float | None:
    """When it was; date and time may stand apart."""
    date, time = fields.get("date"), fields.get("time")
    values = [fields.get(name) for name in _TIMES]
    if isinstance(date, str) and isinstance(time, str):
        values.insert(0, f"{date} {time}")
    return next(filter(None, map(log_time, values)), None)


def _status(fields: Fields) -> int | None:
    for name in _STATUSES:
        value = fields.get(name)
        digits = str(value) if isinstance(value, (int, str)) else ""
        if len(digits) == 3 and digits.isascii() and digits.isdigit():
            return int(digits)
    return None


def _body(fields: Fields) -> bytes:
    """The request's body, where the log holds it: as text, as Base64, or as JSON within JSON."""
    for name in _BODIES:
        value = fields.get(name)
        if isinstance(value, dict) and value:
            return structured(value)[0]
        if isinstance(value, list) and value:
            return raw_bytes(dumps(value))
        if isinstance(value, str) and value not in ("", "-", "null"):
            if fields.get("isbase64encoded") is True:
                try:
                    return b64decode(value, validate=True)
                except ValueError:
                    return b""
            return raw_bytes(value)
    return b""
