"""What `trackscope listen` is told, by its options or by a TOML file: checked, and merged."""

from __future__ import annotations

import tomllib
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from trackscope.cli.output import shown
from trackscope.collector.faults import Fault, parse_faults
from trackscope.collector.limits import Limits
from trackscope.collector.server import LOOPBACK
from trackscope.errors import SourceError, UsageError
from trackscope.wire.era import ERAS

PORT = 8700
MAX_CONFIG = 1024 * 1024
MAX_PORT = 65_535


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """How the collector is run. `history` None is the user's own, `control` None is none."""

    port: int = PORT
    host: str = LOOPBACK
    era: str = "2011"
    strict: bool = False
    history: Path | None = None
    max_body: int = Limits().max_body
    follow: bool = False
    control: int | None = None
    fault: tuple[Fault, ...] = ()
    forward: str | None = None
    forward_token: tuple[tuple[str, str], ...] = ()
    forward_only: tuple[str, ...] = ()
    forward_accepted: bool = False
    forward_again: bool = False


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the file: what is expected of its value, and what the value becomes.

    `read` raises ValueError for a value that is not as expected. `folder` is the file's, by
    which a relative path is meant.
    """

    expected: str
    read: Callable[[Any, Path], Any]


def merged(arguments: Namespace) -> ListenSettings:
    """The settings: options win over the file that `--config` names, and both over defaults.

    Raises SourceError for a file that cannot be read, and UsageError for what cannot be used.
    """
    settings = ListenSettings()
    if arguments.config is not None:
        settings = replace(settings, **read_config(arguments.config))
    given = {name: getattr(arguments, name) for name in _FIELDS}
    if given["fault"] is not None:
        given["fault"] = parse_faults(given["fault"])
    chosen = {name: _fixed(value) for name, value in given.items() if value is not None}
    return replace(settings, **chosen)


def _fixed(value: Any) -> Any:
    """The value; a tuple for a list, as options that may be given again make one."""
    return tuple(value) if isinstance(value, list) else value


def read_config(path: Path) -> dict[str, Any]:
    """The settings of a TOML file, by field; its keys are spelled as the options are."""
    values = {}
    for name, value in _tables(path).items():
        key = _KEYS.get(name)
        if key is None:
            near = get_close_matches(name, _KEYS, 1)
            advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(_KEYS)}."
            raise UsageError(f"{path}: there is no key {shown(name)}.", advice)
        try:
            values[name.replace("-", "_")] = key.read(value, path.parent)
        except ValueError as problem:
            raise UsageError(
                f"{path}: {name} is {shown(repr(value))}.", f"Expected is {key.expected}."
            ) from problem
        except UsageError as problem:
            raise UsageError(f"{path}: {name}: {problem.message}", problem.next_step) from problem
    return values


def _tables(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_CONFIG + 1)
    except OSError as problem:
        raise SourceError(
            f"{path} cannot be read: {problem.strerror or problem}.", "Check the name."
        ) from problem
    if len(content) > MAX_CONFIG:
        raise SourceError(f"{path} is larger than {MAX_CONFIG:,} bytes.", "Is it the right file?")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as problem:  # a TOMLDecodeError is a ValueError
        raise SourceError(f"{path} is not TOML: {shown(str(problem))}.", "Mend it.") from problem


def _whole(smallest: int, largest: int) -> Callable[[Any, Path], int]:
    def read(value: Any, _: Path) -> int:
        if type(value) is not int or not smallest <= value <= largest:
            raise ValueError
        return value

    return read


def _is(kind: type) -> Callable[[Any, Path], Any]:
    def read(value: Any, _: Path) -> Any:
        if type(value) is not kind:
            raise ValueError
        return value

    return read


def _era(value: Any, _: Path) -> str:
    if not isinstance(value, str) or value not in ERAS:
        raise ValueError
    return value


def _path(value: Any, folder: Path) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError
    return folder / value


def _control(value: Any, folder: Path) -> int | None:
    if isinstance(value, bool):
        return 0 if value else None
    return _whole(0, MAX_PORT)(value, folder)


def _texts(value: Any, _: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError
    return tuple(value)


def _faults(value: Any, folder: Path) -> tuple[Fault, ...]:
    return parse_faults(_texts(value, folder))


def _pairs(value: Any, _: Path) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise ValueError
    if not all(key and isinstance(each, str) and each for key, each in value.items()):
        raise ValueError
    return tuple(value.items())


_A_PORT = f"a whole number from 0 (any free port) to {MAX_PORT}"
_FLAG = _Key("true or false", _is(bool))
_KEYS: Mapping[str, _Key] = {
    "port": _Key(_A_PORT, _whole(0, MAX_PORT)),
    "host": _Key("a text: a name or an address", _is(str)),
    "era": _Key(f"one of {', '.join(ERAS)}", _era),
    "strict": _FLAG,
    "history": _Key("a text: the path of a file", _path),
    "max-body": _Key("a whole number of bytes", _whole(1, 2**40)),
    "follow": _FLAG,
    "control": _Key(f"true, false, or {_A_PORT}", _control),
    "fault": _Key('a list of texts, as in ["500 every 3"]', _faults),
    "forward": _Key("a text: the URL of a server", _is(str)),
    "forward-token": _Key('a table of texts, as in { "from" = "to" }', _pairs),
    "forward-only": _Key("a list of texts: names of events", _texts),
    "forward-accepted": _FLAG,
    "forward-again": _FLAG,
}
_FIELDS = tuple(name.replace("-", "_") for name in _KEYS)
