"""The forms of requests by which SDKs are told apart that do not say who they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from trackscope.wire.endpoint import endpoint_name
from trackscope.wire.glance import Params
from trackscope.wire.request import TrackRequest, query_span

BROWSER, PYTHON, GO, JAVA, RUBY = "browser", "Python program", "Go program", "Java program", "Ruby"
PHP, NODE, APPLE, ANDROID = "PHP program", "Node program", "Apple app", "Android app"
TOOL, OTHER = "tool", ""

_AGENTS = (
    (BROWSER, re.compile(r"Mozilla/")),
    (PYTHON, re.compile(r"python-|Python-urllib|Python/|aiohttp/", re.IGNORECASE)),
    (GO, re.compile(r"Go-http-client|Go \d[\d.]* package http")),
    (JAVA, re.compile(r"Java/|Java-http-client|Apache-HttpClient")),
    (RUBY, re.compile(r"Ruby$|Faraday|rest-client")),
    (PHP, re.compile(r"PHP|Guzzle")),
    (NODE, re.compile(r"node|axios/|undici")),
    (APPLE, re.compile(r".*CFNetwork/.* Darwin/", re.DOTALL)),
    (ANDROID, re.compile(r"Dalvik/|okhttp/")),
    (TOOL, re.compile(r"curl/|Wget/|PostmanRuntime|insomnia|HTTPie|trackscope", re.IGNORECASE)),
)
"""How User-Agents begin that the makers of a platform's HTTP client chose."""

_MAX_AGENT = 500
"""Characters of a User-Agent that are looked at."""

_BROWSER_ORDER = ("data", "test", "verbose", "img", "callback", "ip", "_")
"""The order in which mixpanel-browser writes its query (sdk-facts, "Paths, params, order")."""

_STAMP = re.compile(r"[0-9]{13}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a request tells its sender: who it says made it, and how it is spelled.

    `agent` is the kind of program that the User-Agent names, empty for an unknown one and None
    where there is none. `headers` are the names as spelled, none where a capture holds none.
    `query` and `form` are the names of the parameters in order; `stamp` the value of `_`.
    `transport` is that of `Decoded`; `endpoint` the last part of the path.
    """

    endpoint: str
    agent: str | None
    headers: tuple[str, ...]
    content_type: str
    query: tuple[str, ...]
    form: tuple[str, ...]
    stamp: str
    transport: str


class Form(NamedTuple):
    """A sender's form: its name, how to tell it, and a sentence of what it was told by."""

    name: str
    fits: Callable[[Shape], bool]
    why: str


def shape_of(request: TrackRequest, params: Params, transport: str) -> Shape:
    """The shape of a request with these parameters, of the query first."""
    start, end = query_span(request.url)
    count = sum(1 for piece in request.url[start:end].split("&") if piece)
    names = tuple(name for name, _ in params)
    return Shape(
        endpoint_name(request),
        agent_of(request),
        tuple(name for name, _ in request.headers),
        request.header("content-type") or "",
        names[:count],
        names[count:],
        next((value for name, value in params[:count] if name == "_"), ""),
        transport,
    )


def agent_of(request: TrackRequest) -> str | None:
    """The kind of program that the User-Agent names; empty for an unknown one, None for none.

    >>> agent_of(TrackRequest("GET", "/", (("User-Agent", "python-requests/2.34.2"),)))
    'Python program'
    """
    agent = request.header("user-agent")
    if agent is None:
        return None
    head = agent[:_MAX_AGENT]
    return next((kind for kind, pattern in _AGENTS if pattern.match(head)), OTHER)


def form_of(shape: Shape) -> Form | None:
    """The first of the known forms that the request has."""
    return next((form for form in _FORMS if form.fits(shape)), None)


def _is_browser(shape: Shape) -> bool:
    if shape.agent not in (BROWSER, None) or not _STAMP.fullmatch(shape.stamp):
        return False
    order = [_BROWSER_ORDER.index(name) for name in shape.query if name in _BROWSER_ORDER]
    is_ordered = order == sorted(set(order)) and len(order) == len(shape.query)
    has_payload = "data" in shape.query or shape.form == ("data",) or "img" in shape.query
    return is_ordered and has_payload and "ip" in shape.query


def _is_early_browser(shape: Shape) -> bool:
    names = tuple(name for name in shape.query if name != "test")
    is_stamped = _STAMP.fullmatch(shape.stamp) is not None
    return (
        shape.agent in (BROWSER, None) and is_stamped and names == ("callback", "data", "ip", "_")
    )


def _asks_for_flags(shape: Shape) -> bool:
    return shape.agent == BROWSER and shape.endpoint in ("flags", "record", "settings")


def _is_python(shape: Shape) -> bool:
    return shape.agent == PYTHON and not shape.query and {"data", "verbose", "ip"} <= {*shape.form}


def _is_ruby(shape: Shape) -> bool:
    return shape.agent == RUBY and not shape.query and {"data", "verbose"} <= {*shape.form}


def _is_go(shape: Shape) -> bool:
    is_json = shape.transport.startswith(("body-json", "form-json"))
    return shape.agent == GO and is_json and bool(shape.content_type)


def _is_community_go(shape: Shape) -> bool:
    return shape.agent == GO and shape.form[:1] == ("data",) and not shape.content_type


def _is_java(shape: Shape) -> bool:
    is_form = shape.form == ("data",) and shape.query == ("ip",)
    return shape.agent in (JAVA, None) and is_form and shape.content_type.endswith("charset=utf8")


def _is_java_import(shape: Shape) -> bool:
    is_import = shape.endpoint == "import" and shape.query == ("strict",)
    return shape.agent == JAVA and is_import and shape.transport.startswith("body-json")


def _is_android(shape: Shape) -> bool:
    is_base64 = shape.transport.startswith("form-base64")
    return shape.agent == ANDROID and is_base64 and "data" in shape.form


def _is_react_native(shape: Shape) -> bool:
    is_form = shape.transport == "form-json" and shape.query[:1] == ("ip",)
    return shape.agent in (ANDROID, APPLE) and is_form


def _is_iphone(shape: Shape) -> bool:
    return shape.agent == APPLE and shape.transport == "form-base64" and "data" in shape.form


def _is_node(shape: Shape) -> bool:
    if shape.agent is not None or _has(shape, "accept"):
        return False
    names = shape.query
    if shape.form == ("data",):
        return names[:2] == ("ip", "verbose")
    return names[:3] in (("ip", "verbose", "data"), ("data", "ip", "verbose"))


def _is_php(shape: Shape) -> bool:
    is_form = shape.transport == "form-base64" and shape.form == ("data",) and not shape.query
    return shape.agent is None and is_form and _has(shape, "accept")


def _has(shape: Shape, header: str) -> bool:
    return any(name.lower() == header for name in shape.headers)


_FORMS = (
    Form(
        "mixpanel-browser",
        _is_browser,
        "its query ends with ip and _ (milliseconds), in the order that mixpanel-browser writes",
    ),
    Form(
        "mixpanel-browser",
        _is_early_browser,
        "its query is callback, data, ip and _, as the library of 2009 to 2012 wrote it",
    ),
    Form("mixpanel-browser", _asks_for_flags, "a browser asks for what only the SDK asks for"),
    Form(
        "mixpanel-python",
        _is_python,
        "a Python program sends data, verbose and ip together in a form",
    ),
    Form("mixpanel-ruby", _is_ruby, "a Ruby program sends data and verbose together in a form"),
    Form("mixpanel-go", _is_go, "a Go program sends JSON as it is, with its Content-Type"),
    Form("dukex/mixpanel", _is_community_go, "a Go program sends a form without a Content-Type"),
    Form(
        "mixpanel-java",
        _is_java,
        "the form's charset is spelled utf8, and ip alone stands in the query",
    ),
    Form("mixpanel-java", _is_java_import, "a Java program sends JSON with strict alone beside it"),
    Form("mixpanel-android", _is_android, "an Android app sends Base64 in a form"),
    Form(
        "mixpanel-react-native",
        _is_react_native,
        "an app sends JSON as it is in a form, with ip in the query",
    ),
    Form("mixpanel-iphone", _is_iphone, "an Apple app sends Base64 in a form"),
    Form(
        "mixpanel-node",
        _is_node,
        "there is no User-Agent, and the query has ip and verbose as mixpanel-node writes them",
    ),
    Form(
        "mixpanel-php",
        _is_php,
        "there is no User-Agent, and a form holds the Base64 alone",
    ),
)
