"""The mixpanel package of PyPI sends to the collector, unchanged but for the address."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.sdk.packages import python_package, without_proxy
from tests.sdk.recording import Recording, accepted, error_of, events_of, reason

from trackscope.wire.endpoint import endpoint_name
from trackscope.wire.era import ERAS

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
    calls: list[Any],
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
    output, errors = await process.communicate(json.dumps(calls).encode())
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


def track(name: str, **properties: Any) -> list[Any]:
    return ["track", "13793", name, properties]


@pytest.mark.parametrize("era", ERAS)
async def test_each_event_of_the_plain_consumer_arrives_once_and_as_it_was_sent(
    environment, recording
):
    odd = {"price": 1.5, "emoji": "😀é", "odd": "~~~???>>> +/=&%", "none": None}
    told = await send(
        environment, recording, [track(f"event {number}", **odd) for number in range(5)]
    )
    kept = await recording.end()
    assert told["raised"] == []
    assert accepted(kept) == told["sent"]
    assert len(kept) == 5


async def test_each_event_of_the_buffered_consumer_arrives_once_in_batches_of_50(
    environment, recording
):
    calls = [track(f"event {number}", emoji="😀") for number in range(120)]
    told = await send(environment, recording, calls, "BufferedConsumer")
    kept = await recording.end()
    assert told["raised"] == []
    assert accepted(kept) == told["sent"]
    assert [len(events_of(each)) for each in kept] == [50, 50, 20]


@pytest.mark.parametrize("era", ERAS)
async def test_profiles_and_old_events_arrive_at_endpoints_of_their_own(environment, recording):
    calls = [
        ["people_set", "13793", {"$first_name": "Zoë 😀"}],
        ["people_increment", "13793", {"visits": 2}],
        ["people_delete", "13793"],
        ["import_data", "a key", "13793", "long ago", 1_245_613_885, {"action": "play"}],
    ]
    told = await send(environment, recording, calls)
    kept = await recording.end()
    assert told["raised"] == []
    assert accepted(kept) == told["sent"]
    assert [endpoint_name(each.request) for each in kept] == ["engage"] * 3 + ["import"]


async def test_groups_arrive_from_the_newest(recording):
    calls = [["group_set", "company", "Zoë & co", {"seats": 3}], track("played", company="Zoë")]
    told = await send(without_proxy(), recording, calls)
    kept = await recording.end()
    assert told["raised"] == []
    assert accepted(kept) == told["sent"]
    assert [endpoint_name(each.request) for each in kept] == ["groups", "track"]


async def test_what_is_refused_is_raised_with_the_reason(environment, recording):
    calls = [track("old", time=1_000_000_000), ["people_set", "", {"visits": 1}], track("good")]
    told = await send(environment, recording, calls)
    kept = await recording.end()
    assert accepted(kept) == told["sent"][2:]
    assert [reason(each).rule for each in kept[:2]] == ["time.too-old", "profile.owner"]
    assert told["raised"] == [f"Mixpanel error: {error_of(each)}" for each in kept[:2]]
