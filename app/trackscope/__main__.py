"""The one entry: a command goes to the command line, files or nothing open the window."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run Trackscope; the exit code (0 good, 1 the check found something, 2 could not)."""
    if arguments is None:
        arguments = sys.argv[1:]
    # imported only now, so that `--version` waits for nothing that it does not need
    from trackscope.cli.app import asks_for_window, run

    return _open_window(arguments) if asks_for_window(arguments) else run(arguments)


def _open_window(arguments: list[str]) -> int:
    try:
        from trackscope.gui.app import main as open_window
    except ImportError as problem:
        if (problem.name or "").partition(".")[0] not in ("PySide6", "shiboken6", "qasync"):
            raise
        print(f"trackscope: {_why_no_window(problem)}", file=sys.stderr)
        return 2
    return open_window(arguments)


def _why_no_window(problem: ImportError) -> str:
    if isinstance(problem, ModuleNotFoundError):
        why = (
            f"The window needs {problem.name}, which is not installed here. "
            "Install it with: pip install PySide6-Essentials qasync."
        )
    else:  # Qt is there, but a system library that it needs is not
        why = f"The window cannot start: {problem}. Install the system library that is named."
    return f"{why} The commands work without it: trackscope --help."


if __name__ == "__main__":
    sys.exit(main())
