"""Widgets of one test are gone before the next begins, in the window's own thread."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent


@pytest.fixture(autouse=True)
def _swept() -> Iterator[None]:
    """A worker's thread must not be the one that ends Qt's objects."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
