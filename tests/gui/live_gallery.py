"""Pictures of Traffic while requests arrive, light and dark: `live_gallery.py FOLDER`.

Everything in them is real: requests are sent over HTTP to the window's own collector.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtWidgets import QApplication, QDialog
from qasync import QEventLoop

from trackscope.collector.faults import parse_faults
from trackscope.collector.server import LOOPBACK
from trackscope.gui.own_history import open_history
from trackscope.gui.program import Program
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import Scheme, Theme
from trackscope.gui.traffic.fault_window import FaultWindow
from trackscope.gui.traffic.forward_window import ForwardWindow
from trackscope.gui.traffic.judge_window import JudgeWindow
from trackscope.gui.window import MainWindow
from trackscope.session.forwarding import ForwardSettings
from trackscope.wire.encoding import to_base64

SIZES = ((1280, 800), (960, 600))
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"


def send(address: str, number: int) -> None:
    """Send an event as an SDK does; every fourth lacks its padding."""
    event = {
        "event": ("page view", "search", "add to cart", "purchase")[number % 4],
        "properties": {"token": "e3bc4100330c35722740fb8c6f5abddc", "distinct_id": f"u{number}",
                       "mp_lib": "web", "$lib_version": "2.83.0", "plan": "pro", "seq": number},
    }  # fmt: skip
    data = to_base64(json.dumps(event))
    data = data.rstrip("=") if number % 4 == 3 else data
    url = f"{address}/track/?ip=1&data={quote(data)}"
    with suppress(HTTPError):
        urlopen(Request(url, headers={"User-Agent": AGENT}), timeout=5).close()


async def send_many(address: str, first: int, count: int) -> None:
    """Send some events one after another, beside the window's thread."""
    for number in range(first, first + count):
        await asyncio.to_thread(send, address, number)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, at most some seconds."""
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110 (any state of the window may be waited for)
            await asyncio.sleep(0.02)


async def states(program: Program) -> AsyncIterator[str]:
    """Bring Traffic into one state after another, and name each."""
    await until(lambda: bool(program.collector.address))
    address = program.collector.address
    program.actions["traffic"].trigger()
    traffic = program.traffic
    assert traffic is not None
    traffic.source.show(1)
    await asyncio.sleep(0.6)
    yield "1-waiting"
    await send_many(address, 0, 40)
    await asyncio.sleep(0.6)
    program.actions["next-exchange"].trigger()
    await asyncio.sleep(0.6)
    yield "2-arriving"
    program.actions["pause-list"].trigger()
    await send_many(address, 40, 34)
    await asyncio.sleep(0.4)
    yield "3-paused"
    program.actions["pause-list"].trigger()
    await asyncio.sleep(0.4)
    traffic.workspace.table.verticalScrollBar().setValue(300)
    await send_many(address, 74, 7)
    await asyncio.sleep(0.4)
    yield "4-scrolled-away"
    program.actions["start-over"].trigger()
    await asyncio.sleep(0.5)
    yield "5-started-over"
    await send_many(address, 81, 5)
    program.actions["start-over"].trigger()
    await asyncio.sleep(0.5)
    await send_many(address, 86, 4)
    await asyncio.sleep(0.5)
    traffic.runs.choose(None)
    traffic.workspace.table.scrollToTop()
    await asyncio.sleep(0.6)
    yield "6-runs"
    program.actions["connect-sdk"].trigger()
    await asyncio.sleep(0.4)
    yield "7-connect"
    _close_dialogs(program)
    program.actions["faults"].trigger()
    window = program.window.findChild(FaultWindow)
    assert window is not None
    window.wanted.emit(parse_faults(["500 every 3", "0 event 'add to cart'"]))
    await until(lambda: bool(program.collector.standing.faults))
    await send_many(address, 90, 12)
    await asyncio.sleep(1.5)
    yield "8-faults"
    _close_dialogs(program)
    program.actions["ledger"].trigger()
    await asyncio.sleep(1.0)
    yield "9-ledger"
    _close_dialogs(program)
    async for state in forwarding_states(program, address):
        yield state
    program.actions["judge-again"].trigger()
    judging = program.window.findChild(JudgeWindow)
    assert judging is not None
    judging.moment.setText("+3d")
    await asyncio.sleep(0.3)
    yield "10-judged-again"


async def forwarding_states(program: Program, address: str) -> AsyncIterator[str]:
    """Ask before anything leaves this machine, then forward to where nobody listens."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        program.actions["forward"].trigger()
        window = program.window.findChild(ForwardWindow)
        assert window is not None
        window.wanted.emit(ForwardSettings("https://api.mixpanel.com", only=frozenset({"search"})))
        await asyncio.sleep(0.3)
        yield "11-forward-asked"
        window.question.hide()
        nobody = f"http://{LOOPBACK}:{taken.getsockname()[1]}"
        window.wanted.emit(ForwardSettings(nobody, {"e3bc41": "development"}))
        await until(lambda: program.collector.forwarding.current is not None)
        await send_many(address, 102, 8)
        await asyncio.sleep(1.5)
        yield "12-forward-on"
        _close_dialogs(program)
        program.collector.forwarding.stop()
        await until(lambda: program.collector.forwarding.current is None)
        await asyncio.sleep(1.0)
        yield "13-forward-waits"


def _close_dialogs(program: Program) -> None:
    for dialog in program.window.findChildren(QDialog):
        dialog.close()


async def take(program: Program, folder: Path, name: str) -> None:
    """Walk through the states and keep a picture of each."""
    async for state in states(program):
        picture = program.window.grab()
        for dialog in program.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.render(picture, program.window.rect().center() - dialog.rect().center())
        path = folder / f"live-{state}-{name}.png"
        picture.save(str(path))
        print(path, time.strftime("%H:%M:%S"))


async def shoot(folder: Path, theme: Theme) -> None:
    """Take all pictures in every size and colour."""
    for size in SIZES:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            with tempfile.TemporaryDirectory() as place:
                files = open_history(Path(place) / "history.trackscope")
                settings = Settings(Path(place) / "window.ini")
                settings.set("theme", scheme.value)
                program = Program(MainWindow(), files, settings, theme)
                program.window.resize(*size)
                program.window.show()
                program.start()
                await take(program, folder, f"{size[0]}-{scheme}")
                program.quit()
                await program.close()
                files.history.close()


def main(folder: Path) -> None:
    """Write all pictures into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    theme = Theme(app)
    theme.apply()
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(shoot(folder, theme))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots"))
