"""The one entry: arguments go to the command line, none open the window."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run Trackscope; returns the exit code (0 good, 1 the check found something, 2 could not)."""
    from trackscope.cli.app import run

    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
