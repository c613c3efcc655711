"""The delivery ledger as text for a terminal and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from trackscope.session.ledger import COUNTS, LedgerTable
from trackscope.session.masking import mask
from trackscope.session.numbering import Numbering, Range

MAX_RANGES = 20
"""Ranges of numbers that a sentence lists."""


FORGOTTEN = "So many events came that duplicates of the oldest are not told."


def ledger_record(table: LedgerTable) -> dict[str, Any]:
    """The ledger as a JSON object: `events`, `total`, `numbers`, `is_complete`.

    Ranges are pairs of the first and the last number; tokens are masked.
    """
    return {
        "events": [asdict(entry) for entry in table.entries],
        "total": {name: getattr(table.total, name) for name in COUNTS},
        "numbers": [
            asdict(each) | {"token": mask(each.token), "missing_count": each.missing_count}
            for each in table.numberings
        ],
        "is_complete": table.is_complete,
    }


def ledger_text(table: LedgerTable) -> str:
    """The ledger as a table, below it a sentence on every running number."""
    lines = list(_table(table))
    if table.numberings:
        has_one_project = len({each.token for each in table.numberings}) == 1
        lines += [""]
        lines += [
            numbering_text(each, token="" if has_one_project else mask(each.token))
            for each in table.numberings
        ]
    if not table.is_complete:
        lines += ["", FORGOTTEN]
    return "\n".join(lines)


def amiss_text(table: LedgerTable) -> str:
    """What is not as it should be, counted; empty for a ledger that is clean.

    >>> amiss_text(LedgerTable())
    ''
    """
    repeated = (each for numbering in table.numberings for each in numbering.repeated)
    counts = {
        "refused": table.total.refused,
        "duplicated": table.total.duplicated,
        "missing": sum(each.missing_count for each in table.numberings),
        "more than once": sum(each.last - each.first + 1 for each in repeated),
    }
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def numbering_text(numbering: Numbering, token: str = "") -> str:
    """What came of a running number, in a line; with the token where that is given.

    >>> numbering_text(Numbering("seq", "", "", "", 1, 9, 7, (Range(3, 4),), (Range(9, 9),)))
    'numbered by seq: 1 to 9, 7 came; 2 missing: 3 to 4; more than once: 9'
    """
    event = f" of {numbering.event}" if numbering.event else ""
    whose = "".join(f", {each}" for each in (numbering.sender, token) if each)
    whole = Range(numbering.first, numbering.last)
    parts = [f"numbered by {numbering.label}{event}{whose}: {whole}, {numbering.distinct} came"]
    if numbering.missing:
        parts.append(f"{numbering.missing_count} missing: {_listed(numbering.missing)}")
    if numbering.repeated:
        parts.append(f"more than once: {_listed(numbering.repeated)}")
    if len(parts) == 1:
        parts.append("none missing, none more than once")
    if numbering.left_out:
        parts.append(f"{numbering.left_out} not followed, so that more or less may be missing")
    return "; ".join(parts)


def _listed(ranges: tuple[Range, ...]) -> str:
    shown = ", ".join(map(str, ranges[:MAX_RANGES]))
    more = len(ranges) - MAX_RANGES
    return f"{shown} and {more} more ranges" if more > 0 else shown


def _table(table: LedgerTable) -> Iterator[str]:
    rows = [*table.entries, table.total]
    event_width = max(len(each.event) for each in rows) + 2
    sender_width = max(len("sender"), *(len(each.sender) for each in rows)) + 2
    widths = {name: max(len(name), len(f"{getattr(table.total, name):,}")) for name in COUNTS}
    heads = "  ".join(f"{name:>{width}}" for name, width in widths.items())
    yield f"{'event':{event_width}}{'sender':{sender_width}}{heads}"
    for row in rows:
        counts = "  ".join(f"{getattr(row, name):>{width},}" for name, width in widths.items())
        yield f"{row.event:{event_width}}{row.sender:{sender_width}}{counts}"
