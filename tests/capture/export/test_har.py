"""HAR 1.2 as other programs read it."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from math import inf
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.export import har
from trackscope.wire.reply import PIXEL, Reply
from trackscope.wire.request import TrackRequest

REQUEST = TrackRequest(
    "POST", "http://h/track/?ip=1&ip=", (("Content-Type", "text/plain"), ("A", "b")), b"data=e30="
)
EXCHANGE = Exchange(
    REQUEST, Origin.SENT, 12.5, Reply(302, (("Location", "http://g/"),), b"1"), took_ms=3.5
)


def log_of(*exchanges: Exchange) -> dict[str, Any]:
    file = BytesIO()
    har.write(exchanges, file)
    return dict(json.loads(file.getvalue())["log"])


def test_every_member_that_the_format_demands_is_there() -> None:
    log = log_of(EXCHANGE)
    assert log["version"] == "1.2"
    assert log["creator"]["name"] == "Trackscope"
    (entry,) = log["entries"]
    assert entry.keys() >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert entry["request"].keys() >= {
        "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize",
        "bodySize",
    }  # fmt: skip
    assert entry["response"].keys() >= {
        "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL",
        "headersSize", "bodySize",
    }  # fmt: skip
    assert entry["timings"].keys() >= {"send", "wait", "receive"}
    assert entry["response"]["content"].keys() >= {"size", "mimeType"}


def test_the_request_and_its_answer_stand_as_they_were() -> None:
    (entry,) = log_of(EXCHANGE)["entries"]
    assert (entry["startedDateTime"], entry["time"]) == ("1970-01-01T00:00:12.500Z", 3.5)
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == ("POST", REQUEST.url)
    assert [(each["name"], each["value"]) for each in request["headers"]] == list(REQUEST.headers)
    assert request["queryString"] == [{"name": "ip", "value": "1"}, {"name": "ip", "value": ""}]
    assert request["postData"] == {"mimeType": "text/plain", "params": [], "text": "data=e30="}
    assert (response["status"], response["statusText"]) == (302, "Found")
    assert (response["redirectURL"], response["content"]["text"]) == ("http://g/", "1")


def test_bodies_that_are_no_text_stand_in_base64() -> None:
    request = TrackRequest("POST", "http://h/track/", (), b"\x1f\x8b\0\xff")
    (entry,) = log_of(Exchange(request, Origin.SENT, 0, Reply(200, (), PIXEL)))["entries"]
    for found, body in (
        (entry["request"]["postData"], request.body),
        (entry["response"]["content"], PIXEL),
    ):
        assert found["encoding"] == "base64"
        assert base64.b64decode(found["text"]) == body


def test_pages_are_known_by_their_title_and_named_once() -> None:
    exchanges = [Exchange(REQUEST, Origin.OPENED, at, page=page) for at, page in
                 ((1, "Cart"), (2, "Cart"), (3, ""), (4, "Pay"))]  # fmt: skip
    log = log_of(*exchanges)
    assert [entry.get("pageref") for entry in log["entries"]] == ["Cart", "Cart", None, "Pay"]
    assert [(page["id"], page["startedDateTime"]) for page in log["pages"]] == [
        ("Cart", "1970-01-01T00:00:01.000Z"),
        ("Pay", "1970-01-01T00:00:04.000Z"),
    ]


def test_without_an_answer_the_status_is_0_and_the_failure_is_told() -> None:
    failed = Exchange(REQUEST, Origin.SENT, 0, failure="Nobody answered.", note="see below")
    (entry,) = log_of(failed)["entries"]
    assert (entry["response"]["status"], entry["response"]["_error"]) == (0, "Nobody answered.")
    assert entry["comment"] == "see below"


def test_odd_values_leave_a_file_that_is_json() -> None:
    request = TrackRequest("GET", "http://h/t\udcffk?a=\udcff", (("A", "\ud800"),))
    odd = Exchange(request, Origin.OPENED, inf, Reply(999), took_ms=inf, note="\udc00")
    log = log_of(odd)
    assert log["entries"][0]["request"]["url"] == "http://h/t%FFk?a=%FF"
    assert log["entries"][0]["startedDateTime"] == "1970-01-01T00:00:00.000Z"
    assert log["entries"][0]["time"] == 0


def test_no_exchange_makes_an_empty_log() -> None:
    assert (log_of()["entries"], log_of()["pages"]) == ([], [])
