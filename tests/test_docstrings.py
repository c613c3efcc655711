"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "app"


def _modules_with_examples() -> list[str]:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            found.append(".".join(path.relative_to(SOURCE).with_suffix("").parts))
    return [name.removesuffix(".__init__") for name in found]


@pytest.mark.parametrize("name", _modules_with_examples())
def test_an_example_gives_what_it_shows(name: str) -> None:
    if name.startswith("trackscope.gui"):
        pytest.importorskip("PySide6")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
