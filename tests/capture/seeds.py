"""A small well-formed capture of every format, to be damaged: each holds the same event."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
TARGET = f"/track/?data={DATA}&ip=1"
URL = f"http://api.mixpanel.com{TARGET}"
EVENT = {"event": "game", "properties": {"token": "abc"}}
BODY = f"data={DATA}"
WHEN = "2026-11-23T10:00:00.000Z"


def _har() -> bytes:
    request = {
        "method": "POST", "url": "https://api.mixpanel.com/track/", "httpVersion": "HTTP/1.1",
        "headers": [{"name": "Content-Type", "value": "text/plain"}], "queryString": [],
        "cookies": [], "headersSize": -1, "bodySize": len(BODY),
        "postData": {"mimeType": "text/plain", "text": BODY},
    }  # fmt: skip
    response = {
        "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [],
        "content": {"size": 1, "mimeType": "text/plain", "text": "1"}, "redirectURL": "",
        "headersSize": -1, "bodySize": 1,
    }  # fmt: skip
    entry = {
        "startedDateTime": WHEN, "time": 12.5, "request": request, "response": response,
        "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 1}, "pageref": "page_1",
    }  # fmt: skip
    page = {"startedDateTime": WHEN, "id": "page_1", "title": "Shop", "pageTimings": {}}
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": [page]}
    return json.dumps({"log": {**log, "entries": [entry, entry]}}, indent=1).encode()


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("har.har", _har())
    return packed.getvalue()


def _line(client: str) -> str:
    return f'{client} - - [23/Nov/2026:10:00:00 +0000] "GET {TARGET} HTTP/1.1" 200 1'


_CLOUDFRONT = f"""\
#Version: 1.0
#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status cs-uri-query x-host-header
2026-11-23\t10:00:00\t10.0.0.1\tGET\td1.cloudfront.net\t/track/\t200\tdata={DATA}\tapi.mixpanel.com
"""

_LOAD_BALANCER = (
    "2026-11-23T15:22:22.500000Z my-lb 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.002 200 200 "
    f'0 29 "GET {URL} HTTP/1.1" "curl/7.38.0" - -\n'
)


def _json_line() -> str:
    record = {"ts": WHEN, "ip": "127.0.0.1", "req": f"GET {TARGET} HTTP/1.1", "status": 200}
    return json.dumps({**record, "host": "api.mixpanel.com", "body": ""})


def _netstring(value: Any) -> bytes:
    """mitmproxy's typed netstrings."""
    if isinstance(value, dict):
        pairs = value.items()
        content, mark = b"".join(_netstring(each) for pair in pairs for each in pair), b"}"
    elif isinstance(value, list | tuple):
        content, mark = b"".join(map(_netstring, value)), b"]"
    elif value is None or isinstance(value, bool):
        content, mark = (b"", b"~") if value is None else (str(value).lower().encode(), b"!")
    elif isinstance(value, int | float):
        content, mark = str(value).encode(), b"#" if isinstance(value, int) else b"^"
    else:
        is_text = isinstance(value, str)
        content, mark = (value.encode() if is_text else value), b";" if is_text else b","
    return b"%d:%b%b" % (len(content), content, mark)


def _flow() -> bytes:
    request = {
        "http_version": b"HTTP/1.1", "headers": [(b"Host", b"api.mixpanel.com")],
        "content": b"", "trailers": None, "timestamp_start": 1.5, "timestamp_end": 1.6,
        "host": "api.mixpanel.com", "port": 80, "method": b"GET", "scheme": b"http",
        "authority": b"", "path": TARGET.encode(),
    }  # fmt: skip
    response = {
        "http_version": b"HTTP/1.1", "headers": [(b"Server", b"nginx")], "content": b"1",
        "trailers": None, "timestamp_start": 1.7, "timestamp_end": 1.8, "status_code": 200,
        "reason": b"OK",
    }  # fmt: skip
    flow = {
        "type": "http", "version": 20, "id": "1", "error": None, "request": request,
        "response": response, "client_conn": {"peername": ("127.0.0.1", 4000)},
        "server_conn": {"address": ("api.mixpanel.com", 80)}, "websocket": None,
    }  # fmt: skip
    return _netstring(flow) * 2


def _packets() -> list[bytes]:
    """Ethernet frames of one connection: SYN, a request in two segments, FIN."""
    text = f"GET {TARGET} HTTP/1.1\r\nHost: api.mixpanel.com\r\n\r\n".encode()
    frames = []
    number = 1000
    for flags, content in ((2, b""), (16, text[:40]), (24, text[40:]), (17, b"")):
        tcp = struct.pack(">HHIIBBHHH", 4000, 80, number, 0, 0x50, flags, 8192, 0, 0) + content
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0)
        ip += bytes((10, 0, 0, 1, 10, 0, 0, 2))
        frames.append(bytes(12) + b"\x08\x00" + ip + tcp)
        number += len(content) + (flags == 2)
    return frames


def _pcap() -> bytes:
    records = (
        struct.pack("<IIII", 1_700_000_000, index, len(frame), len(frame)) + frame
        for index, frame in enumerate(_packets())
    )
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + b"".join(records)


def _pcapng() -> bytes:
    def block(kind: int, content: bytes) -> bytes:
        content += bytes(-len(content) % 4)
        length = struct.pack("<I", len(content) + 12)
        return struct.pack("<I", kind) + length + content + length

    blocks = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    blocks.append(block(1, struct.pack("<HHI", 1, 0, 65535)))
    for frame in _packets():
        blocks.append(block(6, struct.pack("<IIIII", 0, 0, 0, len(frame), len(frame)) + frame))
    return b"".join(blocks)


def _export() -> str:
    line = {
        "source": "a.har", "position": "entry 1", "method": "GET", "host": "api.mixpanel.com",
        "endpoint": "/track", "params": {"ip": "1"}, "transport": "query-base64",
        "events": [EVENT], "verdict": 1, "findings": [], "repairs": [], "url": URL,
        "headers": [["User-Agent", "x"]], "body": "", "at": 1.5, "origin": "opened",
        "note": "look", "page": "Shop",
        "answer": {"status": 200, "headers": [["Server", "nginx"]], "body": "1", "took_ms": 1.5},
    }  # fmt: skip
    return json.dumps(line)


_MAIL = f"""\
From: news@shop.example
To: amy@example.com
Subject: =?utf-8?Q?Caf=C3=A9?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

{URL.replace("=", "=3D")}
--b1
Content-Type: text/html; charset=iso-8859-1

<img src="{URL}">
--b1--
"""

SEEDS: Mapping[str, bytes] = {
    "har": _har(),
    "zip": _zip(),
    "combined log": "\n".join([f'{_line("1.2.3.4")} "-" "curl"', *map(_line, "ab")]).encode(),
    "json log": f"{_json_line()}\n{_json_line()}\n".encode(),
    "cloudfront": _CLOUDFRONT.encode(),
    "load balancer": _LOAD_BALANCER.encode(),
    "squid": f"1795447342.123     45 1.2.3.4 TCP_MISS/200 312 GET {URL} - HIER_DIRECT/5.6.7.8 "
    "text/html\n".encode(),
    "logfmt": f'at=info method=GET path="{TARGET}" host=api.mixpanel.com status=200\n'.encode(),
    "flow": _flow(),
    "pcap": _pcap(),
    "pcapng": _pcapng(),
    "export": f"{_export()}\n{_export()}\n".encode(),
    "events": f"{json.dumps(EVENT)}\n{json.dumps(EVENT)}\n".encode(),
    "table": f'id,url,note\n1,"{URL}","a ""b""\nc"\n2,{URL},\n'.encode(),
    "mail": _MAIL.encode(),
    "http": f"POST /track/ HTTP/1.1\nHost: api.mixpanel.com\n\n{BODY}\n\nHTTP/1.1 200 OK\n\n1"
    "\n".encode(),
    "json": json.dumps({"item": [{"request": {"method": "GET", "url": URL}}]}, indent=1).encode(),
    "array": json.dumps([EVENT, EVENT]).encode(),
    "curl": f"curl '{URL}' -H 'A: b' --data-raw $'{BODY}'\n".encode(),
    "html": f"<html><img src='{URL}'><script>fetch('{URL}')</script></html>".encode(),
    "urls": f"{URL}\n# and\n{URL}\n".encode(),
    "database": b"SQLite format 3\0" + bytes(84),
    "base64": DATA.encode(),
    "form": f"ip=1&{BODY}".encode(),
}
