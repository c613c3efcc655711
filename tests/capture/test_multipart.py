from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.seeds import DATA, EVENT

from trackscope.capture.found import Captured
from trackscope.capture.multipart import NOTE, as_form
from trackscope.capture.opening import Reading
from trackscope.capture.stream import Stream
from trackscope.wire.decoding import decode
from trackscope.wire.request import TrackRequest

TYPE = (("Content-Type", "multipart/form-data; boundary=x"), ("A", "b"))


def _captured(body: bytes) -> Captured:
    return Captured(TrackRequest("POST", "http://h/track?a=1", TYPE, body), "1")


def _body(fields: dict[str, str], line_end: str = "\r\n") -> bytes:
    parts = [
        f'--x\nContent-Disposition: form-data; name="{name}"\n\n{value}\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + "--x--\n").replace("\n", line_end).encode()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_its_fields_become_parameters_and_it_is_noted(line_end: str) -> None:
    shown = as_form(_captured(_body({"data": DATA, "ip": "1"}, line_end)))
    decoded = decode(shown.request)
    assert decoded.events == (EVENT,)
    assert decoded.value("ip") == "1"
    assert shown.notes == (NOTE,)
    assert shown.request.header("Content-Type") == "application/x-www-form-urlencoded"
    assert shown.request.header("A") == "b"


@pytest.mark.parametrize(
    "body",
    [b"", b"data=e30=", b"--x", b"--x\r\n", _body({"other": "1"}), b"--x\r\nhello\r\n--x--", b"{}"],
)
def test_other_bodies_stay_as_they_are(body: bytes) -> None:
    captured = _captured(body)
    assert as_form(captured) is captured


@given(st.binary(max_size=60))
def test_no_body_can_break_the_reading(content: bytes) -> None:
    as_form(_captured(content))
    as_form(_captured(b"--x\r\nContent-Disposition: form-data; name=data\r\n" + content))


def test_in_a_pasted_message_the_event_is_found() -> None:
    head = b"POST /track HTTP/1.1\nHost: h\nContent-Length: %d\n\n"
    body = _body({"data": DATA})
    [found] = Reading(Stream(BytesIO(head % len(body) + body)))
    assert decode(found.request).events == (EVENT,)
