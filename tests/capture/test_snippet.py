from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import string
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.detect import read_text
from trackscope.capture.found import carried
from trackscope.capture.snippet import SNIPPETS, available, copy_as, note
from trackscope.errors import UsageError
from trackscope.wire.request import TrackRequest

from .conftest import Recorder

FORM_TYPE = ("Content-Type", "application/x-www-form-urlencoded")
WITH_HEADERS = ("curl-bash", "curl-windows", "python", "javascript")
FORMS = [snippet.id for snippet in SNIPPETS]

NASTY = "'\"`\\$!%^&<>|;()[]{}#~*?+=@,: \n\tAa0é日😀\u2028\x85\x1b/-"
URL_NASTY = "".join(character for character in NASTY if character.isprintable()).replace(" ", "")
TEXTS = st.one_of(st.text(NASTY, max_size=30), st.text(max_size=30).filter(str.isprintable))
BODIES = st.one_of(
    TEXTS.map(lambda text: text.encode("utf-8", "replace")),
    st.binary(max_size=30),
    st.sampled_from([b"data=e30%3D", b"@file", b"; curl http://h/track/", b'fetch("http://h/")']),
)
HEADERS = st.dictionaries(
    st.text(string.ascii_letters + "-", min_size=1, max_size=12).map(lambda name: f"X{name}"),
    st.text(string.printable[:95] + "é", max_size=20).map(str.strip),
    max_size=3,
).filter(lambda headers: len({name.lower() for name in headers}) == len(headers))


@st.composite
def requests(draw: st.DrawFn) -> TrackRequest:
    url = "http://127.0.0.1:8700/track/?data=e30%3D&x=" + draw(st.text(URL_NASTY, max_size=30))
    body = draw(st.one_of(st.just(b""), BODIES))
    headers = tuple(draw(HEADERS).items())
    if body and draw(st.booleans()):
        headers += (FORM_TYPE,)
    return TrackRequest(draw(st.sampled_from(["GET", "POST", "PUT"])), url, headers, body)


@pytest.mark.parametrize("form", FORMS)
@given(request_=requests())
def test_each_copy_pasted_back_gives_the_same_request(form: str, request_: TrackRequest) -> None:
    if available(request_, form):
        return
    _assert_same(request_, form)


def _assert_same(request: TrackRequest, form: str) -> None:
    found = read_text(copy_as(request, form))
    assert [each.notes for each in found.requests] == [()]
    headers = carried(request.headers)[0] if form in WITH_HEADERS else ()
    expected = TrackRequest(request.method, request.url, headers, request.body)
    assert found.requests[0].request == expected


@pytest.mark.parametrize("form", FORMS)
def test_recorded_requests_survive_each_copy(form: str, captures: Path) -> None:
    with (captures / "requests.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for number, line in enumerate(lines) if number % 4 == 0]
    for record in records:
        headers = tuple((name, value) for name, value in record["headers"])
        url = f"http://api.mixpanel.com{record['target']}"
        body = base64.b64decode(record["body_b64"])
        request = TrackRequest(record["method"], url, headers, body)
        if record["expected"]["events"] and not available(request, form):
            _assert_same(request, form)


GET = TrackRequest("GET", "http://h/track/?data=e30%3D")
POST = TrackRequest("POST", "http://h/track/", (FORM_TYPE,), b"data=e30%3D")


@pytest.mark.parametrize("form", ["url", "html-pixel", "redirect-link", "jsonp"])
def test_a_form_that_is_a_url_alone_says_why_it_cannot_hold_a_post(form: str) -> None:
    assert "POST" in available(POST, form)
    with pytest.raises(UsageError, match="POST"):
        copy_as(POST, form)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_hold_a_plain_get(form: str) -> None:
    assert available(GET, form) == ""
    assert GET.url in copy_as(GET, form).replace("^", "")


def test_an_unknown_form_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="curl-bash"):
        copy_as(GET, "telnet")


def test_a_pixel_without_img_comes_with_a_word_and_is_not_changed() -> None:
    assert "img=1" in note(GET, "html-pixel")
    assert "img" not in copy_as(GET, "html-pixel").removeprefix("<img")
    with_img = TrackRequest("GET", f"{GET.url}&img=1")
    assert note(with_img, "html-pixel") == ""


def test_secrets_are_left_out_and_named() -> None:
    request = TrackRequest("GET", GET.url, (("Authorization", "Basic c2VjcmV0"),))
    assert "c2VjcmV0" not in copy_as(request, "curl-bash")
    assert note(request, "curl-bash") == "Authorization is left out: it is a secret."


@pytest.mark.parametrize(
    ("request_", "form", "reason"),
    [
        (TrackRequest("POST", GET.url, (), b"a\0b"), "curl-bash", "zero bytes"),
        (TrackRequest("POST", GET.url, (), b"a\rb"), "curl-windows", "carriage returns"),
        (TrackRequest("POST", GET.url, (), b"\xff"), "curl-windows", "UTF-8"),
        (TrackRequest("GET", GET.url, (), b"x"), "javascript", "no body"),
        (TrackRequest("GET", "http://h/track/?data=a b"), "python", "percent-encode"),
        (TrackRequest("get", GET.url), "python", "capitals"),
        (TrackRequest("GET", GET.url, (("A b", "c"),)), "python", "name of a header"),
        (TrackRequest("GET", f"{GET.url}&amp;ip=1"), "url", "&amp;"),
    ],
)
def test_what_a_form_cannot_hold_is_said(request_: TrackRequest, form: str, reason: str) -> None:
    assert reason in available(request_, form)


NASTY_BODY = 'it\'s "$HOME" `id` \\ \\n %41 !x ^& | é 日 😀\nsecond\tline'.encode()
SENT = [
    TrackRequest("GET", "/track/?data=e30%3D&ip=1"),
    TrackRequest("GET", "/track/?data=eyJhIjoxfQ==&callback=a.b&x=(!$*,;~)", (("X-A", "b \"'\\"),)),
    TrackRequest("POST", "/track/", (FORM_TYPE,), b"data=e30%3D&verbose=1"),
    TrackRequest("POST", "/track/", (FORM_TYPE, ("X-B", "100% ^ $x")), NASTY_BODY),
    TrackRequest("POST", "/track/", (), NASTY_BODY),
    TrackRequest("POST", "/track/", (("Content-Type", "application/json"),), b'[{"a":"b"}]'),
    TrackRequest("POST", "/track/", (("Content-Encoding", "gzip"),), b"\x1f\x8b\x08\xff\n'"),
    TrackRequest("POST", "/track/", (FORM_TYPE,), b"@/etc/passwd"),
    TrackRequest("POST", "/track/", (FORM_TYPE,)),
]
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "NO_PROXY": "*", "LC_ALL": "C.UTF-8"}


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, env=ENVIRONMENT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()


def _assert_sent(recorder: Recorder, request: TrackRequest) -> None:
    [(line, headers, body)] = recorder.requests
    assert line == f"{request.method} {request.url.removeprefix(recorder.url)} HTTP/1.1"
    lowered = [(name.lower(), value) for name, value in (each.split(": ", 1) for each in headers)]
    for name, value in request.headers:
        assert (name.lower(), value) in lowered
    if request.header("Content-Type") is None:
        assert "content-type" not in dict(lowered)
    assert body == request.body


def _aimed(request: TrackRequest, recorder: Recorder) -> TrackRequest:
    return TrackRequest(request.method, recorder.url + request.url, request.headers, request.body)


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="no curl here")
@pytest.mark.parametrize("request_", SENT)
async def test_bash_and_curl_send_exactly_this(request_: TrackRequest, recorder: Recorder) -> None:
    request = _aimed(request_, recorder)
    await _run("bash", "-c", copy_as(request, "curl-bash"))
    _assert_sent(recorder, request)


@pytest.mark.parametrize("request_", SENT)
async def test_httpx_sends_exactly_this(request_: TrackRequest, recorder: Recorder) -> None:
    request = _aimed(request_, recorder)
    await _run(sys.executable, "-c", copy_as(request, "python"))
    _assert_sent(recorder, request)


@pytest.mark.skipif(not shutil.which("node"), reason="no node here")
@pytest.mark.parametrize("request_", SENT)
async def test_fetch_sends_exactly_this(
    request_: TrackRequest, recorder: Recorder, tmp_path: Path
) -> None:
    request = _aimed(request_, recorder)
    path = tmp_path / "copied.mjs"
    path.write_text(copy_as(request, "javascript"), encoding="utf-8")
    await _run("node", str(path))
    _assert_sent(recorder, request)
