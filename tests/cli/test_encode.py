"""JSON to what goes on the wire, and the exit code by what the rules say."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from tests.cli.conftest import Run

EVENT = '{"event": "game", "properties": {"token": "abc"}}'


@pytest.mark.parametrize("content", [EVENT.encode(), EVENT.encode() + b"\r\n"])
def test_a_file_is_encoded_byte_for_byte(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "event.json").write_bytes(content)
    ran = run("encode", str(tmp_path / "event.json"))
    assert (ran.code, base64.b64decode(ran.out), ran.err) == (0, content, "")


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_encoded(run: Run, arguments: tuple[str, ...]) -> None:
    assert base64.b64decode(run("encode", *arguments, stdin=EVENT.encode()).out) == EVENT.encode()


def test_json_can_be_given_as_the_argument(run: Run) -> None:
    assert base64.b64decode(run("encode", EVENT).out) == EVENT.encode()


def test_compact_removes_blanks_and_nothing_else(run: Run) -> None:
    out = run("encode", "--compact", ' { "n" : 1.10 , "e": "a b" }\n').out
    assert base64.b64decode(out) == b'{"n":1.10,"e":"a b"}'


def test_bytes_that_are_no_utf8_are_encoded_as_they_are_and_reported(run: Run) -> None:
    content = b'{"event": "\xff"}'
    ran = run("encode", stdin=content)
    assert (ran.code, base64.b64decode(ran.out)) == (1, content)
    assert "data.utf8" in ran.err


def test_a_url_carries_parameters_and_goes_where_it_is_told(run: Run) -> None:
    ran = run("encode", EVENT, "--url", "--to", "localhost:8700", "--ip", "--param", "_=1 2")
    data = base64.b64encode(EVENT.encode()).decode().replace("=", "%3D")
    assert ran.out == f"http://localhost:8700/track/?data={data}&ip=1&_=1%202\n"


@pytest.mark.parametrize("form", ["--url", "--curl", "--curl-windows", "--python", "--javascript"])
def test_every_form_decodes_to_the_event_again(run: Run, form: str) -> None:
    encoded = run("encode", EVENT, form).out
    (record,) = run("decode", "-", stdin=encoded.encode()).records
    assert record["events"] == [{"event": "game", "properties": {"token": "abc"}}]


def test_a_post_travels_as_a_form(run: Run) -> None:
    (record,) = run("decode", run("encode", EVENT, "--curl", "--method", "POST").out).records
    assert (record["method"], record["transport"]) == ("POST", "form-base64")


def test_what_a_form_still_needs_is_said(run: Run) -> None:
    assert "img=1" in run("encode", EVENT, "--html-pixel").err
    assert run("encode", EVENT, "--html-pixel", "--img").err == ""


def test_what_the_rules_refuse_is_encoded_and_ends_with_1(run: Run) -> None:
    ran = run("encode", '{"event": "a", "properties": {}}')
    assert ran.code == 1
    assert ran.out
    assert "token.missing" in ran.err


def test_nothing_to_encode_ends_with_2(run: Run) -> None:
    assert run("encode", stdin=b" \n").code == 2
    assert run("encode", "missing.json").code == 2
    assert run("encode", EVENT, "--jsonp", "--method", "POST").code == 2
    assert run("encode", EVENT, "--param", "novalue").code == 2
    assert run("encode", "--compact", "{").code == 2


@pytest.mark.parametrize("target", ["", "ftp://h", "http://", "http://[::1"])
def test_what_is_nothing_to_send_to_ends_with_2(run: Run, target: str) -> None:
    assert run("encode", EVENT, "--url", "--to", target).code == 2
