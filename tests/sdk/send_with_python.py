"""Sends with the mixpanel package on the path: `send_with_python.py ADDRESS CONSUMER`.

CONSUMER is the name of a class of the package. A list of [name, properties] is read from standard
input. Prints what was handed to the SDK's consumer, and what the SDK raised.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import mixpanel


class Noted:
    """Hands on to a consumer, and keeps what it is handed."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self.sent: list[Any] = []

    def send(self, endpoint: str, json_message: str, *keys: Any) -> None:
        self.sent.append(json.loads(json_message))
        self._consumer.send(endpoint, json_message, *keys)


def main(address: str, kind: str) -> None:
    consumer = getattr(mixpanel, kind)(events_url=f"{address}/track")
    noted = Noted(consumer)
    tracker = mixpanel.Mixpanel("e3bc41", consumer=noted)
    raised = []
    for name, properties in json.load(sys.stdin):
        try:
            tracker.track("13793", name, properties)
        except mixpanel.MixpanelException as problem:
            raised.append(str(problem))
    if kind == "BufferedConsumer":
        consumer.flush()
    print(json.dumps({"version": mixpanel.__version__, "sent": noted.sent, "raised": raised}))


main(*sys.argv[1:])
