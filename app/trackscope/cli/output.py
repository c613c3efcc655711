"""Writes data to standard output and messages to standard error, safe for any terminal."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Mapping
from typing import Any

from trackscope.wire.json_text import dumps
from trackscope.wire.shown import escaped

MAX_SHOWN = 300

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def json_line(record: Mapping[str, Any]) -> str:
    """A record as one line of JSON: readable UTF-8, every control character escaped.

    >>> json_line({"name": "é\\x7f\\u202e"})
    '{"name":"é\\\\u007f\\\\u202e"}'
    """
    return escaped(dumps(record))


def shown(text: str) -> str:
    """A text from outside on one line of a message: cut, its control characters escaped.

    >>> shown("a\\x1b[2Jb")
    'a\\\\u001b[2Jb'
    """
    cut = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    return escaped(cut)


def emit(text: str) -> None:
    """Write a line to standard output; what its encoding does not have is escaped as in JSON."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = _BEYOND_ASCII.sub(lambda found: json.dumps(found.group())[1:-1], text)
    sys.stdout.write(text + "\n")


def say(sentence: str) -> None:
    """Write a message to standard error."""
    encoding = sys.stderr.encoding or "utf-8"
    line = f"trackscope: {escaped(sentence)}"
    print(line.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr)


class LineWriter:
    """Writes lines to standard output from any thread, each whole.

    It goes past the buffer, whose lock would be held while a write blocks.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Write a line, however long its reader takes; OSError when there is none any more."""
        rest = memoryview(f"{line}\n".encode())
        with self._lock:
            while rest:
                rest = rest[os.write(sys.stdout.fileno(), rest) :]
