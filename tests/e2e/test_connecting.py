"""The lines that the window shows for SDKs do what they promise, run as they are."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from tests.collector.memory_store import MemoryStore
from tests.e2e.test_mixpanel_node import FOLDER, node

from trackscope.collector.server import Collector
from trackscope.session.connecting import sdk_of

__all__ = ["node"]

pytestmark = pytest.mark.e2e


@pytest.fixture
async def collector(store: MemoryStore) -> AsyncIterator[Collector]:
    collector = Collector(store)
    await collector.start()
    yield collector
    await collector.stop()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


async def _run(command: Sequence[str], folder: Path) -> str:
    """Run a program to its end; what it prints."""
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_python(collector: Collector, store: MemoryStore, tmp_path: Path) -> None:
    lines = sdk_of("python").code(collector.address, "e3bc41")
    script = f"{lines}\nmp.track('me', 'bought')\nmp.people_set('me', {{'plan': 'pro'}})\n"
    await _run([sys.executable, "-c", script], tmp_path)
    assert [kept.verdict for kept in store.exchanges] == [1, 1]
    assert store.exchanges[0].names == ("bought",)


async def test_node(node: str, collector: Collector, store: MemoryStore) -> None:
    lines = sdk_of("node").code(collector.address, "e3bc41")
    script = f"const Mixpanel = require('mixpanel');\n{lines}\nmixpanel.track('bought');"
    await _run([node, "-e", script], FOLDER)
    (kept,) = store.exchanges
    assert (kept.verdict, kept.names) == (1, ("bought",))


async def test_curl(collector: Collector, store: MemoryStore, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = shlex.split(sdk_of("curl").code(collector.address))
    assert await _run(command, tmp_path) == "1"
    assert store.exchanges[0].names == ("hello",)
