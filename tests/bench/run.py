"""`make bench`: measures ours and the others in one run, and writes docs/benchmarks.md.

    python tests/bench/run.py [--quick] [GROUP …]

Without groups all are measured. A quick run makes few short rounds: enough to see that it works,
not to judge by, so it leaves the file alone; so does a run of some groups.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parents[2]

GROUPS = (
    "command_line", "startup", "keystroke", "decoding", "har", "accesslog", "history", "collector",
    "plan_check", "sending", "idle", "frames",
)  # fmt: skip
"""The modules of this folder that measure: each has `TITLE` and `rows(is_quick) -> list[Row]`."""


def main() -> int:
    """Measure, print, write; 1 where something could not be measured."""
    sys.path[0] = str(ROOT)  # instead of this folder, so that no module here hides another
    from tests.bench import report
    from tests.bench.surroundings import MissingProgramError

    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("group", nargs="*", choices=[*GROUPS, []], help="measure only these")
    parser.add_argument("--quick", action="store_true", help="few short rounds")
    arguments = parser.parse_args()
    sections = []
    failed = 0
    report.show_facts()
    for name in arguments.group or GROUPS:
        group = import_module(f"tests.bench.{name}")
        started = monotonic()
        try:
            section = report.Section(group.TITLE, group.NOTE, group.rows(arguments.quick))
        except MissingProgramError as problem:
            print(f"\n{group.TITLE}: not measured, {problem}")
            failed = 1
            continue
        sections.append(section)
        report.show(section, monotonic() - started)
    if not (arguments.quick or arguments.group or failed):
        report.write(ROOT / "docs" / "benchmarks.md", sections)
    return failed


if __name__ == "__main__":
    sys.exit(main())
