"""The mixpanel package of PyPI sends to the collector, unchanged but for the address."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.sdk.packages import python_package, without_proxy
from tests.sdk.recording import Recording, accepted, events_of, reason

SCRIPT = Path(__file__).parent / "send_with_python.py"
OLD = "mixpanel-4.4.0"
"""It sends Base64 by urllib; the newest, which is among the test packages, raw JSON by requests."""


@pytest.fixture(scope="module", params=["newest", OLD])
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    found = without_proxy()
    if request.param == OLD:
        found["PYTHONPATH"] = str(python_package(OLD))
    return found


async def send(
    environment: dict[str, str],
    recording: Recording,
    events: list[tuple[str, dict[str, Any]]],
    consumer: str = "Consumer",
) -> Any:
    """What the SDK was handed and what it raised (see the script)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        recording.address,
        consumer,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate(json.dumps(events).encode())
    assert (process.returncode, errors.decode()) == (0, "")
    return json.loads(output)


async def test_each_event_of_the_plain_consumer_arrives_once_and_as_it_was_sent(
    environment, recording
):
    events: list[tuple[str, dict[str, Any]]] = [
        (f"event {number}", {"price": 1.5, "emoji": "😀é", "odd": "~~~???>>> +/=&%", "none": None})
        for number in range(5)
    ]
    told = await send(environment, recording, events)
    kept = await recording.end()
    assert told["raised"] == []
    assert accepted(kept) == told["sent"]
    assert [event["event"] for event in told["sent"]] == [name for name, _ in events]


async def test_each_event_of_the_buffered_consumer_arrives_once_in_batches_of_50(
    environment, recording
):
    events = [(f"event {number}", {"emoji": "😀"}) for number in range(120)]
    told = await send(environment, recording, events, "BufferedConsumer")
    kept = await recording.end()
    assert told["raised"] == []
    assert accepted(kept) == told["sent"]
    assert [len(events_of(each)) for each in kept] == [50, 50, 20]


async def test_a_refused_event_is_raised_with_the_reason(environment, recording):
    told = await send(environment, recording, [("old", {"time": 1_000_000_000}), ("good", {})])
    kept = await recording.end()
    assert accepted(kept) == told["sent"][1:]
    assert reason(kept[0]).rule == "time.too-old"
    assert told["raised"] == [f"Mixpanel error: {reason(kept[0]).message}"]
