"""Pictures of the detail of an exchange, light and dark: `traffic_gallery.py FOLDER`."""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget

from trackscope.capture.exchange import Exchange, Origin
from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.traffic.compare_window import CompareWindow
from trackscope.gui.traffic.detail import DetailArea
from trackscope.gui.traffic.resend_dialog import ResendDialog
from trackscope.sender.many import Tally
from trackscope.session.comparison import compare
from trackscope.session.resending import Foresight, question, warning
from trackscope.session.target import Target
from trackscope.wire.encoding import to_base64
from trackscope.wire.era import rule_book
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.rules import judge

SIZE = (1280, 330)


def event(name: str = "signup", **properties: Any) -> dict[str, Any]:
    """An event with a token, of this minute."""
    known = {"token": "e3bc4100330c35722740fb8c6f5abddc", "distinct_id": "user-42"}
    return {"event": name, "properties": known | {"time": int(time.time())} | properties}


def request_of(payload: Any, *, is_post: bool = False) -> TrackRequest:
    """The payload as the specification wants it sent."""
    data = f"data={form_encode(to_base64(json.dumps(payload, ensure_ascii=False)))}"
    url = "https://api.mixpanel.com/track/"
    if is_post:
        return TrackRequest("POST", url, (("User-Agent", "mixpanel"),), data.encode())
    return TrackRequest("GET", f"{url}?{data}&ip=1&callback=a%2Eb", (("User-Agent", "Mozilla"),))


def exchange_of(request: TrackRequest, **known: Any) -> Exchange:
    """An opened exchange, judged as it is."""
    verdict = judge(request, rule_book(), time.time())
    exchange = Exchange(request, Origin.OPENED, time.time(), id=7, source="checkout.har")
    return replace(
        exchange,
        position="entry 12",
        predicted=verdict.value,
        findings=verdict.findings,
        **known,
    )


def examples() -> Iterator[tuple[str, Exchange]]:
    """An exchange of each kind."""
    stray = event(
        plan=" pro  ", city="Malm\u00f6\u00a0\u200b", ratio=1.5, is_trial=False, nothing=None,
        cart=[{"sku": "A-1", "price": 12.5}, {"sku": "B-2", "price": 3}], joined="2026-11-25",
        mp_page="x", note="a\tb",
    )  # fmt: skip
    ok = Reply(200, (("Content-Type", "text/plain"),), b"1")
    good = exchange_of(request_of(stray), reply=ok, verdict=1, took_ms=41.0, note="odd #blanks")
    yield "values", good
    request = request_of(event("signups"))
    assert "%3D" in request.url
    broken = replace(request, url=request.url.replace("%3D", "").replace("&ip=1", ""))
    yield "padding", exchange_of(broken)
    old = event("purchase") | {"properties": event()["properties"] | {"time": 1322092800}}
    batch = request_of([event("game"), old, *(event(f"page {n}") for n in range(1998))],
                       is_post=True)  # fmt: skip
    yield "batch", exchange_of(batch)
    packed = TrackRequest("POST", "https://api.mixpanel.com/track/", (),
                          gzip.compress(json.dumps([event(), event("game")]).encode()))  # fmt: skip
    yield "gzip", exchange_of(packed, failure="Nothing is listening on 127.0.0.1:8700. Start it.")


def main(folder: Path) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    theme = Theme(app)
    theme.apply()
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.set_scheme(scheme)
        for name, exchange in examples():
            area = DetailArea()
            area.flip_watched("plan")
            area.flip_watched("campaign")
            area.resize(*SIZE)
            area.show()
            area.show_exchange(exchange)
            for state in states(area, exchange):
                app.processEvents()
                save(area, folder / f"detail-{name}-{state}-{scheme}.png")
            area.close()
        for name, dialog in dialogs():
            dialog.show()
            app.processEvents()
            save(dialog, folder / f"{name}-{scheme}.png")
            dialog.close()


def dialogs() -> Iterator[tuple[str, QWidget]]:
    """A comparison, and the question before sending again."""
    one = [event("game", level=7, plan="free", city="Berlin"), event("signup")]
    other = [event("game", level="7", plan="freemium ", mp_lib="web"), event("purchase")]
    a = replace(exchange_of(request_of(one)), names=("game", "signup"))
    b = replace(exchange_of(request_of(other, is_post=True)), names=("game", "purchase"))
    yield "compare", CompareWindow(a, b, compare(a, b))
    parent = QWidget()
    asked = ResendDialog(parent)
    target, book = Target("Mixpanel", "https://api.mixpanel.com"), rule_book()
    seen = Foresight(400, 400, 412, 312)
    asked.ask(question(seen, target), target.base, warning(seen, target, book), has_old=True)
    yield "send-again-asked", asked
    running = ResendDialog(parent)
    running.ask(question(seen, target), target.base, "", has_old=False)
    running.show_running(400)
    running.show_tally(Tally(120, 90, 28, 1, 1, 2.0))
    yield "send-again-running", running


def states(area: DetailArea, exchange: Exchange) -> Iterator[str]:
    """The exchange in each of its texts."""
    yield "first"
    at = "/1/properties/time" if exchange.request.body else "/0/properties/plan"
    area.tree.setFocus()
    area.tree.setCurrentIndex(area.tree.model_.index_of(at))
    for number, name in ((1, "body"), (2, "base64"), (3, "json"), (5, "findings")):
        button = area.sent._tabs.button(number)
        if not button.isHidden():
            button.click()
            yield name


def save(widget: QWidget, path: Path) -> None:
    """Keep a picture."""
    widget.grab().save(str(path))
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots"))
