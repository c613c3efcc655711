"""Finds a bundled file (a font, an icon, a sample) wherever the program runs from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from trackscope.errors import TrackscopeError


class MissingResourceError(TrackscopeError):
    """A file that belongs to the program is not where the program was installed."""


def find(name: str) -> Path:
    """The path of the bundled file or folder `name`, such as "icons/send.svg".

    Raises `MissingResourceError` if no part of the installation holds it.
    """
    tried = list(_folders())
    for folder in tried:
        path = folder / name
        if path.exists():
            return path
    raise MissingResourceError(
        f"The program's own file {name} is missing from {tried[0]}.",
        "Install Trackscope again: the installation is incomplete.",
    )


def _folders() -> Iterator[Path]:
    """Where resources may lie: in a frozen build, in a wheel, in a checkout."""
    frozen = getattr(sys, "_MEIPASS", None)  # set by the frozen build's start-up code
    if frozen is not None:
        yield Path(frozen) / "trackscope" / "_resources"
    package = Path(__file__).resolve().parent
    yield package / "_resources"
    yield package.parent.parent / "resources"
