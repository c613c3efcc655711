"""Every format and every kind of text, damaged on purpose: it ends, in time, with a sentence."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from tests.capture.seeds import EVENT, SEEDS, URL
from tests.ending import ends

from trackscope.capture import stream as stream_module
from trackscope.capture.opening import FORMATS, Reading
from trackscope.capture.report import Report
from trackscope.capture.stream import MAX_LINE, Stream
from trackscope.errors import SourceError
from trackscope.wire.decoding import decode

NO_TEXT = frozenset(("zip", "flow", "pcap", "pcapng", "database", "cloudfront"))
"""Seeds in which a text's reader finds nothing."""

every_seed = pytest.mark.parametrize("name", SEEDS)


def read(source: bytes | BinaryIO, size: int | None = None) -> tuple[int, Report]:
    """How many requests were read, and the report; a SourceError is a problem like any other.

    Fails where a problem is no sentence, or where reading takes too long.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    count = 0
    try:
        with ends():
            reading = Reading(Stream(file, size))
            report = reading.report
            for captured in reading:
                decode(captured.request)
                assert captured.position
                count += 1
    except SourceError as problem:
        report = Report()
        report.tell(problem.message)
    assert all(problem.strip().endswith((".", "?", "!")) for problem in report.problems)
    return count, report


def test_every_format_has_a_seed_here() -> None:
    known = {each.kind for each in FORMATS for seed in SEEDS.values() if each.is_it(seed)}
    assert {each.kind for each in FORMATS} == known


@every_seed
def test_the_seeds_themselves_are_read(name: str) -> None:
    reading = Reading(Stream(io.BytesIO(SEEDS[name])))
    if name == "database" or (name in NO_TEXT and reading.kind == "text"):
        pytest.skip("there is no reader for it")
    events = [event for each in reading for event in decode(each.request).events or ()]
    assert EVENT in events
    assert reading.report.problems == []


@every_seed
def test_cut_anywhere_it_is_read_as_far_as_it_goes(name: str) -> None:
    seed = SEEDS[name]
    for place in range(0, len(seed), max(1, len(seed) // 60)):
        read(seed[:place])


@every_seed
def test_packed_and_cut_anywhere_it_is_never_called_whole(name: str) -> None:
    packed = gzip.compress(SEEDS[name], mtime=0)
    for place in range(12, len(packed) - 1, max(1, len(packed) // 30)):
        _, report = read(packed[:place])
        assert not report.is_whole


@every_seed
def test_random_bytes_in_it_break_nothing(name: str) -> None:
    dice = random.Random(name)
    for _ in range(60):
        damaged = bytearray(SEEDS[name])
        for _ in range(dice.choice((1, 3, 30))):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        read(bytes(damaged))
    for size in (1, 100, 10_000):
        read(dice.randbytes(size))
        read(SEEDS[name] + dice.randbytes(size))
        read(SEEDS[name][: dice.randrange(len(SEEDS[name]))] + dice.randbytes(size))


@every_seed
def test_lengths_of_thousands_of_millions_are_not_believed(name: str) -> None:
    seed = SEEDS[name]
    words = (
        b"\xff\xff\xff\xff",
        b"\x3b\x9a\xca\x00",
        b"\x00\xca\x9a\x3b",
        b"999999999",
        b"\0\0\0\0",
    )
    for place in range(0, min(len(seed), 400), 7):
        for word in words:
            read(seed[:place] + word + seed[place + len(word) :])
    read(seed.replace(b"1", b"1000000000"))
    read(seed.replace(b"2", b"9" * 5000))


WRONG: tuple[Any, ...] = (None, 1e9, -1, True, "x", [], {}, [[]], [{}], {"": ""}, "\ud800", 10**30)


def _with_wrong_types(value: Any) -> Iterator[Any]:
    """The value with each of its values in turn replaced by one of a wrong type."""
    yield from WRONG
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {other: each for other, each in value.items() if other != key}
            yield from ({**value, key: wrong} for wrong in _with_wrong_types(inner))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for wrong in _with_wrong_types(inner):
                yield [*value[:index], wrong, *value[index + 1 :]]


@pytest.mark.parametrize("name", ["har", "json log", "export", "events", "json", "array"])
def test_values_of_wrong_types_are_no_surprise(name: str) -> None:
    is_one = name in ("har", "json", "array")
    values = [json.loads(each) for each in ([SEEDS[name]] if is_one else SEEDS[name].splitlines())]
    good = "" if is_one else json.dumps(values[0]) + "\n"
    for wrong in _with_wrong_types(values[0]):
        read((good + json.dumps(wrong) + "\n" + good).encode())


@every_seed
def test_depth_is_bounded(name: str) -> None:
    seed = SEEDS[name]
    for piece in (b"[", b'{"a":', b"<div>", b"1:1:1:", b"(", b"--b1\n\n"):
        read(seed + piece * 20_000)
        read(seed[: len(seed) // 2] + piece * 100_000)
        read(piece * 20_000 + seed)


def test_parts_in_parts_of_a_mail_are_bounded() -> None:
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="{level}"\n\n--{level}\n' for level in range(3000)
    )
    _, report = read(f"From: a@b.c\nSubject: x\n{parts}\n{URL}\n".encode())
    assert not report.is_whole


@every_seed
def test_a_bomb_is_given_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "FREE_BYTES", 500_000)
    _, report = read(gzip.compress(SEEDS[name] + b"\n" * 4_000_000, mtime=0))
    assert not report.is_whole


@every_seed
def test_a_line_without_end_is_bounded(name: str) -> None:
    seed = SEEDS[name]
    is_text = Reading(Stream(io.BytesIO(seed))).kind == "text"
    for filling in (b"x", b'"', b"%"):
        line = filling * (200_000 if is_text else 2 * MAX_LINE)
        read(seed + line)
        read(seed[: len(seed) // 2] + line + seed)


@pytest.mark.parametrize(
    "source",
    [b"", b"\0", b"\n" * 5_000_000, b"\r\n" * 1000, b" ", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff",
     b"\xff\xfe\x00", b"\x1f\x8b", b"\x1f\x8b\x08", gzip.compress(b""), gzip.compress(b"\n"),
     b"PK\x05\x06" + bytes(18), b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 26, b"\0" * 1_000_000,
     b"null", b'"', b"1", b"-----", b"From: ", b",,,\n,,,\n"],
)  # fmt: skip
def test_next_to_nothing_is_answered_with_a_sentence(source: bytes) -> None:
    count, report = read(source)
    assert count == 0
    assert report.problems


@every_seed
def test_other_encodings_are_read_or_refused(name: str) -> None:
    seed = SEEDS[name]
    read(b"\0".join(seed[place : place + 1] for place in range(len(seed))))
    read(seed.replace(b"a", b"\0"))
    text = "Café 日本語 ¥ " + seed.decode("latin-1")
    for encoding in ("utf-16-le", "utf-16-be", "utf-32", "latin-1", "shift-jis", "utf-7"):
        read(text.encode(encoding, "replace"))
        read(seed + text.encode(encoding, "replace"))


@every_seed
def test_the_head_of_one_format_with_the_body_of_another_is_no_surprise(name: str) -> None:
    seed = SEEDS[name]
    for other in SEEDS.values():
        for share in (4, 2):
            read(seed[: len(seed) // share] + other[len(other) // share :])
        read(seed + b"\n" + other)


@pytest.mark.parametrize("name", ["combined log", "json log", "events", "export", "urls", "curl"])
def test_a_great_many_tiny_requests_are_read_or_counted(name: str) -> None:
    line = SEEDS[name].splitlines()[0] + b"\n"
    count, report = read(line * 20_000)
    assert count + report.passed_over.total() >= 20_000


class _Endless:
    """A file that repeats a piece, up to a length that nobody would keep in memory."""

    def __init__(self, start: bytes, piece: bytes, length: int) -> None:
        self._ahead = start
        self._piece = piece * (1 + (1 << 20) // len(piece))
        self._left = length

    def read(self, length: int) -> bytes:
        if not self._ahead:
            self._ahead = self._piece[: self._left]
            self._left -= len(self._ahead)
        piece, self._ahead = self._ahead[:length], self._ahead[length:]
        return piece


MEGABYTE = 1024 * 1024


FILLING = b"x" * 500


@pytest.mark.parametrize("name", ["combined log", "json log", "export", "events", "table", "mail"])
@pytest.mark.parametrize(
    "piece",
    [b"\0", FILLING + b"\n", b'{"a": "' + FILLING + b'"}\n'],
    ids=["zeros", "lines", "objects"],
)
def test_memory_does_not_grow_with_the_file(name: str, piece: bytes) -> None:
    if Reading(Stream(io.BytesIO(SEEDS[name]))).kind == "text":
        pytest.skip("a text is read as a whole, up to its limit")
    endless = cast(BinaryIO, _Endless(SEEDS[name], piece, 60 * MEGABYTE))
    tracemalloc.start()
    try:
        read(endless)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50 * MEGABYTE


def test_an_endless_text_is_not_kept() -> None:
    endless = cast(BinaryIO, _Endless(b"", FILLING + b"\n", 200 * MEGABYTE))
    _, report = read(endless)
    assert not report.is_whole


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "export.ndjson"
    path.write_bytes(SEEDS["export"] * 3000)
    return path


def _read_while(path: Path, happens: Callable[[], None]) -> tuple[int, Report]:
    """Read a file; after the first request something happens to it."""
    with path.open("rb", buffering=0) as file:
        reading = Reading(Stream(cast(BinaryIO, file), path.stat().st_size))
        count = 0
        for count, _ in enumerate(reading, 1):
            if count == 1:
                happens()
        return count, reading.report


def test_a_file_that_shrinks_while_it_is_read_is_not_called_whole(log: Path) -> None:
    count, report = _read_while(log, lambda: os.truncate(log, 2 * MEGABYTE))
    assert 0 < count < 6000
    assert any("became shorter" in problem for problem in report.problems)


def test_a_file_that_grows_is_read_to_its_end(log: Path) -> None:
    def grow() -> None:
        with log.open("ab") as more:
            more.write(SEEDS["export"])

    count, report = _read_while(log, grow)
    assert count == 6002
    assert report.is_whole


def test_a_file_that_vanishes_is_read_on(log: Path) -> None:
    count, report = _read_while(log, log.unlink)
    assert count == 6000
    assert report.is_whole


def test_a_pipe_is_read_as_it_comes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("wb", buffering=0) as file:
            for place in range(0, len(SEEDS["export"]), 100):
                file.write(SEEDS["export"][place : place + 100])

    writer = threading.Thread(target=write)
    writer.start()
    with pipe.open("rb") as file:
        count, report = read(cast(BinaryIO, file))
    writer.join()
    assert (count, report.problems) == (2, [])


class _Failing(io.BytesIO):
    """A file on a disk that fails after the first bytes."""

    def read(self, length: int | None = -1) -> bytes:
        piece = super().read(length)
        if not piece:
            raise OSError(5, "Input/output error")
        return piece


@pytest.mark.parametrize("name", [name for name in SEEDS if name not in ("database", "zip")])
def test_what_the_disk_says_is_passed_on(name: str) -> None:
    with pytest.raises(OSError, match="Input/output"):
        list(Reading(Stream(_Failing(SEEDS[name]))))
