"""Reads the expectations of a file: a plan that has some, or a file of nothing else."""

from __future__ import annotations

import re
from typing import Any

import yaml

from trackscope.errors import PlanError
from trackscope.plan.expectation import Expectation
from trackscope.plan.expectation_reading import read_expectations
from trackscope.plan.yaml_text import read_yaml
from trackscope.wire.json_text import steps

KEY = "expect"
"""Where the expectations stand in a plan, beside its entries."""

MAX_TEXT = 16 * 1024 * 1024
"""Characters of a file that are read."""

MAX_TOLD = 5
"""Mistakes that are told at once."""

_UNQUOTED = re.compile(r"[:\[,-] *[>*&@%!|`]")
_QUOTE = 'A value that begins with a sign is put in quotes: "> 0", "*".'


def load_expectations(text: str, name: str) -> tuple[Expectation, ...]:
    """The expectations under `expect` of a YAML or JSON text; none where it has no such key.

    `name` is what the file is called. PlanError tells the mistakes with their lines.

    >>> [each.text for each in load_expectations("expect:\\n- never: Error", "e.yaml")]
    ['never Error']
    """
    if len(text) > MAX_TEXT:
        limit = MAX_TEXT // 1024 // 1024
        raise PlanError(f"{name} is larger than {limit} MB.", "Split it.")
    try:
        value = read_yaml(text.removeprefix("\ufeff"))
    except PlanError as problem:
        hint = _QUOTE if _UNQUOTED.search(text) else ""
        raise PlanError(f"{name}: {problem.message}", problem.next_step or hint) from None
    if not isinstance(value, dict) or KEY not in value:
        return ()
    written = read_expectations(value[KEY], f"/{KEY}")
    if written.mistakes:
        top = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.CSafeLoader)
        told = " ".join(
            f"Line {_line(top, each.at)}: {each.message}" for each in written.mistakes[:MAX_TOLD]
        )
        more = len(written.mistakes) - MAX_TOLD
        raise PlanError(f"{name}: {told}", f"There are {more:,} more mistakes." if more > 0 else "")
    return written.expectations


def _line(top: Any, pointer: str) -> int:
    """The line, from 1, to which a JSON pointer leads in a YAML text, or as far as it leads."""
    node, line = top, 0
    for step in steps(pointer):
        found = _child(node, step)
        if found is None:
            break
        key, node = found
        line = key.start_mark.line
    return int(line) + 1


def _child(node: Any, step: str) -> tuple[Any, Any] | None:
    """Where what a step leads to begins, and that itself; None where it leads nowhere."""
    if isinstance(node, yaml.SequenceNode):
        at = int(step) if step.isdecimal() else len(node.value)
        return (node.value[at], node.value[at]) if at < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        pairs = (pair for pair in node.value if str(pair[0].value) == step)
        return next(pairs, None)
    return None
