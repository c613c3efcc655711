"""What is printed is safe for a terminal and readable by a program."""

from __future__ import annotations

import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.cli.output import MAX_SHOWN, LineWriter, emit, json_line, shown

ANY_TEXT = st.text(st.characters(categories=None))  # lone surrogates too


@given(ANY_TEXT)
def test_a_json_line_reads_back_and_has_no_control_character(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in line)


def test_readable_text_stays_readable() -> None:
    assert json_line({"name": "Žofie 🚀"}) == '{"name":"Žofie 🚀"}'


def test_a_long_text_in_a_message_is_cut() -> None:
    assert len(shown("x" * 10_000)) == MAX_SHOWN


def test_what_the_output_s_encoding_has_not_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", newline="\n"))
    emit(json_line({"name": "é🚀"}))
    sys.stdout.flush()
    assert raw.getvalue() == b'{"name":"\\u00e9\\ud83d\\ude80"}\n'
    assert json.loads(raw.getvalue()) == {"name": "é🚀"}


def test_lines_of_several_threads_come_out_whole(capfd):
    writer = LineWriter()
    lines = [str(number % 10) * 200_000 for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(writer.write, lines))
    assert sorted(capfd.readouterr().out.splitlines()) == sorted(lines)
