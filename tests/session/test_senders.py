"""Senders for a list: named where they are known, whether a glance was enough or not."""

from __future__ import annotations

import gzip
import json

from tests.session.exchanges import event, request_of

from trackscope.session.senders import sender_title
from trackscope.wire.request import TrackRequest

SENT = event(mp_lib="web", **{"$lib_version": "2.83.0"})


def test_an_sdk_is_named_with_its_version() -> None:
    assert sender_title(request_of(SENT)) == "mixpanel-browser 2.83.0"


def test_a_request_that_takes_a_closer_look_is_named_too() -> None:
    packed = gzip.compress(json.dumps([SENT]).encode())
    headers = (("Content-Encoding", "gzip"), ("Content-Type", "application/json"))
    request = TrackRequest("POST", "http://h/track/", headers, packed)
    assert sender_title(request) == "mixpanel-browser 2.83.0"


def test_an_unknown_sender_has_no_name() -> None:
    assert sender_title(request_of(event())) == ""
