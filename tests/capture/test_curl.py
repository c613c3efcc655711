from __future__ import annotations

import asyncio
import shutil
import subprocess

import pytest

from trackscope.capture import curl
from trackscope.capture.found import Captured
from trackscope.wire.request import TrackRequest

from .conftest import Recorder

FORM = ("Content-Type", "application/x-www-form-urlencoded")


def _read(text: str) -> list[Captured]:
    return list(curl.read(text, "http://unused/"))


def _one(text: str) -> TrackRequest:
    [captured] = _read(text)
    return captured.request


@pytest.mark.parametrize(
    ("options", "request_"),
    [
        ("", TrackRequest("GET", "http://h/track")),
        ("-d a=1 -d b=2", TrackRequest("POST", "http://h/track", (FORM,), b"a=1&b=2")),
        ("-da=1", TrackRequest("POST", "http://h/track", (FORM,), b"a=1")),
        ("--data=a=1", TrackRequest("POST", "http://h/track", (FORM,), b"a=1")),
        ("--data-raw @a", TrackRequest("POST", "http://h/track", (FORM,), b"@a")),
        ("-d ''", TrackRequest("POST", "http://h/track", (FORM,))),
        ("-G -d a=1 -d b=2", TrackRequest("GET", "http://h/track?a=1&b=2")),
        ("--url-query 'a=1 +'", TrackRequest("GET", "http://h/track?a=1+%2B")),
        ("-I", TrackRequest("HEAD", "http://h/track")),
        ("-X PUT", TrackRequest("PUT", "http://h/track")),
        ("-sSkXPOST --compressed", TrackRequest("POST", "http://h/track")),
        ("-H 'A: b' -H 'C;' -A me", TrackRequest(
            "GET", "http://h/track", (("A", "b"), ("C", ""), ("User-Agent", "me")))),
        ("-d a -H Content-Type:", TrackRequest("POST", "http://h/track", (), b"a")),
        ("-d a -H 'content-type: x'", TrackRequest(
            "POST", "http://h/track", (("content-type", "x"),), b"a")),
        ("-o out -w '%{http_code}' -m 5 --retry 3 -x http://p", TrackRequest(
            "GET", "http://h/track")),
    ],
)  # fmt: skip
def test_options_make_the_request_that_curl_would_send(
    options: str, request_: TrackRequest
) -> None:
    assert _one(f"curl {options} http://h/track") == request_


def test_urlencoded_data_is_encoded_as_curl_does_it() -> None:
    line = "curl http://h/ --data-urlencode 'data=a b+c~é(!)*' --data-urlencode '=x y' -d b=1"
    assert _one(line).body == b"data=a+b%2Bc~%C3%A9%28%21%29%2A&x+y&b=1"


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="no curl here")
@pytest.mark.parametrize(
    "options",
    [
        "-G -d x=1 --data-urlencode 'data=a b+c~é(!)*'",
        "--data-urlencode '=x y' --data-urlencode 'plain text' -d b=1",
        "-X PUT -d '' -H 'X-A: b' -H 'X-B;'",
        "--json '{\"a\":1}' --json ,2",
        "-d $'a\\n\\x41\\'' -H 'Content-Type: text/plain'",
        "--data-binary 'a\nb' -A 'me/1.0'",
        "-d @- <<'EOF'\na=1&\nb=2 $x\nEOF\n",
        "--data-binary @- <<EOF | cat\n{\n1}\nEOF\n",
        "--json @- <<< '{\"a\": 1}'",
    ],
)
async def test_real_curl_sends_what_was_read(options: str, recorder: Recorder) -> None:
    text = f"curl -s --noproxy '*' '{recorder.url}/track?z=1' {options}"
    await asyncio.to_thread(subprocess.run, ["bash", "-c", text], check=True, capture_output=True)
    [(line, headers, body)] = recorder.requests
    request = _one(text)
    # some versions of curl write %c3 for %C3 behind -G
    expected = f"{request.method} {request.url.removeprefix(recorder.url)} HTTP/1.1"
    assert line.lower() == expected.lower()
    assert body == request.body
    sent = {(name.lower(), value) for name, value in (each.split(":", 1) for each in headers)}
    for name, value in request.headers:
        assert (name.lower(), f" {value}" if value else "") in sent


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ("-d @payload.json", "@payload.json is not read: its content is missing"),
        ("--data-urlencode data@file", "data@file is not read: its content is missing"),
        ("-K conf", "the options in conf are not read"),
        ("-T up.bin", "up.bin is not read: the body is missing"),
        ("-b jar.txt", "jar.txt is not read: its cookies are missing"),
        ("-b a=b", "cookies are left out: they are secrets"),
        ("-u me:pw", "the credentials of -u are left out"),
        ("-H 'Authorization: x'", "Authorization is left out: it is a secret"),
        ("-H @heads", "the headers in @heads are not read"),
        ("-F data=@x", "the multipart field data=@x is left out"),
        ("-d x <in", "in is not read: it is redirected input"),
    ],
)
def test_what_is_left_out_is_named_and_no_file_is_read(options: str, note: str) -> None:
    [captured] = _read(f"curl http://h/track {options}")
    assert captured.notes == (note,)
    assert "pw" not in str(captured)


def test_commands_are_numbered_and_know_their_span() -> None:
    text = "#!/bin/sh\n$ curl http://h/a \\\n  -d b\n# curl http://h/none\necho; curl http://h/c&\n"
    first, _, third = _read(text)
    assert (first.position, third.position) == ("command 1", "command 3")
    assert text[slice(*first.span or ())] == "curl http://h/a \\\n  -d b"
    assert third.request.url == "http://h/c"


def test_next_begins_a_request_of_its_own() -> None:
    requests = [each.request for each in _read("curl -d a http://h/a --next http://h/b")]
    assert [(each.method, each.url) for each in requests] == [
        ("POST", "http://h/a"),
        ("GET", "http://h/b"),
    ]


def test_a_command_in_code_marks_ends_with_them() -> None:
    assert _one("run `curl http://h/track` and see").url == "http://h/track"


@pytest.mark.parametrize(
    "text",
    [
        'curl ^"http://h/track?a=1^&b=^%^20^" ^\n  --data-raw ^"^\\^"x^\\^"^"',
        'curl.exe "http://h/track?a=1&b=%20" -d "\\"x\\""',
        'curl "http://h/track?a=1&b=%20" ^\r\n -d "\\"x\\""',
        "curl 'http://h/track?a=1&b=%20' -d '\"x\"'",
    ],
)
def test_windows_and_bash_commands_are_told_apart(text: str) -> None:
    assert _one(text) == TrackRequest("POST", "http://h/track?a=1&b=%20", (FORM,), b'"x"')


@pytest.mark.parametrize(
    "line",
    [
        "sudo curl -d x http://h/track",
        "A=1 B='' time curl -d x http://h/track",
        "if ! curl -d x http://h/track; then exit; fi",
        "curl -X POST http://h/track `\n  -d 'x'",
        'curl.exe -X POST "http://h/track" `\r\n  -H "A;" `\r\n  -d "x"',
        "result=$(curl -d x http://h/track)",
        "for i in 1 2; do curl -d x http://h/track; done",
    ],
)
def test_a_command_is_found_among_what_shells_put_around_it(line: str) -> None:
    captured = _read(line)
    assert [(each.request.method, each.request.url, each.request.body) for each in captured] \
        == [("POST", "http://h/track", b"x")]  # fmt: skip
    assert captured[0].notes == ()


def test_a_character_that_was_written_as_two_halves_is_one() -> None:
    assert _one(r"curl http://h/track -d $'\ud83d\ude00'").body == "😀".encode()


@pytest.mark.parametrize("option", ["-d", "--data-urlencode", "--json", "--url-query"])
def test_half_a_character_is_kept_as_bytes(option: str) -> None:
    for word in (r"$'a\ud83d'", "'a\ud83d'", r"$'\ud83d\x80'"):
        assert _one(f"curl http://h/track {option} {word}").method in ("GET", "POST")
    assert _one(r"curl http://h/ -d $'a\ud83d'").body == b"a\xed\xa0\xbd"


def test_a_url_with_brackets_is_not_left_to_globbing() -> None:
    request = TrackRequest("GET", "http://h/track?data=[{}]")
    assert "--globoff" in curl.write(request, lambda word: word, " ")
