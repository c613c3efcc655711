"""The mixpanel package of npm sends to the collector, unchanged but for the address."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.sdk.packages import without_proxy
from tests.sdk.recording import Recording, accepted, error_of, events_of, in_order, reason

from trackscope.wire.endpoint import endpoint_name
from trackscope.wire.era import ERAS

SCRIPT = Path(__file__).parent / "send_with_node.js"
VERBOSE = {"verbose": True}
ADDED = {
    "mixpanel": {"mp_lib": "node", "$lib_version": "0.24.0"},
    "mixpanel-0.10.3": {"mp_lib": "node"},
}
"""What the newest, and an old one, add to a single event beside the token."""


@pytest.fixture(scope="module", params=ADDED)
def package(request: pytest.FixtureRequest, npm: Path) -> Path:
    return npm / str(request.param)


async def send(package: Path, recording: Recording, calls: list[Any], **config: Any) -> Any:
    """The error that each callback was given, or None (see the script)."""
    config |= {"host": recording.address.removeprefix("http://"), "protocol": "http"}
    process = await asyncio.create_subprocess_exec(
        "node",
        str(SCRIPT),
        str(package),
        json.dumps(config),
        env=without_proxy(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate(json.dumps(calls).encode())
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


def event(name: str, **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": {"distinct_id": "13793", **properties}}


def as_sent(event: dict[str, Any], **added: Any) -> dict[str, Any]:
    """The event with what the SDK adds to it."""
    return {**event, "properties": {**event["properties"], "token": "e3bc41", **added}}


def track(event: dict[str, Any]) -> list[Any]:
    return ["track", event["event"], event["properties"]]


def batch(events: list[dict[str, Any]]) -> list[Any]:
    return ["track_batch", events, {"max_batch_size": 50}]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("config", [{}, VERBOSE, {"test": True}], ids=["plain", "verbose", "test"])
async def test_each_event_arrives_once_and_the_callback_hears_of_no_error(
    package, recording, config
):
    events = [event(f"single {number}", emoji="😀", odd="~~~???>>> +/=&%") for number in range(3)]
    events.append(event("a long URL", text="x" * 200_000))
    assert await send(package, recording, [track(each) for each in events], **config) == [None] * 4
    kept = await recording.end()
    expected = [as_sent(each, **ADDED[package.name]) for each in events]
    assert in_order(accepted(kept)) == in_order(expected)


async def test_a_batch_with_raw_plus_signs_arrives_once_in_parts_of_50(package, recording):
    events = [event(f"batch {number:02}", odd="~~~???>>>", cut="\ud83d") for number in range(60)]
    assert await send(package, recording, [batch(events)]) == [None]
    kept = await recording.end()
    assert in_order(accepted(kept)) == [as_sent(each) for each in events]
    assert sorted(len(events_of(each)) for each in kept) == [10, 50]


@pytest.mark.parametrize("era", ERAS)
async def test_profiles_and_old_events_arrive_at_endpoints_of_their_own(package, recording):
    long_ago = event("long ago", action="play", time=1_245_613_885)
    calls = [
        ["people.set", "13793", {"$first_name": "Zoë 😀"}],
        ["import", "long ago", long_ago["properties"]["time"], long_ago["properties"]],
    ]
    assert await send(package, recording, calls, key="a key") == [None, None]
    kept = sorted(await recording.end(), key=lambda each: endpoint_name(each.request))
    profile = {
        "$token": "e3bc41",
        "$distinct_id": "13793",
        "$set": {"$first_name": "Zoë 😀"},
    }
    assert accepted(kept) == [profile, as_sent(long_ago, **ADDED[package.name])]
    assert [endpoint_name(each.request) for each in kept] == ["engage", "import"]


@pytest.mark.parametrize("config", [{}, VERBOSE], ids=["plain", "verbose"])
async def test_what_is_refused_is_an_error_of_the_callback(package, recording, config):
    calls = [track(event(" ")), batch([event("old", time=1_000_000_000)])]
    errors = await send(package, recording, calls, **config)
    kept = sorted(await recording.end(), key=lambda each: each.request.method)
    assert [reason(each).rule for each in kept] == ["event.name-blank", "time.too-old"]
    assert errors == [f"Error: Mixpanel Server Error: {error_of(each)}" for each in kept]
