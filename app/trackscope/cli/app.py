"""The command line's front door: finds the command, runs it, and ends with its exit code."""

from __future__ import annotations

import os
import sys

from trackscope import __version__

COMMANDS = {
    "encode": "turn an event or batch as JSON into Base64, a URL, a curl command, …",
    "decode": "show what tracking requests carry and what the rules say of it",
    "send": "compose one request, send it, and show the answer",
    "listen": "run the collector alone",
    "import": "read captures into a history",
    "index": "bring the index of a history up to date",
    "export": "write the exchanges of a history for other programs",
    "ledger": "say what came of every event: accepted, refused, duplicated, missing",
    "check": "check captures and histories against a tracking plan",
    "plan": "learn a tracking plan from captures, or convert another tool's",
    "diff": "show in what the events of two captures differ",
    "rules": "list the rules and the sentences that they rest on",
}
"""Every command with what it does, in the order of `--help`. Each is a module of this package
with `add_arguments(parser)` and `run(arguments) -> int`, imported when it is asked for."""

_MODULES = {"import": "importing"}
"""The modules of commands that are words of Python's own."""

GOOD, FOUND, FAILED = 0, 1, 2
"""The exit codes: all good; the check found something; bad usage or nothing could be done."""

INTERRUPTED = 130
READER_GONE = 141
"""What shells report for a program ended by SIGINT and by SIGPIPE."""

_HELP = ("-h", "--help", "help")


def asks_for_window(arguments: list[str]) -> bool:
    """Whether these arguments open the window: none at all, or files to open in it."""
    if not arguments:
        return True
    first = arguments[0]
    return first not in COMMANDS and not first.startswith("-") and os.path.exists(first)


def run(arguments: list[str]) -> int:
    """Run a command; its exit code. Messages go to standard error, data to standard output."""
    first = arguments[0] if arguments else "--help"
    if first == "--version":
        print(f"trackscope {__version__}")
        return GOOD
    if first in _HELP and len(arguments) < 2:
        print(_usage())
        return GOOD
    if first == "help":
        return run([arguments[1], "--help"])
    if first not in COMMANDS:
        print(_unknown(first), file=sys.stderr)
        return FAILED
    return _run_command(first, arguments[1:])


def _run_command(name: str, arguments: list[str]) -> int:
    from importlib import import_module

    from trackscope.cli.output import say
    from trackscope.errors import TrackscopeError

    try:
        command = import_module(f"trackscope.cli.{_MODULES.get(name, name)}")
        code = int(command.run(_parsed(command, name, arguments)))
        sys.stdout.flush()
    except SystemExit as end:  # argparse ends so: --help with 0, bad usage with 2
        return end.code if isinstance(end.code, int) else FAILED
    except TrackscopeError as problem:
        say(str(problem))
        return FAILED
    except BrokenPipeError:
        _let_go_of_output()
        return READER_GONE
    except OSError as problem:  # a full disk, a lost terminal
        say(f"Stopped: {problem.strerror or problem}.")
        _let_go_of_output()
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _parsed(command: object, name: str, arguments: list[str]) -> object:
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    parser = ArgumentParser(
        prog=f"trackscope {name}",
        description=command.__doc__,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,  # an option added later must not change what a script means
    )
    command.add_arguments(parser)  # type: ignore[attr-defined]  # a module named in COMMANDS
    return parser.parse_args(arguments)


def _let_go_of_output() -> None:
    """The reader has left: what is still buffered goes nowhere, without a word at exit."""
    from contextlib import suppress

    with suppress(OSError):  # standard output may be no file: nothing goes into it either then
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage() -> str:
    width = max(map(len, COMMANDS)) + 2
    lines = [
        "usage: trackscope                    open the window",
        "       trackscope FILE …             open files in it",
        "       trackscope COMMAND …          work without a window",
        "       trackscope --version | --help",
        "",
        "A debugger for the Mixpanel tracking protocol.",
        "",
        "commands (trackscope COMMAND --help says more):",
        *(f"  {name:{width}}{summary}" for name, summary in COMMANDS.items()),
        "",
        "Data goes to standard output, messages to standard error. The exit code is 0 when all is",
        "good, 1 when the check found something, and 2 for bad usage, unreadable input, no answer.",
    ]
    return "\n".join(lines)


def _unknown(first: str) -> str:
    from difflib import get_close_matches

    from trackscope.cli.output import shown

    if first.startswith("-"):
        return f"trackscope: There is no option {shown(first)}. See: trackscope --help."
    near = get_close_matches(first, COMMANDS, 1)
    advice = f"Did you mean: trackscope {near[0]}?" if near else "See: trackscope --help."
    return f"trackscope: {shown(first)} is neither a command nor a file that exists. {advice}"
