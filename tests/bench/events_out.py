"""Sends events with one client as fast as they are answered, and prints what that took.

Arguments: the client (`trackscope` or `mixpanel`), events in a request, requests, requests under
way at once, and the URL.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import mixpanel

from trackscope.sender.sender import Sender
from trackscope.wire import json_text
from trackscope.wire.decoding import decode
from trackscope.wire.editing import with_payload
from trackscope.wire.reply import understand
from trackscope.wire.request import TrackRequest

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
NAME = "Order placed"
WARM_UP = 20


def properties() -> dict[str, Any]:
    """What each event carries beside token, user and time."""
    return {
        "$os": "Linux",
        "$browser": "Firefox",
        "$screen_width": 1920,
        "plan": "premium",
        "is_trial": False,
        "amount": 12.5,
        "page": "/checkout/confirm",
    }


def send_with_mixpanel(url: str, batch: int, requests: int) -> None:
    """mixpanel-python as its documentation shows it: one by one, or through its buffer."""
    if batch == 1:
        consumer = mixpanel.Consumer(events_url=url)
    else:
        consumer = mixpanel.BufferedConsumer(max_size=batch, events_url=url)
    client = mixpanel.Mixpanel(TOKEN, consumer=consumer)
    for index in range(batch * requests):
        client.track(f"user-{index}", NAME, properties())
    if batch > 1:
        consumer.flush()


async def send_with_trackscope(url: str, batch: int, requests: int, at_once: int) -> None:
    """Trackscope's sender: each request made of its events, sent, its answer understood."""
    draft = TrackRequest("POST", f"{url}?verbose=1&ip=0")
    numbers = iter(range(requests))

    async def work(sender: Sender) -> None:
        for number in numbers:
            events = [_event(number * batch + index) for index in range(batch)]
            text = json_text.dumps(events if batch > 1 else events[0])
            request = with_payload(draft, text)
            received = await sender.send(request)
            assert understand(decode(request), received.reply).value == 1

    async with Sender() as sender:
        await asyncio.gather(*(work(sender) for _ in range(at_once)))


def _event(index: int) -> dict[str, Any]:
    known = {"token": TOKEN, "distinct_id": f"user-{index}", "time": int(time.time())}
    return {"event": NAME, "properties": known | properties()}


def main() -> None:
    """Warm up, measure, print."""
    client, url = sys.argv[1], sys.argv[5]
    batch, requests, at_once = map(int, sys.argv[2:5])

    def send(count: int) -> None:
        if client == "mixpanel":
            send_with_mixpanel(url, batch, count)
        else:
            asyncio.run(send_with_trackscope(url, batch, count, at_once))

    send(WARM_UP)
    started, cpu_before = time.perf_counter(), time.process_time()
    send(requests)
    took_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu_before
    events = batch * requests
    print(json.dumps({"per_s": events / took_s, "cpu_us": cpu_s / events * 1e6}))


if __name__ == "__main__":
    main()
