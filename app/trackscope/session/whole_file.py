"""Writes a file that is there as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, cast

from trackscope.errors import OutputError

MAX_NAME = 100
"""Characters of the name that the file beside takes over: names have a limit."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes its name only when the block ends without an error.

    Until then what had that name stays as it was. A device or a pipe is written to directly.
    OutputError where it cannot be made or the disk is full; a reader that left a pipe is passed
    on as BrokenPipeError.
    """
    try:
        with _opened(path) as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise OutputError(
            f"{path} cannot be written: {reason}.", "Choose another place."
        ) from problem


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if "\0" in str(path):
        raise OSError("its name has a zero byte")
    if path.is_dir():
        raise IsADirectoryError("it is a folder")
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield cast(BinaryIO, device)
        return
    target = Path(os.path.realpath(path))  # a link stays one
    partial = target.with_name(f".{target.name[:MAX_NAME]}.{token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            yield cast(BinaryIO, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        with suppress(OSError):  # it has moved, or cannot be helped
            partial.unlink()
