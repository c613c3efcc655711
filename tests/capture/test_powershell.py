from __future__ import annotations

import pytest

from trackscope.capture import powershell
from trackscope.capture.found import Captured
from trackscope.wire.request import TrackRequest

FORM = ("Content-Type", "application/x-www-form-urlencoded")


def _one(text: str) -> Captured:
    assert powershell.place(text) >= 0
    [captured] = powershell.read(text, "")
    return captured


def test_a_copied_command_is_read() -> None:
    text = (
        '$session.UserAgent = "x"\n'
        'Invoke-WebRequest -UseBasicParsing -Uri "http://h/track/?a=1&b=%20" `\n'
        '-Method "POST" `\n-WebSession $session `\n-Headers @{\n"path"="/track/"\n'
        '  "accept"="*/*"\n  "sec-ch-ua"="`"A`";v=`"8`""\n} `\n'
        '-ContentType "text/plain" `\n-Body "{`"a`":`"$([char]233)`n`"}";\n$x = 1'
    )
    captured = _one(text)
    assert captured.request == TrackRequest(
        "POST",
        "http://h/track/?a=1&b=%20",
        (("accept", "*/*"), ("sec-ch-ua", '"A";v="8"'), ("Content-Type", "text/plain")),
        '{"a":"é\n"}'.encode(),
    )
    assert captured.notes == ()
    assert text[slice(*captured.span or ())].endswith('"}"')


def test_a_short_command_is_read() -> None:
    assert _one("irm http://h/track?data=x").request.url == "http://h/track?data=x"
    captured = _one("iwr 'http://h/track' -Method Post -Body 'it''s'")
    assert captured.request == TrackRequest("POST", "http://h/track", (FORM,), b"it's")


def test_what_is_left_out_is_named() -> None:
    text = "iwr http://h/track -Method POST -InFile up.json -Headers @{Authorization='x'}"
    assert _one(text).notes == (
        "up.json is not read: the body is missing",
        "Authorization is left out: it is a secret",
    )
    assert _one("iwr http://h/track -Body $body").notes == (
        "the body is computed by the script: it is missing",
    )


def test_a_command_without_a_written_url_is_not_read() -> None:
    assert list(powershell.read("iwr $url; iwr (x)", "")) == []


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", "http://h/track", b"data=a+b%3D&verbose=1"),
        ("GET", "http://h/track?data=a+b%3D&verbose=1", b""),
    ],
)
@pytest.mark.parametrize(
    "table", ["@{data='a b='; verbose=1}", "@{\n data = 'a b='\n 'verbose'=1\n}"]
)
def test_a_table_as_body_is_a_form_or_a_query(
    method: str, url: str, body: bytes, table: str
) -> None:
    request = _one(f"irm http://h/track -Method {method} -Body {table} -TimeoutSec 5").request
    assert (request.method, request.url, request.body) == (method, url, body)


@pytest.mark.parametrize(
    "body", ["(@{event='a'} | ConvertTo-Json)", "(ConvertTo-Json @{a=@{b=1}})", "@{a=@{b=1}}"]
)
def test_what_the_script_makes_of_a_table_is_missing_and_named(body: str) -> None:
    captured = _one(f"irm http://h/track -Method POST -Body {body} -ContentType 'a/b'")
    assert captured.request.body == b""
    assert captured.notes == ("the body is computed by the script: it is missing",)
    assert captured.request.header("Content-Type") == "a/b"


def test_a_field_that_is_computed_is_missing_and_named() -> None:
    captured = _one("irm http://h/track -Method POST -Body @{data=$x; ip=1}")
    assert captured.request.body == b"ip=1"
    assert captured.notes == ("the field data is computed by the script: it is missing",)


@pytest.mark.parametrize(
    ("literal", "body"),
    [
        ("@'\n{\"a\": `\"it''s\"}\r\n'@", b'{"a": `"it\'\'s"}'),
        ('@"\n{"a": "`"$([char]233)"}\n"@', '{"a": ""é"}'.encode()),
        ('@"\nnot closed', b"not closed"),
    ],
)
def test_a_string_of_several_lines_is_read(literal: str, body: bytes) -> None:
    assert _one(f"irm http://h/track -Method POST -Body {literal}").request.body == body
