from __future__ import annotations

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
