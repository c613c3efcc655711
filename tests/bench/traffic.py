"""Recorded traffic to measure with: URLs as SDKs send them, and an access log with some in it."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
NOW = 1_795_447_342

_NAMES = ("Signed Up", "Cart Viewed", "mp_page_view", "Кнопка нажата", "購入完了", "Order placed")
_PLANS = ("Pro", "Free", "Team +", "Größe", None)
_PAGES = ("static/app.js?v={}", "products/{}?ref=mail", "", "api/v1/cart/{}", "img/{}.png")
_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)


def targets(count: int, odd_share: float = 0.05, seed: int = 1) -> Iterator[str]:
    """Targets of about 400 characters, half of them of a server's SDK and half of a browser's.

    The share of odd ones have CESU-8, spaces for +, a character too many, or are encoded twice.
    """
    source = random.Random(seed)
    for _ in range(count):
        is_browser = source.random() < 0.5
        text = json.dumps(
            _event(source, is_browser), ensure_ascii=is_browser, separators=(",", ":")
        )
        data = quote(base64.b64encode(text.encode()), safe="")
        if source.random() < odd_share:
            data = _odd(data, source)
        if is_browser:
            yield f"/track/?data={data}&ip=1&_={NOW * 1000 + source.randrange(10**6)}"
        else:
            yield f"/track?ip=0&verbose=0&data={data}"


def _event(source: random.Random, is_browser: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "token": TOKEN,
        "distinct_id": f"user-{source.randrange(10**6)}",
        "plan": source.choice(_PLANS),
        "trial": source.random() < 0.5,
        "seats": source.randrange(100),
        "mp_lib": "web" if is_browser else "node",
    }
    if is_browser:
        properties |= {
            "$os": "Linux",
            "$browser": "Chrome",
            "$current_url": f"https://shop.example/products/{source.randrange(10**6)}",
            "time": NOW - source.randrange(4 * 24 * 3600),
        }
    else:
        properties["note"] = "a note of the server, " * source.randrange(1, 5)
    return {"event": source.choice(_NAMES), "properties": properties}


def _odd(data: str, source: random.Random) -> str:
    cesu = base64.b64encode(
        b'{"event":"\xed\xa0\xbd\xed\xb8\x80","properties":{"token":"t"}}'
    ).decode()
    return source.choice(
        [data.rstrip("%3D") + "A", data[:40] + "%20" + data[41:], cesu, quote(data)]
    )


def write_urls(path: Path, count: int, odd_share: float) -> None:
    """A URL a line."""
    lines = (f"https://api.mixpanel.com{target}" for target in targets(count, odd_share))
    path.write_text("\n".join(lines), "utf-8")


def write_log(path: Path, size: int, share: float) -> None:
    """A combined log of at least so many bytes, the share of lines that are tracking ones."""
    source = random.Random(2)
    tracking = [_line(source, target) for target in targets(5_000, seed=3)]
    pages = (source.choice(_PAGES).format(source.randrange(10**6)) for _ in range(20_000))
    others = [_line(source, f"/{page}") for page in pages]
    with path.open("wb") as file:
        while file.tell() < size:
            lines = [source.choice(others) for _ in range(10_000)]
            for index in range(len(lines)):
                if source.random() < share:
                    lines[index] = source.choice(tracking)
            file.write("".join(lines).encode())


def _line(source: random.Random, target: str) -> str:
    peer = f"{source.randrange(255)}.{source.randrange(255)}.1.2"
    time = f"23/Nov/2026:15:{source.randrange(60):02}:{source.randrange(60):02} +0000"
    size = source.randrange(10**5)
    return (
        f'{peer} - - [{time}] "GET {target} HTTP/1.1" 200 {size} "https://shop.example/" '
        f'"{_AGENT}"\n'
    )
