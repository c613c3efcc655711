"""A command an exchange, which bash runs and which opens again."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from io import BytesIO

import pytest

from trackscope.capture.detect import read_text
from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.export import curl
from trackscope.wire.decoding import decode
from trackscope.wire.request import TrackRequest

EVENT = {"event": "it's $HOME `x`\n", "properties": {"token": "t"}}
JSON_BODY = TrackRequest(
    "POST",
    "http://h.io/track/?ip=1",
    (("Content-Type", "application/json"),),
    json.dumps([EVENT]).encode(),
)


def text_of(*requests: TrackRequest) -> str:
    file = BytesIO()
    curl.write([Exchange(each, Origin.OPENED, 0, id=7) for each in requests], file)
    return file.getvalue().decode()


def test_every_command_opens_again_as_its_request() -> None:
    get = TrackRequest("GET", "http://h.io/track/?data=e30%3D")
    found = read_text(text_of(JSON_BODY, get)).requests
    assert [each.request for each in found] == [JSON_BODY, get]


def test_a_compressed_body_is_written_unpacked() -> None:
    packed = TrackRequest("POST", JSON_BODY.url, (), gzip.compress(JSON_BODY.body, mtime=0))
    (found,) = read_text(text_of(packed)).requests
    assert decode(found.request).events == (EVENT,)


def test_a_url_with_blanks_is_written_so_that_curl_takes_it() -> None:
    request = TrackRequest("GET", 'http://h.io/track/?data={"event": "a"}')
    (found,) = read_text(text_of(request)).requests
    assert decode(found.request).events == ({"event": "a"},)


def test_what_no_shell_can_hold_is_counted_and_said_in_a_comment() -> None:
    file = BytesIO()
    binary = TrackRequest("POST", "http://h.io/track/", (), b"data=\0")
    left_out = curl.write([Exchange(binary, Origin.OPENED, 0, id=7)], file)
    assert left_out.total() == 1
    assert file.getvalue().startswith(b"# Exchange 7 is left out: a shell's argument cannot hold")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_reads_the_words_that_were_meant() -> None:
    script = "curl() { printf '%s\\0' \"$@\"; }\n" + text_of(JSON_BODY)
    ran = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
    words = ran.stdout.split(b"\0")
    assert words[0] == JSON_BODY.url.encode()
    assert JSON_BODY.body in words
    assert ran.stderr == b""
