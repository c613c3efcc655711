"""The house style that no linter counts: sizes, names and docstrings of modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "app" / "trackscope"
MODULES = sorted(PACKAGE.rglob("*.py"))
VAGUE_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}

FUNCTION_LINES = 50
CLASS_LINES = 250
MODULE_LINES = 400


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _too_long(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            limit = FUNCTION_LINES
        elif isinstance(node, ast.ClassDef):
            limit = CLASS_LINES
        else:
            continue
        if _lines(node) > limit:
            yield f"{node.name} has {_lines(node)} lines, more than {limit}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_functions_classes_and_modules_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert list(_too_long(ast.parse(text))) == []
    assert text.count("\n") <= MODULE_LINES


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    first = docstring.split("\n\n")[0]
    assert first.endswith(".")


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_module_is_named_for_nothing_in_particular(path: Path) -> None:
    assert not VAGUE_NAMES & set(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_editor_is_kept_quiet_by_blocking_its_signals(path: Path) -> None:
    assert "blockSignals" not in path.read_text(encoding="utf-8")
