"""YAML as far as a plan needs it: the values of JSON, with comments and anchors, bounded.

Plain scalars are read as YAML 1.2 does: `no`, `on` and `2011-11-23` are strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from trackscope.errors import PlanError
from trackscope.wire.json_text import MAX_DEPTH
from trackscope.wire.shown import short

MAX_NODES = 1_000_000
"""Values of a text, each counted as often as aliases repeat it."""

_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
_STRING = "tag:yaml.org,2002:str"
_SEQUENCE = "tag:yaml.org,2002:seq"
_MAPPING = "tag:yaml.org,2002:map"
_MERGE = "tag:yaml.org,2002:merge"

_SCALARS = (
    (_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    (_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")),
    (_INT, re.compile(r"[-+]?(?:0|[1-9][0-9]{0,300})\Z"), list("-+0123456789")),
    (
        _FLOAT,
        re.compile(
            r"[-+]?(?:(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)\Z"
        ),
        list("-+.0123456789"),
    ),
)


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]  # PyYAML ships no types
    """PyYAML's safe loader with the scalars of YAML 1.2 and without a key that stands twice."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (filled below, as PyYAML does)
    yaml_constructors = {  # noqa: RUF012 (the same)
        tag: build
        for tag, build in yaml.CSafeLoader.yaml_constructors.items()
        if tag in (_NULL, _BOOL, _INT, _FLOAT, _STRING, _SEQUENCE, _MAPPING, None)
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
                continue
            key.tag = _STRING  # as every key of JSON
            if key.value in seen:
                line = key.start_mark.line + 1
                problem = f'Line {line}: the key "{short(key.value)}" stands twice.'
                raise PlanError(problem, "Remove one of them.")
            seen.add(key.value)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


for _tag, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)
_Loader.add_implicit_resolver(_MERGE, re.compile(r"<<\Z"), ["<"])


class _Dumper(yaml.CSafeDumper):  # type: ignore[misc]  # the same
    """Writes what both YAML 1.1 and 1.2 read alike, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def read_yaml(text: str) -> Any:
    """The value of a YAML text; PlanError with the line where it is none, or too much of it."""
    try:
        _bound(yaml.parse(text, Loader=_Loader))
        value = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as problem:
        raise PlanError(_sentence(problem)) from None
    except (ValueError, TypeError, RecursionError) as problem:
        raise PlanError(f"This is no YAML that a plan can be: {problem}.") from None
    return value


def write_yaml(value: Any) -> str:
    """The value as YAML: a line a value, keys in the order that they have.

    PlanError where it holds half an emoji, which YAML cannot.
    """
    try:
        text = yaml.dump(
            value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
        )
    except UnicodeEncodeError:
        raise PlanError("The plan has half an emoji in it.", "Write it as JSON.") from None
    return str(text)


def _bound(events: Iterator[yaml.Event]) -> None:
    """PlanError where the text is too deep, or comes to too much when its aliases are followed.

    It goes by the parser's events, which are flat, before anything is built.
    """
    sizes = [0]
    anchors: list[str | None] = [None]
    known: dict[str, int] = {}
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in known:
                raise _too_much(
                    event, f"*{short(event.anchor)} stands for nothing that ends before it"
                )
            sizes[-1] += known[event.anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            sizes.append(1)
            anchors.append(event.anchor)
            if len(sizes) > MAX_DEPTH:
                raise _too_much(event, f"it is nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            size, anchor = sizes.pop(), anchors.pop()
            sizes[-1] += size
            if anchor is not None:
                known[anchor] = size
        elif isinstance(event, yaml.ScalarEvent):
            sizes[-1] += 1
            if event.anchor is not None:
                known[event.anchor] = 1
        if sizes[-1] > MAX_NODES:
            raise _too_much(event, f"it comes to more than {MAX_NODES:,} values")


def _too_much(event: yaml.Event, problem: str) -> PlanError:
    return PlanError(f"Line {event.start_mark.line + 1}: {problem}.", "Write it out in less.")


def _sentence(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    what = getattr(problem, "problem", None) or "this is not YAML"
    return f"Line {mark.line + 1}, column {mark.column + 1}: {what}." if mark else f"{what}."
