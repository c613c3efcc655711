"""HAR files made up for tests: entries of many shapes, in the layouts that exporters write."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

EVENT = {"event": "Bought a+b/ü 😀", "properties": {"token": "abc", "n": 1}}

Har = dict[str, Any]


def data(event: Any = EVENT) -> str:
    """A payload in Base64."""
    return base64.b64encode(json.dumps(event).encode()).decode()


def entry(url: str, post: Any = None, **more: Any) -> dict[str, Any]:
    """An entry as most exporters write it."""
    request = {
        "method": "GET" if post is None else "POST",
        "url": url,
        "httpVersion": "HTTP/2",
        "headers": [
            {"name": ":path", "value": "/"},
            {"name": "sec-ch-ua", "value": '"Chromium";v="156"'},
        ],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    if post is not None:
        request["postData"] = post
    return {
        "startedDateTime": "2026-11-23T15:04:13.757Z",
        "time": 12.5,
        "request": request,
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [{"name": "content-type", "value": "text/plain"}],
            "content": {"size": 1, "mimeType": "text/plain", "text": "1"},
        },
        "cache": {},
        "timings": {"send": 0, "wait": 1, "receive": 1},
        "pageref": "page_1",
        **more,
    }


def har(entries: list[Any]) -> Har:
    """A whole HAR."""
    pages = [{"id": "page_1", "title": "The shop", "startedDateTime": "2026-11-23T15:04:11.951Z"}]
    creator = {"name": "test", "version": "1"}
    return {"log": {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}}


def as_bytes(value: Any, **options: Any) -> bytes:
    """JSON as `json.dumps` writes it."""
    return json.dumps(value, **options).encode("utf-8", "surrogatepass")


def _a_line_each(value: Har) -> bytes:
    log = {name: each for name, each in value["log"].items() if name != "entries"}
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in value["log"]["entries"])
    return f'{{"log": {json.dumps(log)[:-1]}, "entries": [\n{lines}\n]}}}}\n'.encode()


LAYOUTS: dict[str, Callable[[Har], bytes]] = {
    "compact": lambda value: as_bytes(value, separators=(",", ":")),
    "compact, not ASCII": lambda value: as_bytes(value, separators=(",", ":"), ensure_ascii=False),
    "json.dumps": as_bytes,
    "indent 2": lambda value: as_bytes(value, indent=2),
    "indent 4, not ASCII": lambda value: as_bytes(value, indent=4, ensure_ascii=False),
    "tabs": lambda value: as_bytes(value, indent="\t"),
    "CRLF": lambda value: as_bytes(value, indent=2).replace(b"\n", b"\r\n"),
    "blanks before colons": lambda value: as_bytes(value, indent=2, separators=(",", " : ")),
    "escaped slashes": lambda value: as_bytes(value, separators=(",", ":")).replace(b"/", b"\\/"),
    "a line each": _a_line_each,
}

_FORM = "application/x-www-form-urlencoded"
_INNER = json.dumps(har([entry("https://api.mixpanel.com/track/?data=e30=")]), indent=2)

POSTS = st.sampled_from(
    [
        {"mimeType": _FORM, "text": f"data={quote(data())}&ip=1"},
        {"mimeType": _FORM, "text": f"data={quote(json.dumps([EVENT, EVENT]))}"},
        {"mimeType": _FORM, "params": [{"name": "data", "value": json.dumps(EVENT)}]},
        {"mimeType": _FORM, "params": [{"name": "data", "value": quote(data())}], "text": ""},
        {"mimeType": "application/json", "text": json.dumps([EVENT], indent=1)},
        {"mimeType": "application/json", "text": data([EVENT]), "encoding": "base64"},
        {"mimeType": "application/json", "text": '{"request": {"response": "},{"}}'},
        {"mimeType": "text/plain", "text": _INNER},
        {"mimeType": "application/json", "text": '{"type":"track","userProperties":{}}'},
        {"_file": "0123.txt"},
    ]
)
URLS = st.sampled_from(
    [
        "https://api-js.mixpanel.com/track/?verbose=1&ip=1",
        f"https://api.mixpanel.com/engage/?data={quote(data({'$token': 'a', '$set': {}}))}",
        f"http://proxy.example/mp?data={quote(data())}",
        "http://127.0.0.1:8080/groups",
        "https://cdn.example/tracking.js?v=1",
        "https://shop.example/a/b?c=d&metadata=1",
        "https://shop.example/pixel/track?data=hello-world",
        "https://shop.example/ü?q=%22request%22",
    ]
)
BODIES = st.sampled_from(
    [
        "1",
        _INNER,
        _INNER * 5,
        'var a=[{"request":{"url":"/track?data=1"}},{"startedDateTime":"now"}];\n      },\n      {',
        '"request"',
        "\\",
        "\u2028\x7fü😀" * 50,
        "x" * 3000,
    ]
)
STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [
        None, 5, -1.5e3, True, "request", "\\\"", [], [[{}]], {},
        {"request": None, "response": []},
        {"request": {"url": 5}},
        {"request": {"url": "https://api.mixpanel.com/track", "headers": None, "postData": [1]}},
        {"request": {"url": "https://api.mixpanel.com/engage", "method": 5, "headers": {"a": 1}},
         "response": {"status": "x"}, "startedDateTime": {}, "time": "1", "pageref": []},
        {"startedDateTime": 1, "_list": [{"startedDateTime": 1}, {"startedDateTime": 2}]},
    ]
)  # fmt: skip


@st.composite
def regular_entries(draw: st.DrawFn) -> dict[str, Any]:
    """An entry with one request, whatever else is in it."""
    is_noise = draw(st.booleans())
    url = "https://cdn.example/a.js" if is_noise else draw(URLS)
    made = entry(url, None if is_noise else draw(st.none() | POSTS))
    made["response"]["content"]["text"] = draw(BODIES)
    if draw(st.booleans()):
        frames = [{"functionName": "a", "url": "/track"}, {"functionName": "b"}]
        made = {"_initiator": {"stack": {"callFrames": frames}}, **made}
    if draw(st.integers(0, 9)) == 0:
        made["response"]["status"] = 0
    return made


@st.composite
def hars(draw: st.DrawFn, *, is_regular: bool) -> Har:
    """A HAR; a regular one has one request an entry, as all that exporters write have."""
    one = regular_entries()
    entries = draw(st.lists(one if is_regular else one | STRANGE, max_size=12))
    if draw(st.booleans()):
        order = st.permutations(range(20))
        same = draw(st.none() | order)
        entries = [_reordered(each, same or draw(order)) for each in entries]
    value = har(entries)
    if draw(st.booleans()):
        value["log"]["pages"] = value["log"].pop("pages")  # behind the entries
    if draw(st.booleans()):
        value = {"_first": {"entries": [1]}, **value, "_last": None}
    return value


def _reordered(value: Any, order: list[int]) -> Any:
    if not isinstance(value, dict):
        return value
    places = dict(zip(value, order, strict=False))
    return dict(sorted(value.items(), key=lambda pair: places[pair[0]]))
