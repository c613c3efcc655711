"""Sends with the mixpanel package on the path: `send_with_python.py ADDRESS CONSUMER`.

CONSUMER is the name of a class of the package. A list of calls, [method, argument, …], is read from
standard input. Prints what was handed to the SDK's consumer, and what the SDK raised.
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

import mixpanel

PATHS = {
    "events_url": "/track",
    "people_url": "/engage",
    "groups_url": "/groups",  # not in old versions
    "import_url": "/import",
}


class Noted:
    """Hands on to a consumer, and keeps what it is handed."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self.sent: list[Any] = []

    def send(self, endpoint: str, json_message: str, *keys: Any) -> None:
        self.sent.append(json.loads(json_message))
        self._consumer.send(endpoint, json_message, *keys)


def main(address: str, name: str) -> None:
    kind = getattr(mixpanel, name)
    known = inspect.signature(kind).parameters
    options: dict[str, Any] = {key: address + path for key, path in PATHS.items() if key in known}
    if "credentials" in known:  # for imports; not in old versions
        options["credentials"] = mixpanel.ServiceAccountCredentials("amy", "a secret", "7")
    consumer = kind(**options)
    noted = Noted(consumer)
    tracker = mixpanel.Mixpanel("e3bc41", consumer=noted)
    raised = []
    for method, *arguments in json.load(sys.stdin):
        try:
            getattr(tracker, method)(*arguments)
        except mixpanel.MixpanelException as problem:
            raised.append(str(problem))
    if hasattr(consumer, "flush"):
        consumer.flush()
    print(json.dumps({"sent": noted.sent, "raised": raised}))


main(*sys.argv[1:])
