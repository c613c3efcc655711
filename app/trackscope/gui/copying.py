"""Puts a request on the clipboard in one of the forms that others take."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from trackscope.capture.snippet import SNIPPETS, copy_as, note
from trackscope.wire.request import TrackRequest


def copy_request(request: TrackRequest, id_: str) -> str:
    """Copy the request as the snippet of that id; what to say of it, in a sentence."""
    label = next(each.label for each in SNIPPETS if each.id == id_)
    QGuiApplication.clipboard().setText(copy_as(request, id_))
    return f"Copied as {label}. {note(request, id_)}".strip()
