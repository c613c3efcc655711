"""The rules on a request as a whole: its size, credentials, parameters and URL."""

from __future__ import annotations

from trackscope.wire.rule import ERROR, NOTE, WARNING, Basis, rule

_FLAG = "“boolean (0 or 1)” (parameters ip, img, test)"
_REDIRECT = "“Redirect can take any URL address” (parameter redirect)"
_CALLBACK = "“Used for jsonp to callback some function in your javascript” (parameter callback)"
_TEST = "“a high priority rate limited queue” (parameter test)"
_RECEIVING = "our decision where the text is silent (receiving)"
_LIMITS = "a limit that later texts of the service name; the 2011 text names none"
_CAPTURE = "what a file or text can hold of a request"

_HTTP_FLAG = "documented: 0 or 1 (HTTP reference)"
_HTTP_BATCH = "documented: lists of at most 50 (HTTP reference)"
_HTTP_KEY = "documented: /import takes api_key, or the secret as the user (importing old events)"
_HTTP_REDIRECT = "documented: redirect takes a URL (HTTP reference)"
_HTTP_CALLBACK = "documented: the answer is text/javascript that calls it (HTTP reference)"

_NOW_FLAG = "“type: integer, minimum: 0, maximum: 1” (OpenAPI, ip, img, verbose)"
_NOW_BATCH = "“We accept up to 2000 events … per request.” (reference, /import)"
_NOW_USER = (
    "“You can provide your token as the basic auth username value with an empty password.” "
    "(reference, /import)"
)
_NOW_REDIRECT = "documented by its absence: OpenAPI has no redirect since about 2022"
_NOW_CALLBACK = "“a body that calls a function by value provided” (OpenAPI, callback)"
_NOW_TEST = "no text of today has test; the SDKs still send it"

REQUEST_RULES = (
    rule(
        "batch.size",
        "A batch holds at most 50 events, today 2,000",
        "51 events",
        Basis(_LIMITS, WARNING),
        classic=_HTTP_BATCH,
        current=Basis(_NOW_BATCH, ERROR),
    ),
    rule(
        "credentials.missing",
        "An import says who is importing",
        "/import without api_key or Authorization",
        None,
        classic=Basis(_HTTP_KEY, ERROR),
        current=Basis(_NOW_USER, ERROR),
    ),
    rule(
        "param.value",
        "A flag is 0 or 1",
        "&ip=true",
        Basis(_FLAG, WARNING),
        classic=_HTTP_FLAG,
        current=_NOW_FLAG,
    ),
    rule(
        "param.duplicate",
        "A parameter stands once",
        "&ip=1&ip=0",
        Basis(_RECEIVING, WARNING),
    ),
    rule(
        "param.unknown",
        "A parameter is one of the specification's",
        "&IP=1",
        Basis(_RECEIVING, NOTE),
    ),
    rule(
        "redirect.scheme",
        "redirect is an absolute http or https URL",
        "&redirect=javascript:alert(1)",
        Basis(_REDIRECT, WARNING),
        classic=_HTTP_REDIRECT,
        current=_NOW_REDIRECT,
    ),
    rule(
        "redirect.removed",
        "redirect is no longer asked for",
        "&redirect=https://shop.example/",
        None,
        current=Basis(_NOW_REDIRECT, WARNING),
    ),
    rule(
        "callback.name",
        "callback names a JavaScript function",
        "&callback=alert(1)",
        Basis(_CALLBACK, ERROR),
        classic=_HTTP_CALLBACK,
        current=_NOW_CALLBACK,
    ),
    rule(
        "url.length",
        "A URL has at most 8,190 characters",
        "a GET of 10,000 characters",
        Basis(
            "the line that common web servers and proxies read; no text of the service names one",
            WARNING,
        ),
    ),
    rule(
        "test.rate",
        "test=1 is for at most 100 requests a second",
        "101 requests with test=1 in one second",
        Basis(_TEST, NOTE),
        classic=_NOW_TEST,
    ),
    rule(
        "capture.incomplete",
        "A capture holds the whole request",
        "an access log of a POST",
        Basis(_CAPTURE, ERROR),
    ),
    rule(
        "capture.changed",
        "A capture's request is taken as it stands",
        "a URL put together from 3 lines",
        Basis(_CAPTURE, NOTE),
    ),
    rule(
        "collector.fault",
        "A collector answers as its rules say",
        "listen --fault '500 every 3'",
        Basis("a faulty answer that was asked for", NOTE),
    ),
)
