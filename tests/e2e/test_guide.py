"""The guide's commands and queries give what the guide shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.export import har
from trackscope.cli.listen_settings import read_config
from trackscope.history.history import History
from trackscope.wire.editing import with_payload, with_transport
from trackscope.wire.era import rule_book
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
NOW = 1_322_092_800
TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
TIMEOUT_S = 120

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("bash") is None, reason="the guide's commands are for bash"),
]

_BLOCK = re.compile(r"^```(console|sql)\n(.*?)^```\n(?:\n((?:\|[^\n]*\n)+))?", re.M | re.S)
_FILE = re.compile(r"^```(?:python|js|toml|yaml)\n(?:#|//) (\S+)\n(.*?)^```", re.M | re.S)
PAGES = [page for page in sorted(GUIDE.glob("*.md")) if _BLOCK.search(page.read_text("utf-8"))]
"""The pages that show commands; the others tell of the window."""

_END = "--- end of a command ---"


def _event(name: str, user: str, properties: dict[str, Any], age_s: int = 60) -> dict[str, Any]:
    known = {"token": TOKEN, "distinct_id": user, "time": NOW - age_s}
    return {"event": name, "properties": {**known, **properties}}


def _exchange(payload: Any, transport: str = "query-base64") -> Exchange:
    bare = with_payload(
        TrackRequest("GET", "http://127.0.0.1:8700/track/?ip=1"), json.dumps(payload)
    )
    request = with_transport(bare, transport)
    verdict = judge(request, rule_book(), NOW)
    reply = Reply(200, (("Content-Type", "text/plain"),), str(verdict.value).encode())
    return Exchange(
        request,
        Origin.RECEIVED,
        NOW,
        reply,
        took_ms=2.0,
        verdict=verdict.value,
        predicted=verdict.value,
        findings=verdict.findings,
        names=tuple(
            each["event"] for each in (payload if isinstance(payload, list) else [payload])
        ),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the guide's pages work on: `shop.trackscope`, the history of a shop's test run, and
    `shop.har`, the same as a capture.
    """
    exchanges = [
        _exchange(_event("Item Added", "ann", {"plan": "free", "$browser": "Firefox"})),
        _exchange(_event("Item Added", "bob", {"plan": "pro", "$browser": "Chrome"})),
        _exchange(
            [
                _event("Order Placed", "bob", {"plan": "pro", "total": 19.9}),
                _event("Item Added", "bob", {"plan": "pro"}),
            ],
            "form-base64",
        ),
        _exchange(_event("Order Placed", "ann", {"plan": "free", "total": 5}, 3 * 86_400)),
        _exchange(_event("Order Placed", "=eve", {"plan": "free"})),
    ]
    with closing(History.open(tmp_path / "shop.trackscope")) as history:
        history.append_many(exchanges)
    with (tmp_path / "shop.har").open("wb") as file:
        har.write(exchanges, file)
    return tmp_path


def _commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that it shows."""
    for piece in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = piece.partition("\n")
        while command.endswith("\\"):
            further, _, output = output.partition("\n")
            command += f"\n{further}"
        yield command, output


def _run(commands: list[str], folder: Path) -> list[str]:
    """What each command prints, data and messages, in one shell."""
    script = "".join(f"{each}\nended=$?; echo '{_END}'; (exit $ended)\n" for each in commands)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        # without the plugins of this suite, which have warnings of their own
        env={**os.environ, "PATH": path, "PYTEST_ADDOPTS": "-p no:asyncio -p no:pytest-qt"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT_S,
    )
    return ran.stdout.split(f"{_END}\n")[:-1]


def _table(query: str, folder: Path) -> list[list[str]]:
    with chdir(folder), closing(duckdb.connect()) as connection:
        ran = connection.execute(query)
        names = [column[0] for column in ran.description or ()]
        return [names, *([_cell(value) for value in row] for row in ran.fetchall())]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _write_files(text: str, folder: Path) -> None:
    """Each block whose first line is a comment with a name, as a file of that name."""
    for name, content in _FILE.findall(text):
        (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_and_query_gives_what_the_page_shows(page: Path, folder: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = _BLOCK.findall(text)
    _write_files(text, folder)
    shown = [pair for kind, text, _ in blocks if kind == "console" for pair in _commands(text)]
    printed = _run([command for command, _ in shown], folder)
    assert printed == [output for _, output in shown]
    for kind, text, table in blocks:
        if kind == "sql":
            rows = [
                [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()
            ]
            assert _table(text, folder) == [rows[0], *rows[2:]]


def test_the_module_for_playwright_runs_a_collector_and_the_test_is_javascript(
    folder: Path,
) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    _write_files((GUIDE / "test-suite.md").read_text(encoding="utf-8"), folder)
    (folder / "try.mjs").write_text(
        """
import { startCollector } from "./trackscope.mjs";
const collector = await startCollector();
const event = { event: "Order Placed", properties: { token: "t", plan: "pro" } };
const data = encodeURIComponent(btoa(JSON.stringify(event)));
await fetch(`${collector.url}/track/?data=${data}`);
console.log((await collector.expectEvent("Order Placed")).properties.plan);
await collector.reset();
console.log((await collector.events("Order Placed")).length);
await collector.stop();
"""
    )
    ran = _run(["node try.mjs", "node --check shop.spec.mjs"], folder)
    assert ran == ["pro\n0\ntrackscope: Stopped. 1 received: 1 answered 1, 0 answered 0.\n", ""]


def test_the_settings_file_is_one_that_listen_takes(folder: Path) -> None:
    _write_files((GUIDE / "test-suite.md").read_text(encoding="utf-8"), folder)
    assert read_config(folder / "listen.toml")["port"] == 0
