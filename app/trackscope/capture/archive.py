"""Zip archives that hold a HAR file, as Playwright writes them: read in place, never unpacked.

Bodies that stand in files of their own (`_file` in the HAR) are looked up by their exact names in
the archive; no name is ever a path outside of it.
"""

from __future__ import annotations

import lzma
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing
from errno import EINVAL
from io import SEEK_END
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.har import HAR, read_with
from trackscope.capture.har_body import MAX_BODY, Bodies
from trackscope.capture.report import Report
from trackscope.capture.stream import FREE_BYTES, MAX_RATIO, Stream
from trackscope.errors import SourceError

MAX_HELD = 64 * 1024 * 1024
"""Bytes of an archive that is held in memory, because it comes through a pipe or packed."""

MAX_MEMBERS = 20_000
"""Files in an archive of which the beginnings are looked at."""

MAX_DIRECTORY = 16 * 1024 * 1024
"""Bytes of an archive's list of files: some 200,000 of them."""

_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
_ENDS = (
    (re.compile(rb"PK\x05\x06.{8}(.{4})", re.DOTALL), "<I"),
    (re.compile(rb"PK\x06\x06.{36}(.{8})", re.DOTALL), "<Q"),
)
"""Where an archive, and a zip64 one, says how many bytes its directory has."""

_END_ROOM = 70_000
_ZIP64 = 0xFFFFFFFF
_ENCRYPTED = 0x1

_DAMAGE = (
    BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError,
    lzma.LZMAError, struct.error, zlib.error,
)  # fmt: skip
"""What zipfile raises about archives that are damaged, or packed in ways it does not know."""


def _read(stream: Stream, report: Report) -> Iterator[Captured]:
    file = stream.as_file(MAX_HELD)
    _check_directory(file)
    with _opened(file) as archive:
        members = _members(archive)
        if len(members) > MAX_MEMBERS:
            report.conclude(
                f"The archive holds {len(members):,} files: the first {MAX_MEMBERS:,} were looked "
                "at. Give the HAR file in it."
            )
        refused = SourceError(
            "There is no HAR file in this zip archive.",
            "Unpack it and give the file that is meant.",
        )
        found = 0
        for member in members[:MAX_MEMBERS]:
            if _holds_har(archive, member):
                try:
                    yield from _read_member(archive, member, report)
                    found += 1
                except SourceError as problem:
                    refused = problem
                    report.conclude(str(problem))
        if not found:
            raise refused


ZIP = Format("zip", "a zip archive", lambda head: head.startswith(_BEGINNINGS), _read)


def _check_directory(file: BinaryIO) -> None:
    """SourceError where the list of files, which is read as a whole, would not be bounded."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - _END_ROOM))
    end = file.read(_END_ROOM)
    lengths = [
        struct.unpack(form, match[1])[0]
        for pattern, form in _ENDS
        for match in pattern.finditer(end)
    ]
    if any(MAX_DIRECTORY < length != _ZIP64 for length in lengths):
        raise SourceError(
            "The zip archive holds too many files.", "Give the HAR file in it, unpacked."
        )


def _opened(file: BinaryIO) -> ZipFile:
    damaged = SourceError(
        "The zip archive is damaged or cut off.", "Make it anew, or give the HAR file in it."
    )
    try:
        return ZipFile(file)
    except _DAMAGE as problem:
        raise damaged from problem
    except OSError as problem:  # a place before the beginning is sought; or the disk fails
        if problem.errno != EINVAL:
            raise
        raise damaged from problem


def _members(archive: ZipFile) -> list[ZipInfo]:
    """The files in it, those first that are likely to be HARs; SourceError if none can be read."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not members:
        raise SourceError("The zip archive is empty.", "Give one that holds a HAR file.")
    if all(member.flag_bits & _ENCRYPTED for member in members):
        raise SourceError(
            "The zip archive is encrypted.", "Unpack it with its password and give the HAR file."
        )
    return sorted(members, key=lambda member: not member.filename.lower().endswith(".har"))


class _Member:
    """A file in an archive that ends where it is damaged; `is_damaged` tells so."""

    def __init__(self, archive: ZipFile, member: ZipInfo) -> None:
        self.is_damaged = False
        self._archive = archive
        self._member = member
        self._file: IO[bytes] | None = None

    def read(self, length: int) -> bytes:
        try:
            if self._file is None:
                self._file = self._archive.open(self._member)
            return self._file.read(length)
        except _DAMAGE:
            self.is_damaged = True
            return b""

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _holds_har(archive: ZipFile, member: ZipInfo) -> bool:
    if member.flag_bits & _ENCRYPTED:
        return False
    with closing(_Member(archive, member)) as file:
        return HAR.is_it(Stream(cast(BinaryIO, file)).head)


def _read_member(archive: ZipFile, member: ZipInfo, report: Report) -> Iterator[Captured]:
    name = ascii(member.filename[:80])
    if member.file_size > max(FREE_BYTES, member.compress_size * MAX_RATIO):
        raise SourceError(
            f"Unpacked, {name} is over {MAX_RATIO} times as large: it was not read.",
            "Unpack it if it is what it should be, and give the HAR file.",
        )
    with closing(_Member(archive, member)) as file:
        stream = Stream(cast(BinaryIO, file))
        yield from read_with(stream, report, _bodies(archive, member))
        if stream.problem:
            report.conclude(stream.problem)
        if file.is_damaged:
            report.conclude(f"{name} is damaged in the zip archive: what came before was read.")


def _bodies(archive: ZipFile, har: ZipInfo) -> Bodies:
    """Bodies by the names that the HAR has for them: they stand in its folder."""
    folder = har.filename.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""

    def body(name: str) -> bytes | None:
        try:
            member = archive.getinfo(prefix + name)
        except KeyError:
            return None
        with closing(_Member(archive, member)) as file:
            content = file.read(MAX_BODY + 1)
            return None if file.is_damaged else content

    return body
