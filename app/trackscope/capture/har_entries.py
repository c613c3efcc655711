"""Walks through the entries of a HAR file, parsing only those that may be tracking requests.

At first every entry is parsed: that its text is well-formed from the byte where it begins proves
where it ends. Entries mostly end alike, so their ends are searched for; where that guess fails
they are found by counting brackets. After HURRY_AFTER bytes of entries in which the key
"request" stands exactly once each, only those keys are searched for: in JSON an unescaped
`"request"` is always a whole string, whatever the layout. See docs/decisions/0030-har.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import orjson

from trackscope.capture.har_window import ValueEnd, Window, parsed, value_at
from trackscope.capture.report import Report
from trackscope.capture.shape import may_track

MAX_ENTRY = 16 * 1024 * 1024
"""Bytes of one entry that are held; of a larger one only the request is read."""

HURRY_AFTER = 8 * 1024 * 1024
"""Bytes of entries that are all parsed, before it is taken for granted what they are like."""

MAX_DAMAGED = 10
"""Damaged entries that are stepped over before the rest is given up."""

REQUEST = b'"request"'
RESPONSE = b'"response"'
POST_DATA = b'"postData"'

_GAP = re.compile(rb"[ \t\r\n]*+,?+[ \t\r\n]*+")
_SCALAR = re.compile(rb"[-+.\w]*+")
_NEXT = re.compile(rb'(?P<gap>[ \t\r\n]*,[ \t\r\n]*)\{[ \t\r\n]*"[^"\\]{1,64}"')
_LAST_LINE = re.compile(rb"\r?\n[ \t]*\}\Z")
_COLON = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*(?=\{)")

_URL = re.compile(rb'"url"[ \t\r\n]*:[ \t\r\n]*("(?:[^"\\]++|\\.)*+")')
_REQUEST_LINE = re.compile(rb'\n[ \t]*"request"')
_STRING_LINE = re.compile(rb'[ \t]*"\w+"[ \t]*:[ \t]*"')
_STRIDE = 4096
"""Bytes that are searched before it is looked whether they are within a long line."""

_NEXT_ROOM = 4096
"""Bytes between two entries that are looked at to learn how they are divided."""

_HEAD = 256 * 1024
_MAX_BRACES = 500
"""Bytes and objects of an entry before its request through which its beginning is sought."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as parsed, its index in log.entries; `note` says what of it was not read."""

    index: int
    value: dict[str, Any]
    note: str = ""


class Entries:
    """The entries that may be tracking requests, in order; the window is at the first.

    Iterate it once. `is_closed` tells afterwards that the list was read up to its end: the window
    is behind it then. What else happened was told to the report.
    """

    def __init__(self, window: Window, report: Report) -> None:
        self.is_closed = False
        self.index = 0
        self._window = window
        self._report = report
        self._divider = _Divider()
        self._is_alike = self._has_lines = True
        self._is_stopped = False
        self._damaged = 0
        self._hurry_at = window.offset + HURRY_AFTER

    def __iter__(self) -> Iterator[Entry]:
        while self._is_at_entry():
            if self._is_alike and self._divider.text and self._window.offset >= self._hurry_at:
                self._pass_over()
            entry = self._entry()
            if entry is not None:
                yield entry

    def _is_at_entry(self) -> bool:
        """Move to the next entry; False behind the last, and where nothing more can be read."""
        while not (self.is_closed or self._is_stopped):
            first = self._window.skip(_GAP)
            if first == ord("{"):
                return True
            if first < 0:
                self._stop(f"The file ends after {self.index:,} entries, before their list does")
            elif first == ord("]"):
                self._window.place += 1
                self.is_closed = True
            elif not self._is_passed_by(first):
                self._stop(f"{self._where()} is no JSON")
        return False

    def _is_passed_by(self, first: int) -> bool:
        """Step over an element of the list that is no object; False where it is no JSON."""
        start = self._window.offset
        if first in b'["':
            is_whole = ValueEnd().pass_by(self._window)
        else:
            self._window.skip(_SCALAR)
            is_whole = self._window.offset > start
        if is_whole:
            self.index += 1
            self._report.pass_over("an entry that is no object")
        return is_whole

    def _entry(self) -> Entry | None:
        """Step over the entry that begins here, and give it if it may be a tracking request."""
        window = self._window
        guess = self._divider.find(window)
        raw = window.data[window.place : window.place + guess] if guess > 0 else b""
        value = _quickly(raw)
        if value is None:
            length = ValueEnd().within(window, MAX_ENTRY)
            if length < 0 and guess < 0:
                return self._large()
            raw = window.data[window.place : window.place + max(length, 0)]
            value = _slowly(raw)
            if value is None:
                self._leave_out(min(each for each in (length, guess) if each > 0))
                return None
        entry = Entry(self.index, value)
        self.index += 1
        window.place += len(raw)
        self._divider.learn(window, raw)
        self._is_alike = self._is_alike and _is_common(raw)
        self._has_lines = self._has_lines and _REQUEST_LINE.search(raw) is not None
        return self._chosen(entry, _asked(raw))

    def _leave_out(self, length: int) -> None:
        """Step over a damaged entry, as far as it seems to go."""
        self._report.tell(f"{self._where()} is damaged and was left out: mend or export it anew.")
        self._report.pass_over("a damaged entry")
        self._damaged += 1
        self.index += 1
        self._window.place += length
        if self._damaged > MAX_DAMAGED:
            self._stop(f"More than {MAX_DAMAGED} entries are damaged")

    def _large(self) -> Entry | None:
        """Step over an entry that is not held as a whole: its request alone is looked at."""
        window, index, where = self._window, self.index, self._where()
        held = window.data[window.place :]
        asked, end = _asked(held), ValueEnd()
        if window.has_ended or not end.pass_by(window):
            why = "is nested too deep" if end.is_too_deep else "is cut off or damaged"
            self._stop(f"{where} {why}")
            return None
        self.index += 1
        request = _object_after(REQUEST, held)
        limit = f"{MAX_ENTRY // 1024 // 1024} MB"
        if request is None:
            self._report.pass_over(f"an entry of more than {limit}")
            if _may_track(asked):
                self._report.tell(f"{where} has a request larger than {limit}: it was not read.")
            return None
        note = f"only the request was read: the entry is larger than {limit}"
        return self._chosen(Entry(index, {"request": request}, note), asked)

    def _chosen(self, entry: Entry, asked: bytes) -> Entry | None:
        if _may_track(asked):
            return entry
        self._report.pass_over()
        return None

    def _pass_over(self) -> None:
        """Step from entry to entry by their requests, up to one that may be a tracking one.

        The window comes to stand where an entry begins: that one, or the last that is held when
        no further is found.
        """
        window = self._window
        key, number, at = -1, -1, window.offset
        while True:
            found, answer = _next_request(window, at, has_lines=self._has_lines)
            if answer >= 0:
                key, number, at = found, number + 1, found + len(REQUEST)
                if _may_track(window.data[found - window.start : answer - window.start]):
                    self._is_alike = self._is_moved(key, number)
                    return
                continue
            if self._is_moved(key, number):
                number = min(number, 0)
            at = found if found >= 0 else max(at, window.offset + window.held - len(REQUEST))
            if window.held > MAX_ENTRY or not window.grow():
                self._is_alike = number <= 0 and found < 0
                return

    def _is_moved(self, key: int, number: int) -> bool:
        """Step over `number` entries to the one whose key "request" is at offset `key`."""
        if number <= 0:
            return True
        window = self._window
        begin = self._divider.begin(window.data, window.place + 1, key - window.start)
        if begin < 0:
            return False
        window.place = begin
        self.index += number
        self._report.pass_over(count=number)
        return True

    def _where(self) -> str:
        return f"Entry {self.index:,}, which begins at byte {self._window.offset:,},"

    def _stop(self, problem: str) -> None:
        self._is_stopped = True
        self._report.conclude(f"{problem}: what came before was read. Export the file anew.")


class _Divider:
    """How one entry ends and the next begins: a guess that is learned, and always verified.

    `text` has the end of the first, up to the brace of the next; where entries are not on lines
    of their own, up to the first key, since braces alone divide many things.
    """

    __slots__ = ("_brace", "_tail", "text")

    def __init__(self) -> None:
        self.text = b""
        self._tail = self._brace = 0

    def learn(self, window: Window, raw: bytes) -> None:
        """Look at what follows an entry that the window has been moved behind."""
        if self.text and window.data.startswith(self.text, window.place - self._tail):
            return
        window.fill(_NEXT_ROOM)
        match = _NEXT.match(window.data, window.place)
        if match is None:
            return
        line = _LAST_LINE.search(raw, max(0, len(raw) - _NEXT_ROOM))
        tail = line.group() if line else b"}"
        self._tail, self._brace = len(tail), len(tail) + len(match["gap"])
        has_lines = b"\n" in tail + match["gap"]
        self.text = tail + (match["gap"] + b"{" if has_lines else match.group())

    def find(self, window: Window) -> int:
        """The length that the entry at the window's place may have; -1 for no idea."""
        at = window.find(self.text, MAX_ENTRY) if self.text else -1
        return at + self._tail if at >= 0 else -1

    def begin(self, data: bytes, low: int, key: int) -> int:
        """Where the object with this key begins, an element of a list; -1 where not in sight.

        From its brace on, all up to the key is JSON; from a brace within a string it never is.
        """
        for brace in islice(self._braces(data, max(low, key - _HEAD), key), _MAX_BRACES):
            if _quickly(data[brace:key] + b'"request":0}') is not None:
                before = data[max(0, brace - _NEXT_ROOM) : brace].rstrip()
                return brace if before.endswith((b",", b"[")) else -1
        return -1

    def _braces(self, data: bytes, low: int, key: int) -> Iterator[int]:
        """Where it may begin: first where entries are divided, then at any brace, backwards."""
        at = data.rfind(self.text, low, key)
        if at >= 0:
            yield at + self._brace
        brace = key
        while (brace := data.rfind(b"{", low, brace)) >= 0:
            yield brace


def _is_common(raw: bytes) -> bool:
    return raw.count(REQUEST) == 1 and raw.find(RESPONSE, raw.find(REQUEST)) >= 0


def _quickly(raw: bytes) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return value


def _slowly(raw: bytes) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] = parsed(raw)
    except ValueError:
        return None
    return value


def _next_request(window: Window, at: int, *, has_lines: bool) -> tuple[int, int]:
    """The offsets of the next key "request" and of "response" behind it; -1 where not held."""
    data, start = window.data, window.start
    find = partial(_find_in_lines, data) if has_lines else data.find
    key = find(REQUEST, at - start)
    while key > 0 and data[key - 1] == ord("\\"):  # the end of a string, not one of its own
        key = find(REQUEST, key + 1)
    if key < 0:
        return -1, -1
    answer = data.find(RESPONSE, key)
    return key + start, answer + start if answer >= 0 else -1


def _find_in_lines(data: bytes, wanted: bytes, at: int) -> int:
    """As `data.find`, but leaping over the rest of long lines that hold one string each."""
    while (found := data.find(wanted, at, at + _STRIDE)) < 0 and at + _STRIDE < len(data):
        at += _STRIDE - len(wanted)
        line = data.rfind(b"\n", 0, at) + 1
        if _STRING_LINE.match(data, line):
            at = data.find(b"\n", at)
            if at < 0:
                return -1
    return found


def _asked(raw: bytes) -> bytes:
    """The part of an entry in which its request stands, or more."""
    first = raw.find(REQUEST)
    if first < 0:
        return raw
    answer = raw.find(RESPONSE, raw.rfind(REQUEST))
    return raw[first:] if answer < 0 else raw[first:answer]


def _may_track(asked: bytes) -> bool:
    """Whether a request may be a tracking one; of one without a body only the URL is looked at."""
    urls = () if POST_DATA in asked else _URL.findall(asked)
    return may_track(b" ".join(urls) if urls else asked)


def _object_after(key: bytes, raw: bytes) -> dict[str, Any] | None:
    """The object that follows a key, if it is there as a whole."""
    colon = _COLON.match(raw, raw.find(key) + len(key)) if key in raw else None
    if colon is None:
        return None
    return _quickly(value_at(raw, colon.end()))
