"""The history that searching is measured in: always the same exchanges, made once and kept."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from tests.bench.surroundings import ROOT

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history import schema
from trackscope.history.history import History
from trackscope.wire.encoding import to_base64
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

BEGIN = 1_322_050_000.0
PER_S = 10
"""Exchanges a second: a million last a day and four hours."""

VERBS = ("Viewed", "Clicked", "Opened", "Signed", "Started", "Finished", "Shared", "Bought")
NOUNS = ("Page", "Button", "Menu", "Up", "Trial", "Tour", "Photo", "Plan", "Song", "Ticket")
TOKENS = tuple(f"{n:x}3bc4100330c35722740fb8c6f5abddc" for n in range(10, 15))
PLANS = ("free", "basic", "premium", "enterprise")
HOSTS = ("api.mixpanel.com", "api.mixpanel.com", "api.mixpanel.com", "track.example.org")
SENTENCES = {
    "time.far": "the time lies more than five days back",
    "token.missing": "properties.token is missing",
    "name.reserved": "the name of the event is reserved",
}
BATCH = 2000


def exchanges(number: int) -> Iterator[Exchange]:
    """So many plausible exchanges, the same each time."""
    chance = random.Random(2011)
    for index in range(number):
        yield _exchange(index, number, chance)


def _exchange(index: int, number: int, chance: random.Random) -> Exchange:
    event = f"{chance.choice(VERBS)} {chance.choice(NOUNS)}"
    properties = {
        "token": chance.choice(TOKENS),
        "distinct_id": f"user-{chance.randrange(100_000)}",
        "time": int(BEGIN) + index // PER_S,
        "$os": chance.choice(("Linux", "Windows", "iOS")),
        "$browser": "Firefox",
        "$screen_width": 1920,
        "plan": chance.choices(PLANS, (60, 30, 9, 1))[0],
        "is_trial": False,
        "amount": chance.randrange(10_000) / 100,
        "page": f"/checkout/{chance.randrange(500)}",
    }
    data = quote(to_base64(json.dumps({"event": event, "properties": properties})), safe="")
    is_bad = chance.random() < 0.05
    rule = chance.choice(list(SENTENCES))
    severity = Severity.ERROR if is_bad else Severity.WARNING
    is_late = index > number * 0.8  # a capture from the second day, opened after the collector
    return Exchange(
        TrackRequest(
            "GET" if chance.random() < 0.9 else "POST",
            f"http://{chance.choice(HOSTS)}/track/?data={data}&ip=1",
            (("Host", "api.mixpanel.com"), ("User-Agent", "Mozilla/5.0 (X11; Linux)")),
        ),
        Origin.OPENED if is_late else Origin.RECEIVED,
        BEGIN + (index * 3 % number if is_late else index) / PER_S + chance.random() * 5,
        Reply(200, (("Content-Type", "text/plain"),), b"0" if is_bad else b"1"),
        took_ms=1.5,
        verdict=0 if is_bad else 1,
        findings=(Finding(rule, severity, "/0", SENTENCES[rule]),)
        if is_bad or chance.random() < 0.05
        else (),
        peer=f"10.0.{chance.randrange(256)}.7:4000",
        names=(event,),
        note="look at this #later" if chance.random() < 0.001 else "",
        source="checkout.har" if is_late else "",
        position=f"entry {index}" if is_late else "",
        page=f"page_{index // 500}" if is_late else "",
    )


def made(number: int) -> Path:
    """The history with so many exchanges, all indexed; made if it is not there yet."""
    path = ROOT / "build" / "bench" / f"history-{schema.VERSION}-{number}.trackscope"
    if path.exists():
        return path
    partial = path.with_name(f"{path.name}.part")
    for leftover in partial.parent.glob(f"{partial.name}*"):
        leftover.unlink()
    partial.parent.mkdir(parents=True, exist_ok=True)
    with closing(History.open_scratch(partial)) as history:
        batch: list[Exchange] = []
        for each in exchanges(number):
            batch.append(each)
            if len(batch) == BATCH:
                history.append_many(batch)
                batch.clear()
        history.append_many(batch)
        history.delete(list(range(1, number, number // 100)))
        while history.index():
            pass
    partial.replace(path)
    return path
