from __future__ import annotations

import gzip
import json
import struct
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from tests.capture.hars import EVENT, as_bytes, data, entry, har

from trackscope.capture import archive
from trackscope.capture.found import Captured
from trackscope.capture.opening import Reading
from trackscope.capture.stream import Stream
from trackscope.errors import SourceError
from trackscope.wire.decoding import decode

TRACK = f"https://api.mixpanel.com/track/?data={data()}"
HAR_FILE = as_bytes(har([entry(TRACK)]))


class Pipe(BytesIO):
    """A file that cannot be sought in."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise OSError("not seekable")


def zipped(members: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def opened(content: bytes) -> tuple[list[Captured], Reading]:
    reading = Reading(Stream(BytesIO(content)))
    return list(reading), reading


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_har_in_a_zip_is_read_whatever_it_is_called(method: int) -> None:
    content = zipped({"a.js": b"x", "trace/": b"", "trace/capture": HAR_FILE}, method)
    found, reading = opened(content)
    assert (reading.kind, reading.report.is_whole) == ("zip", True)
    assert [decode(each.request).events for each in found] == [(EVENT,)]


def test_a_file_is_read_in_place_and_what_is_read_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"har.har": HAR_FILE, "noise": b"x" * 500_000}, ZIP_STORED))
    with path.open("rb") as file:
        stream = Stream(file, path.stat().st_size)
        assert len(list(Reading(stream))) == 1
    assert len(HAR_FILE) <= stream.consumed <= path.stat().st_size


def test_a_zip_from_a_pipe_or_packed_again_is_held() -> None:
    content = zipped({"har.har": HAR_FILE})
    assert len(list(Reading(Stream(Pipe(content))))) == 1
    assert len(opened(gzip.compress(content))[0]) == 1


def test_what_is_held_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_HELD", 100)
    with pytest.raises(SourceError, match="larger than"):
        list(Reading(Stream(Pipe(zipped({"har.har": HAR_FILE})))))


def test_bodies_that_stand_in_files_of_their_own_are_found_in_the_archive() -> None:
    body = json.dumps([EVENT]).encode()
    url = "https://api.mixpanel.com/track"
    sent = entry(url, {"mimeType": "application/json", "_file": "0a1b.json"})
    sent["response"]["content"] = {"size": 1, "_file": "c2.txt"}
    lost = entry(url, {"mimeType": "application/json", "_file": "../../etc/passwd"})
    content = as_bytes(har([sent, lost]))
    for folder in ("", "deep/er/"):
        members = {f"{folder}har.har": content, f"{folder}0a1b.json": body, f"{folder}c2.txt": b"1"}
        (first, second), reading = opened(zipped(members))
        assert decode(first.request).events == (EVENT,)
        assert first.reply is not None
        assert (first.reply.body, first.problem) == (b"1", "")
        assert "which is not there" in second.problem
        assert reading.report.is_whole


def test_without_the_archive_the_body_is_said_to_be_missing() -> None:
    post = {"mimeType": "application/json", "_file": "0a1b.json"}
    (found,), _ = opened(as_bytes(har([entry("https://api.mixpanel.com/track", post)])))
    assert "0a1b.json, which is not there" in found.problem


def test_several_hars_are_read_one_after_the_other() -> None:
    found, _ = opened(
        zipped({"a.har": HAR_FILE, "b.har": HAR_FILE, "c.har": gzip.compress(HAR_FILE)})
    )
    assert len(found) == 3


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (zipped({}), "empty"),
        (zipped({"folder/": b""}), "empty"),
        (zipped({"a.txt": b"hello", "b.zip": zipped({"har.har": HAR_FILE})}), "no HAR file"),
        (b"PK\x03\x04" + b"x" * 1000, "damaged"),
        (zipped({"har.har": HAR_FILE})[:-30], "damaged"),
        (zipped({"har.har": b'{"log":{"version":"1.2","entries":5}}'}), "no list"),
    ],
)
def test_what_is_wrong_with_an_archive_is_said(content: bytes, problem: str) -> None:
    with pytest.raises(SourceError, match=problem):
        opened(content)


def test_an_encrypted_archive_is_refused() -> None:
    content = bytearray(zipped({"har.har": HAR_FILE}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SourceError, match="encrypted"):
        opened(bytes(content))


def test_a_bomb_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FREE_BYTES", 1_000_000)
    bomb = b'{"log":{"version":"1.2",' + b" " * 5_000_000
    with pytest.raises(SourceError, match="300 times"):
        opened(zipped({"har.har": bomb}))


def test_of_a_damaged_member_the_beginning_is_read() -> None:
    noise = entry("https://cdn.example/a.js")
    noise["response"]["content"]["text"] = "x" * 200_000
    whole = zipped({"har.har": as_bytes(har([entry(TRACK), noise, entry(TRACK)]))}, ZIP_STORED)
    content = bytearray(whole)
    content[len(content) // 2] ^= 1  # its checksum is wrong then: found out at the end
    found, reading = opened(bytes(content))
    assert 1 <= len(found) <= 2
    assert "damaged in the zip archive" in reading.report.problems[-1]


def test_a_directory_without_bounds_is_not_read() -> None:
    content = bytearray(zipped({"har.har": HAR_FILE}))
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", archive.MAX_DIRECTORY + 1)
    with pytest.raises(SourceError, match="too many files"):
        opened(bytes(content))


def test_of_very_many_files_the_first_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    members = {f"{number}.js": b"x" for number in range(9)}
    found, reading = opened(zipped({**members, "a.har": HAR_FILE}))
    assert len(found) == 1
    assert "10 files" in reading.report.problems[0]
