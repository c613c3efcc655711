from __future__ import annotations

import base64
import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.json_values import VALUES

from trackscope.capture import jsonlog
from trackscope.capture.found import Captured
from trackscope.capture.logentry import NO_BODY
from trackscope.capture.opening import Reading
from trackscope.capture.report import NOT_TRACKING
from trackscope.capture.stream import Stream
from trackscope.wire.decoding import decode

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
TARGET = f"/track/?data={DATA}&ip=1"
AT = 1_795_447_342.0
EVENT = '{"event": "game", "properties": {"token": "abc"}}'

NGINX = {
    "ts": "2026-11-23T15:22:22+00:00", "ip": "10.0.0.1", "req": f"GET {TARGET} HTTP/1.1",
    "status": 200, "bytes": 1, "ref": "http://r/", "ua": "agent", "host": "t.example", "body": "",
}  # fmt: skip
NGINX_PARTS = {
    "time_iso8601": "2026-11-23T15:22:22+00:00", "remote_addr": "10.0.0.1",
    "request_method": "GET", "uri": "/track/", "args": f"data={DATA}&ip=1", "status": "200",
    "http_host": "t.example", "server_name": "_", "request_time": "0.004",
    "http_referer": "http://r/", "http_user_agent": "agent",
}  # fmt: skip
CADDY = {
    "level": "info", "ts": AT, "logger": "http.log.access", "msg": "handled request",
    "request": {
        "remote_ip": "10.0.0.1", "remote_port": "5", "proto": "HTTP/2.0", "method": "GET",
        "host": "t.example", "uri": TARGET,
        "headers": {"User-Agent": ["agent"], "Referer": ["http://r/"]},
    },
    "duration": 0.001, "size": 1, "status": 200, "resp_headers": {"Server": ["Caddy"]},
}  # fmt: skip
TRAEFIK = {
    "ClientAddr": "10.0.0.1:5", "ClientHost": "10.0.0.1", "DownstreamStatus": 200,
    "RequestHost": "t.example", "RequestMethod": "GET", "RequestPath": TARGET,
    "RequestProtocol": "HTTP/1.1", "StartUTC": "2026-11-23T15:22:22Z", "Duration": 12,
    "request_User-Agent": "agent", "request_Referer": "http://r/",
}  # fmt: skip
ELASTIC = {
    "@timestamp": "2026-11-23T15:22:22.000Z", "host": {"name": "web-1"},
    "http": {
        "request": {"method": "GET", "referrer": "http://r/"},
        "response": {"status_code": 200, "body": {"content": "1"}},
    },
    "url": {"original": TARGET, "domain": "t.example", "path": "/track/"},
    "user_agent": {"original": "agent"}, "source": {"ip": "10.0.0.1"},
}  # fmt: skip
GOOGLE = {
    "httpRequest": {
        "requestMethod": "GET", "requestUrl": f"http://t.example{TARGET}", "status": 200,
        "remoteIp": "10.0.0.1", "userAgent": "agent", "referer": "http://r/",
    },
    "timestamp": "2026-11-23T15:22:22Z", "severity": "INFO",
}  # fmt: skip
ENVOY = {
    "start_time": "2026-11-23T15:22:22.000Z", "method": "GET", "path": TARGET,
    "protocol": "HTTP/1.1", "response_code": 200, "authority": "t.example",
    "user_agent": "agent", "referer": "http://r/", "client_ip": "10.0.0.1",
}  # fmt: skip
CLOUDFLARE = {
    "ClientIP": "10.0.0.1", "ClientRequestHost": "t.example", "ClientRequestMethod": "GET",
    "ClientRequestURI": TARGET, "EdgeStartTimestamp": 1795447342000000000,
    "EdgeResponseStatus": 200, "ClientRequestUserAgent": "agent",
    "ClientRequestReferer": "http://r/",
}  # fmt: skip
CLOUDFRONT = {
    "date": "2026-11-23", "time": "15:22:22", "c-ip": "10.0.0.1", "cs-method": "GET",
    "cs(Host)": "d1.cloudfront.net", "cs-uri-stem": "/track/", "cs-uri-query": f"data={DATA}&ip=1",
    "sc-status": "200", "cs(Referer)": "http://r/", "cs(User-Agent)": "agent",
    "x-host-header": "t.example", "cs-protocol": "http",
}  # fmt: skip
INGRESS = {
    "time": "2026-11-23T15:22:22+00:00", "remote_addr": "10.0.0.1", "vhost": "t.example",
    "request_proto": "HTTP/1.1", "path": "/track/", "request_query": f"data={DATA}&ip=1",
    "method": "GET", "status": 200, "http_referrer": "http://r/", "http_user_agent": "agent",
}  # fmt: skip
AZURE = {
    "time": "2026-11-23T15:22:22Z", "operationName": "ApplicationGatewayAccess",
    "properties": {
        "clientIP": "10.0.0.1", "httpMethod": "GET", "requestUri": "/track/",
        "requestQuery": f"data={DATA}&ip=1", "userAgent": "agent", "httpStatus": 200,
        "host": "t.example", "referer": "http://r/",
    },
}  # fmt: skip
DOCKER = {
    "log": f'10.0.0.1 - - [23/Nov/2026:15:22:22 +0000] "GET http://t.example{TARGET} HTTP/1.1" '
    '200 1 "http://r/" "agent"\n',
    "stream": "stdout", "time": "2026-11-23T15:22:22Z",
}  # fmt: skip
DOCKER_JSON = {"log": json.dumps(NGINX) + "\n", "stream": "stdout"}


def read(*lines: dict[str, Any] | bytes) -> Reading:
    encoded = (each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines)
    return Reading(Stream(BytesIO(b"\n".join(encoded))))


def one(line: dict[str, Any] | bytes) -> Captured:
    reading = read(line)
    assert reading.kind == "jsonlog"
    [found] = reading
    return found


@pytest.mark.parametrize(
    "entry",
    [
        NGINX, NGINX_PARTS, CADDY, TRAEFIK, ELASTIC, GOOGLE, ENVOY, CLOUDFLARE, CLOUDFRONT,
        INGRESS, AZURE, DOCKER, DOCKER_JSON,
    ],
)  # fmt: skip
def test_a_line_of_whatever_shape_is_read_with_all_it_says(entry: dict[str, Any]) -> None:
    found = one(entry)
    assert found.request.url == f"http://t.example{TARGET}"
    assert found.request.method == "GET"
    assert found.at == AT
    assert found.reply is not None
    assert found.reply.status == 200
    assert found.peer == "10.0.0.1"
    if entry is not TRAEFIK:
        assert found.request.headers == (("Referer", "http://r/"), ("User-Agent", "agent"))


def test_tls_makes_it_https() -> None:
    request = CADDY["request"] | {"tls": {"version": 772}}  # type: ignore[operator]
    assert one(CADDY | {"request": request}).request.url.startswith("https://t.example/")
    assert one(NGINX_PARTS | {"scheme": "https"}).request.url.startswith("https://t.example/")


def test_a_body_in_the_log_is_the_requests() -> None:
    post = NGINX | {"req": "POST /track/ HTTP/1.1"}
    assert one(post | {"body": f"data={DATA}"}).request.body == f"data={DATA}".encode()
    packed = {"body": base64.b64encode(EVENT.encode()).decode(), "isBase64Encoded": True}
    for body in ({"body": EVENT}, {"request_body": json.loads(EVENT)}, packed):
        [event] = decode(one(post | body).request).events or ()
        assert event == json.loads(EVENT)
    assert one(post).problem == NO_BODY
    assert one(post | {"body": "-"}).problem == NO_BODY


@pytest.mark.parametrize("is_packed", [False, True])
def test_lines_that_are_entries_of_a_har_have_the_bodies_that_were_sent(is_packed: bool) -> None:
    text = f"data={DATA}"
    post = {"mimeType": "application/x-www-form-urlencoded", "text": text}
    if is_packed:
        post |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
    asked = {"method": "POST", "url": "http://h/track", "headers": [], "postData": post}
    line = {
        "startedDateTime": "2026-11-23T15:22:22Z",
        "request": asked,
        "response": {"status": 200},
    }
    assert one(line).request.body == text.encode()


def test_a_body_to_any_path_counts_if_it_holds_an_event() -> None:
    found = one(NGINX | {"req": "POST /collect HTTP/1.1", "body": EVENT})
    assert found.request.body == EVENT.encode()


def test_what_was_answered_is_not_the_request() -> None:
    answer = {"status": 200, "body": EVENT, "method": "PUT"}
    found = one({"request": {"method": "GET", "uri": TARGET}, "response": answer})
    assert (found.request.method, found.request.body) == ("GET", b"")
    assert found.reply is not None


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(NGINX).encode() + b"\r",
        b"<134>Nov 23 15:22:22 web nginx: " + json.dumps(NGINX).encode(),
        b"2026-11-23T15:22:22Z stdout F " + json.dumps(NGINX).encode(),
        json.dumps(NGINX).encode().replace(b"/", rb"\/"),
        json.dumps(NGINX).encode().replace(b'"agent"', b'"a\xe9\x01\\x22"'),
        json.dumps(NGINX).encode() + b",",
    ],
)
def test_what_logs_make_of_json_is_read(line: bytes) -> None:
    assert one(line).request.url == f"http://t.example{TARGET}"


def test_bytes_that_a_log_escapes_are_bytes_again() -> None:
    line = json.dumps(NGINX).encode().replace(b"ip=1", rb"a=\xD0\xBA\x22\xFF\\x41")
    assert one(line).request.url.endswith('a=к"\udcff\\x41')


def test_what_is_passed_over_is_counted_by_reason() -> None:
    health = NGINX | {"req": "GET /health HTTP/1.1"}
    reading = read(
        NGINX, health, health, b'{"req": "GET /track?da', b"/track", b"", {"a": "/track"}, NGINX,
    )  # fmt: skip
    assert [each.position for each in reading] == ["line 1", "line 8"]
    assert reading.report.passed_over == {
        NOT_TRACKING: 3,
        "a line that is no JSON object": 2,
        "a line without a request": 1,
    }


@pytest.mark.parametrize(
    "text",
    [
        EVENT,
        f"{EVENT}\n{EVENT}",
        '{"$token": "t", "$set": {"url": "/x", "status": 200}}',
        '{"event": "a", "properties": {"url": "/x", "method": "GET", "status": 200}}',
        '{"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "/"}}]}}',
        "[1]",
        '{"a": ' * 300 + "1" + "}" * 300,
        '{"url": "http://h/track"}',
        "{",
        "",
    ],
)
def test_what_is_no_log_is_left_to_others(text: str) -> None:
    assert not jsonlog.is_it(text.encode())


@given(st.dictionaries(st.sampled_from([*NGINX, *NGINX_PARTS, "request", "tls"]), VALUES))
def test_no_entry_can_break_the_reading(entry: dict[str, Any]) -> None:
    line = json.dumps(NGINX | entry).encode("utf-8", "surrogatepass")
    list(jsonlog.read(Stream(BytesIO(line)), read().report))
    jsonlog.is_it(line)


@given(st.binary(max_size=60))
def test_no_bytes_can_break_the_reading(noise: bytes) -> None:
    line = json.dumps(NGINX).encode()
    for content in (noise + line, line[:40] + noise + line[40:], line[:-9] + noise):
        list(jsonlog.read(Stream(BytesIO(content)), read().report))
