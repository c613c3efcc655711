"""Pictures of every state of the window, light and dark, 1280×800: `make screenshots`.

    python tests/gui/screenshots.py FOLDER

Everything in them is real: the program's own collector answers, the history is a file.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from qasync import QEventLoop

from trackscope.gui.own_history import open_history
from trackscope.gui.program import Program
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.window import MainWindow
from trackscope.session import batch
from trackscope.session.composer import first_document
from trackscope.session.draft import Document
from trackscope.session.template import TEMPLATES, from_template, payload_of
from trackscope.wire.editing import with_data, with_param, with_payload, with_transport
from trackscope.wire.encoding import to_base64

SIZE = (1280, 800)
DEADLINE_S = 15


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, at most some seconds."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 (any state of the window may be waited for)
            await asyncio.sleep(0.02)


class Tour:
    """Walks a program through its states."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.composer = program.composer

    def edit(self, change: Callable[[Document], Document]) -> None:
        self.composer.edit(change, "tour", alone=True)

    def fresh(self) -> None:
        self.composer.draft.edit(first_document(self.composer.target, time.time()), "tour")
        self.program.workspace.answer.show_nothing()

    def param(self, name: str, value: str) -> None:
        self.edit(
            lambda document: replace(document, request=with_param(document.request, name, value))
        )

    async def send(self) -> None:
        self.program.sending.send()
        await until(lambda: not self.program.sending.is_sending)
        await asyncio.sleep(0.15)  # the history's row appears

    async def states(self) -> AsyncIterator[str]:
        """Bring the window into one state after another, and name each."""
        await until(lambda: bool(self.program.collector.address))
        yield "01-first-start"
        await self.send()
        yield "02-answer-1"
        self.edit(lambda document: from_template(document, TEMPLATES[3], time.time()))
        self.edit(
            lambda document: replace(
                document,
                request=with_payload(
                    document.request,
                    payload_of(TEMPLATES[3], time.time() - 4 * 86_400).replace(
                        '"currency"', '"mp_currency"'
                    ),
                ),
                generators=(),
            )
        )
        await asyncio.sleep(0.1)
        yield "03-would-be-0"
        await self.send()
        yield "04-answer-0"
        for name, value in (("img", "1"), ("callback", "mixpanel.done"), ("redirect", "x")):
            self.fresh()
            self.param(name, value if name != "redirect" else "https://www.example.com/thanks")
            await self.send()
            yield f"05-answer-{name}"
        self.fresh()
        for template in TEMPLATES[1:4]:
            text = payload_of(template, time.time())
            self.edit(partial(batch.with_new_event, json_text=text))
        self.composer.select(2)
        self.edit(
            lambda document: replace(
                document, request=with_transport(document.request, "form-base64")
            )
        )
        await self.send()
        yield "06-batch-as-post-form"
        async for name in self._invalid():
            yield name
        async for name in self._surroundings():
            yield name

    async def _invalid(self) -> AsyncIterator[str]:
        self.fresh()
        text = self.composer.document.decoded.json_text or ""
        broken = text.replace('"play",', '"play",,', 1)
        self.edit(
            lambda document: replace(document, request=with_payload(document.request, broken))
        )
        await asyncio.sleep(0.1)
        yield "07-invalid-json"
        self.fresh()
        data = (self.composer.document.decoded.data or "").rstrip("=")
        self.edit(
            lambda document: replace(
                document, request=with_data(document.request, data[:40] + "!" + data[41:])
            )
        )
        await asyncio.sleep(0.1)
        yield "08-invalid-base64"
        self.fresh()
        self.edit(partial(batch.laid_out, is_indented=False))
        text = (self.composer.document.decoded.json_text or "").replace("play", "plays")
        data = to_base64(text).rstrip("=")
        self.edit(lambda document: replace(document, request=with_data(document.request, data)))
        await self.send()
        yield "09-padding-missing"

    async def _surroundings(self) -> AsyncIterator[str]:
        window, actions = self.program.window, self.program.actions
        self.fresh()
        self.program.workspace.history.search.setText("purchase")
        await asyncio.sleep(0.3)
        yield "10-history-searched"
        self.program.workspace.history.search.clear()
        self.program.collector.stop()
        await self.send()
        yield "11-no-answer"
        self.program.collector.start()
        await until(lambda: bool(self.program.collector.address))
        actions["palette"].trigger()
        yield "12-palette"
        self.program.view.close_palette()
        for number, command in (("15", "settings"), ("16", "send-many"), ("17", "keys")):
            actions[command].trigger()
            await asyncio.sleep(0.1)
            yield f"{number}-{command}"
            for dialog in window.findChildren(QDialog):
                dialog.close()
        window.resize(1000, 720)
        await asyncio.sleep(0.1)
        yield "13-narrow"
        window.resize(*SIZE)
        actions["zoom-in"].trigger()
        actions["zoom-in"].trigger()
        await asyncio.sleep(0.1)
        yield "14-zoomed"
        actions["zoom-reset"].trigger()
        async for name in self._traffic():
            yield name

    async def _traffic(self) -> AsyncIterator[str]:
        window, actions = self.program.window, self.program.actions
        actions["traffic"].trigger()
        await asyncio.sleep(0.3)
        yield "20-traffic-nothing-opened"
        traffic = self.program.traffic
        assert traffic is not None
        with tempfile.TemporaryDirectory() as place:
            self.program.open([long_log(Path(place))])
            await until(lambda: len(traffic.workspace.model.rows) > 0)
            await asyncio.sleep(0.5)
            yield "21-traffic-reading"
            traffic.opening.cancel()
            await until(lambda: not traffic.opening.is_reading)
            traffic.source.clear()
            await asyncio.sleep(0.3)
            self.program.open([shop_har(Path(place))])
            await asyncio.sleep(0.2)
            await until(lambda: not traffic.opening.is_reading)
            await asyncio.sleep(2)
        traffic.opening.dismiss_problems()
        actions["next-exchange"].trigger()
        actions["next-exchange"].trigger()
        await asyncio.sleep(0.3)
        yield "22-traffic-har"
        traffic.columns.add_property("plan")
        traffic.columns.add_property("price")
        window.resize(960, 600)
        await asyncio.sleep(0.3)
        yield "23-traffic-small"
        window.resize(*SIZE)
        field = traffic.workspace.tools.filter
        field.set_filter("event:purchase verdct:0")
        await asyncio.sleep(0.5)
        yield "24-traffic-filter-mistake"
        field.set_filter("event:nothing")
        await asyncio.sleep(0.5)
        yield "25-traffic-no-match"
        field.set_filter("")
        traffic.source.show(1)
        await asyncio.sleep(1.5)
        yield "26-traffic-live"
        traffic.source.clear()
        await asyncio.sleep(0.5)
        yield "27-traffic-waiting"


def event_url(event: str, number: int, **properties: object) -> str:
    """The URL of an event; every fourth lacks its padding."""
    payload = {
        "event": event,
        "properties": {"token": "e3bc4100330c35722740fb8c6f5abddc", "distinct_id": f"user-{number}",
                       "time": 1322139600 + number} | properties,
    }  # fmt: skip
    data = to_base64(json.dumps(payload))
    data = data.rstrip("=") if number % 4 == 3 else data
    return f"http://api.mixpanel.com/track/?data={quote(data)}&ip=1"


def shop_har(folder: Path) -> Path:
    """A HAR of some pages of a shop, some of the requests without an answer."""
    pages = ("Home", "Shoes – Sale", "Basket & checkout")
    names = ("page view", "search", "add to cart", "purchase", "signup")
    entries: list[dict[str, object]] = []
    for number in range(36):
        url = event_url(
            names[number * 7 % 5],
            number,
            plan=("pro", "pro ", "free", "")[number % 4],
            price=(19.9, "19.90", None, 5)[number % 4],
        )
        answer = {"status": 200, "headers": [{"name": "Content-Type", "value": "text/plain"}],
                  "content": {"text": "0" if number % 4 == 3 else "1"}}  # fmt: skip
        is_lost = number % 9 == 5
        entries.append(
            {
                "pageref": pages[number // 12],
                "startedDateTime": f"2011-11-24T13:{number // 2:02}:{number * 13 % 60:02}.250Z",
                "time": 12,
                "request": {"method": "GET", "url": url, "headers": []},
                "response": {"status": 0, "headers": [], "content": {}} if is_lost else answer,
            }
        )
    path = folder / "shop.har"
    log = {"version": "1.2", "pages": [{"id": page, "title": page} for page in pages],
           "entries": entries}  # fmt: skip
    path.write_text(json.dumps({"log": log}))
    return path


def long_log(folder: Path) -> Path:
    """An access log that takes some seconds to read."""
    path = folder / "access.log"
    with path.open("w") as file:
        for number in range(120_000):
            target = event_url("page view", number).partition("mixpanel.com")[2]
            file.write(
                f"127.0.0.1 - - [24/Nov/2011:13:{number // 60 % 60:02}:{number % 60:02} +0000] "
                f'"GET {target} HTTP/1.1" 200 1 "-" "-"\n'
            )
    return path


async def take(program: Program, folder: Path, shade: str) -> None:
    """Walk through the states and keep a picture of each."""
    tour = Tour(program)
    async for name in tour.states():
        await asyncio.sleep(0.05)
        picture = program.window.grab()
        for dialog in program.window.findChildren(QDialog):
            if dialog.isVisible():
                middle = program.window.rect().center() - dialog.rect().center()
                dialog.render(picture, middle)
        path = folder / f"{name}-{shade}.png"
        picture.save(str(path))
        print(path)


def main(folder: Path) -> int:
    """Write all pictures into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    theme = Theme(app)
    theme.apply()
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)

    async def shoot() -> None:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            with tempfile.TemporaryDirectory() as place:
                files = open_history(Path(place) / "history.trackscope")
                settings = Settings(Path(place) / "window.ini")
                settings.set("theme", scheme.value)
                program = Program(MainWindow(), files, settings, theme)
                program.window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
                program.window.resize(*SIZE)
                program.window.show()
                program.start()
                await take(program, folder, scheme.value)
                program.quit()
                await program.scope.close()
                files.history.close()

    with loop:
        loop.run_until_complete(shoot())
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
