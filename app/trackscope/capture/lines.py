"""The lines of a capture, numbered; one that never ends is told and passed over."""

from __future__ import annotations

from collections.abc import Iterator

from trackscope.capture.report import Report
from trackscope.capture.stream import MAX_LINE, Stream


def lines(stream: Stream, report: Report) -> Iterator[tuple[int, bytes]]:
    r"""Number (from 1) and bytes of every line, with its line end, blank ones too.

    >>> from io import BytesIO
    >>> list(lines(Stream(BytesIO(b"a\n\nb")), Report()))
    [(1, b'a\n'), (2, b'\n'), (3, b'b')]
    """
    number, is_too_long = 1, False
    for block in stream.blocks():
        *ended, rest = block.split(b"\n")
        for line in ended:
            if not is_too_long:
                yield number, line + b"\n"
            number, is_too_long = number + 1, False
        if len(rest) > MAX_LINE:
            is_too_long = True
            limit = f"{MAX_LINE // 1024 // 1024} MB"
            report.tell(f"Line {number} is longer than {limit}: it was passed over.")
        elif rest and not is_too_long:
            yield number, rest
