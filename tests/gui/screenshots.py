"""Pictures of every state of the window, light and dark, 1280×800: `make screenshots`.

    python tests/gui/screenshots.py FOLDER

Everything in them is real: the program's own collector answers, the history is a file.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from qasync import QEventLoop

from trackscope.gui.program import Program
from trackscope.gui.runtime import open_history
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
                files, _ = open_history(Path(place) / "history.trackscope")
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
