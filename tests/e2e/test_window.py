"""The window from outside: started, seen and operated as its user does, on a screen of its own."""

from __future__ import annotations

import base64
import importlib
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import pytest

PROJECT = Path(__file__).parents[2]
GUIDRIVE = PROJECT.parent / "shared" / "tools" / "guidrive"
COMMAND = (sys.executable, "-m", "trackscope")
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
PROPERTY, TYPE, VALUE = "Property", "Type", "Value"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="session")
def guidrive() -> Iterator[ModuleType]:
    """The tool that operates a window through its accessible names."""
    folder = Path(os.environ.get("TRACKSCOPE_GUIDRIVE", GUIDRIVE))
    if not (folder / "guidrive.py").exists():
        pytest.skip("guidrive is not here: name its folder in TRACKSCOPE_GUIDRIVE")
    lacking = [each for each in ("Xvfb", "dbus-daemon", "xdotool") if not shutil.which(each)]
    if not any(os.access(each, os.X_OK) for each in LAUNCHERS):
        lacking.append("at-spi2-core")
    if lacking:
        pytest.skip(f"a screen to drive lacks {', '.join(lacking)}")
    if not any(importlib.util.find_spec(each) for each in ("jeepney", "gi")):
        pytest.skip("guidrive lacks jeepney")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("guidrive")


@pytest.fixture
def rig(guidrive: ModuleType, tmp_path: Path) -> Iterator[Any]:
    """A private screen; what it showed is kept in the test's folder when the test fails."""
    with guidrive.Rig(artifacts=tmp_path / "failed") as rig:
        yield rig


@pytest.fixture
def app(rig: Any, tmp_path: Path) -> Any:
    """The program as it is after its start, its collector listening."""
    return start(rig, tmp_path)


def start(rig: Any, home: Path) -> Any:
    app = rig.start(COMMAND, home=home / "home")
    app.find("push button", re.compile("^Collector listening on"), timeout=20)
    return app


def send(app: Any, answer: str) -> None:
    app.find("push button", "Send").click()
    app.find("label", answer, id="answer")


def reason(app: Any) -> str:
    text = app.find("label", id="answerReason").name
    assert isinstance(text, str)
    return text


def choose_type(app: Any, property_: str, type_: str) -> int:
    """Choose the type of a property in the table; its row."""
    table = app.find("table", "Properties")
    row = table.find_row(lambda cells: cells[PROPERTY] == property_)
    table.click_cell(row, TYPE, count=2)
    app.find("combo box", id="propertyType").select(type_)
    table.find_row(lambda cells: cells[TYPE] == type_)
    return int(row)


def type_value(app: Any, row: int, text: str) -> None:
    app.find("table", "Properties").click_cell(row, VALUE, count=2)
    app.find("text", "Property value").type(text, enter=True)


def make_time_old(app: Any) -> None:
    type_value(app, choose_type(app, "time", "seconds ago"), "500000")


def history(app: Any) -> list[list[str]]:
    """Event and answer of each row, newest first."""
    table = app.find("table", "History")
    heads = table.headers
    return [[row[heads.index("Event")], row[heads.index("Answer")]] for row in table.rows()]


def children_of(pid: int) -> set[int]:
    """The processes that a process has started and that still live."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue  # it has ended meanwhile
        if re.search(rf"^PPid:\t{pid}$", text, re.M) and not re.search(r"^State:\tZ", text, re.M):
            found.add(int(status.parent.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_an_event_is_changed_sent_and_answered_1_then_0_with_the_reason(app: Any) -> None:
    app.find("text", "Event name").type("from outside")
    assert '"from outside"' in app.find("text", "JSON").text
    send(app, "1")
    assert "Data was logged" in app.find("label", label="Answer").description
    assert "Data was logged" in app.find("label", "Answer").description
    make_time_old(app)
    send(app, "0")
    assert re.search("(?i)5 days|hours|old", reason(app))
    assert reason(app) in app.find("label", id="answer").description
    assert history(app) == [
        ["from outside", "answer 0, error"],
        ["from outside", "answer 1, logged"],
    ]
    assert app.find("list", "Findings").find("list item", re.compile("time.too-old"), data=True)


def test_every_control_is_found_by_its_name(app: Any) -> None:
    for role, names in {
        "text": ("Event name", "Request URL", "JSON", "Base64 data", "redirect", "callback",
                 "Search history", "Answer body"),
        "push button": ("Send", "Copy as", "Add event", "Add property", "Clear history"),
        "check box": ("ip", "img", "test", "verbose", "Workspace Compose", "Workspace Traffic"),
        "table": ("Properties",),
        "list": ("Events",),
    }.items():  # fmt: skip
        for name in names:
            assert len(app.find_all(role, name)) == 1, (role, name)
    for label in ("Target", "Method", "Transport"):
        assert len(app.find_all("combo box", label=label)) == 1, label


def test_an_event_is_sent_with_the_keyboard_alone(app: Any, rig: Any) -> None:
    app.press("ctrl+n", "ctrl+a")
    rig.type_keys("by keys")
    assert app.find("text", "Event name").text == "by keys"
    app.press("Tab")
    app.press("ctrl+shift+n")
    rig.type_keys("source\n")
    app.press("Right", "Right", "Return")
    rig.type_keys("keyboard\n")
    app.press("ctrl+Return")
    app.find("label", "1", id="answer")
    assert '"source": "keyboard"' in app.find("text", "JSON").text
    assert history(app) == [["by keys", "answer 1, logged"]]
    app.press("ctrl+z", "ctrl+z", "ctrl+shift+z")
    app.press("ctrl+k")
    rig.type_keys("format json\n")
    app.press("ctrl+q")
    assert app.wait_exit() == 0


def test_the_history_is_there_after_a_restart_with_nothing_left_running(
    app: Any, rig: Any, tmp_path: Path, guidrive: ModuleType
) -> None:
    send(app, "1")
    collectors = children_of(app.pid)
    assert collectors
    app.close_window()
    assert app.wait_exit() == 0
    guidrive.wait_for(lambda: not any(map(is_alive, collectors)), what="the collector's end")
    again = start(rig, tmp_path)
    assert history(again) == [["game", "answer 1, logged"]]
    assert "Traceback" not in app.log + again.log


def test_the_collector_ends_also_when_the_window_is_killed(
    app: Any, rig: Any, tmp_path: Path, guidrive: ModuleType
) -> None:
    send(app, "1")
    collectors = children_of(app.pid)
    assert collectors
    os.kill(app.pid, signal.SIGKILL)
    guidrive.wait_for(lambda: not any(map(is_alive, collectors)), what="the collector's end")
    again = start(rig, tmp_path)
    assert history(again) == [["game", "answer 1, logged"]]


def test_two_windows_share_one_history_and_each_has_a_collector(
    app: Any, rig: Any, tmp_path: Path
) -> None:
    second = start(rig, tmp_path)
    send(second, "1")
    app.find("table", "History").find_row(lambda cells: cells["Event"] == "game")
    send(app, "1")


def har(folder: Path, *events: str) -> Path:
    """A HAR with a GET for each event."""
    entries = []
    for event in events:
        data = base64.b64encode(json.dumps({"event": event, "properties": {}}).encode()).decode()
        request = {"method": "GET", "url": f"http://api.mixpanel.com/track/?data={quote(data)}",
                   "headers": []}  # fmt: skip
        response = {"status": 200, "headers": [], "content": {"text": "1"}}
        entries.append({"startedDateTime": "2011-11-24T13:00:00Z", "request": request,
                        "response": response})  # fmt: skip
    path = folder / "shop.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def requests(app: Any) -> list[str]:
    """The events of the list in Traffic."""
    table = app.find("table", "Captured requests")
    place = table.headers.index("Event")
    return [row[place] for row in table.rows()]


def test_a_har_is_opened_by_its_name_filtered_and_a_request_edited(
    rig: Any, tmp_path: Path, guidrive: ModuleType
) -> None:
    file = har(tmp_path, "view", "add", "buy")
    app = rig.start((*COMMAND, str(file)), home=tmp_path / "home")
    app.find("table", "Captured requests", timeout=20).find_row(
        lambda cells: cells["Event"] == "buy"
    )
    assert requests(app) == ["view", "add", "buy"]
    app.press("ctrl+f")
    rig.type_keys("event:buy")
    guidrive.wait_for(lambda: requests(app) == ["buy"], what="the filter")
    app.press("Return", "ctrl+Down", "ctrl+e")
    app.find("text", "Event name").wait_text("buy")
    app.press("ctrl+2")
    assert requests(app) == ["buy"]


def test_a_file_dropped_on_an_editor_is_opened_in_traffic(
    app: Any, rig: Any, tmp_path: Path, guidrive: ModuleType
) -> None:
    rig.drop_files([har(tmp_path, "dropped")], app.find("text", "JSON"))
    app.find("table", "Captured requests", timeout=20)
    guidrive.wait_for(lambda: requests(app) == ["dropped"], what="the row")
    app.press("ctrl+1")
    assert "dropped" not in app.find("text", "JSON").text


def test_the_window_closes_while_it_reads_and_leaves_nothing_behind(
    rig: Any, tmp_path: Path, guidrive: ModuleType
) -> None:
    line = 'GET /track/?data=eyJldmVudCI6ImEifQ==&n=1 HTTP/1.1" 200 1 "-" "-"'
    file = tmp_path / "access.log"
    file.write_text(f'127.0.0.1 - - [24/Nov/2011:13:00:00 +0000] "{line}\n' * 200_000)
    app = rig.start((*COMMAND, str(file)), home=tmp_path / "home")
    app.find("push button", "Cancel reading", timeout=20)
    children = children_of(app.pid)
    app.press("ctrl+q")
    assert app.wait_exit() == 0
    guidrive.wait_for(lambda: not any(map(is_alive, children)), what="the children's end")
    assert "Traceback" not in app.log
