"""The table of a run: on the terminal, and as docs/benchmarks.md."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machine import facts, load
from tests.bench.measure import Row, amount

HEAD = ("measured", "ours", "against", "result", "aim", "")

INTRODUCTION = """\
# Benchmarks

The last run of `make bench`. Both sides of every row ran in the same run, one after the other and
again, and the numbers are medians; so the ratios mean more than the absolute times, which differ
from machine to machine and from hour to hour. Nothing here is asserted by a test.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one group, and how they were measured."""

    title: str
    note: str
    rows: list[Row]


def show_facts() -> None:
    """Print what is measured on."""
    print(" · ".join(f"{name} {value}" for name, value in facts().items()))
    print(f"load before: {load()}", flush=True)


def show(section: Section, took_s: float) -> None:
    """Print a section as aligned columns."""
    print(f"\n{section.title} ({took_s:.0f} s)")
    table = [_cells(row) for row in section.rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        print("  " + "  ".join(padded).rstrip(), flush=True)


def write(path: Path, sections: Iterable[Section]) -> None:
    """Write the file in place of the one of the run before."""
    lines = [INTRODUCTION]
    lines += [f"- {name}: {value}" for name, value in facts().items()]
    lines += [f"- Load when it ended: {load()}", f"- Day: {time.strftime('%Y-%m-%d')}"]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.note, "", _line(HEAD)]
        lines += [_line(["---"] * len(HEAD)), *(_line(_cells(row)) for row in section.rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"\nwritten to {path}")


def _cells(row: Row) -> list[str]:
    aim = str(row.aim) if row.aim else "–"
    return [row.what, row.ours, row.against, amount(row.measured, row.unit), aim, row.verdict]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
