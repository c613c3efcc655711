"""The mixpanel package of npm sends to the collector, unchanged but for the address."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from trackscope.capture.exchange import Exchange
from trackscope.collector.server import Collector
from trackscope.history.history import History
from trackscope.history.journal import Journal

pytestmark = pytest.mark.e2e

VERSION = "0.24.0"
FOLDER = Path(__file__).parents[2] / "build" / "node"

SCRIPT = """
const mixpanel = require("mixpanel").init("e3bc41", {host: process.argv[1], protocol: "http"});
const done = error => { if (error) { console.error(error); process.exitCode = 1; } };
for (let number = 0; number < 3; number++)
    mixpanel.track(`single ${number}`, {distinct_id: "13793", emoji: "😀+/~?>"}, done);
const batch = [];
for (let number = 0; number < 60; number++)
    batch.push({event: `batch ${number}`, properties: {distinct_id: "13793", odd: "~~??>>"}});
mixpanel.track_batch(batch, {max_batch_size: 50}, done);
mixpanel.track("long", {text: "x".repeat(200000)}, done);
"""


@pytest.fixture(scope="module")
def node() -> str:
    """Node with the package, installed once into the build folder."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    if not (FOLDER / "node_modules" / "mixpanel").is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--no-audit", "--no-fund", "--no-save", f"mixpanel@{VERSION}"]
        found = subprocess.run(
            install, cwd=FOLDER, capture_output=True, timeout=120, check=False, text=True
        )
        if found.returncode:
            pytest.skip(f"the npm registry cannot be reached: {found.stderr[-200:]}")
    return node


async def test_each_event_arrives_once_and_node_is_told_so(node, tmp_path):
    path = tmp_path / "history.db"
    journal = Journal.open(path)
    told: list[Exchange] = []
    collector = Collector(journal, on_exchange=told.append)
    host = (await collector.start()).removeprefix("http://")
    process = await asyncio.create_subprocess_exec(
        node, "-e", SCRIPT, host, cwd=FOLDER, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    await collector.stop()
    await journal.close()
    assert (process.returncode, errors.decode()) == (0, "")

    history = History.open(path)
    kept = list(history.each())
    history.close()
    names = sorted(event["event"] for each in kept for event in each.stored or ())
    expected = [f"single {number}" for number in range(3)]
    expected += [f"batch {number}" for number in range(60)]
    assert names == sorted([*expected, "long"])
    assert len(told) == len(kept)
    values = [each.stored[0]["properties"] for each in kept if each.stored]
    assert {"😀+/~?>"} == {value["emoji"] for value in values if "emoji" in value}
