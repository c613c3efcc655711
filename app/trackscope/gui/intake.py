"""What comes in from outside: the clipboard, a drop, a text with requests."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from trackscope.capture.found import Found
from trackscope.gui.bridge import TaskScope
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.session.composer import Composer

QUICK = 20_000
"""Characters that are read at once, in well under the time of a frame."""

MAX_READ = 32 * 1024 * 1024
"""Characters that are read of a clipboard."""

TOO_LARGE = "This is larger than 32 MB, and nothing was changed. Take a part of it."


KINDS = {
    "url": "a URL",
    "urls": "URLs",
    "curl": "a curl command",
    "base64": "Base64",
    "json": "JSON",
    "form": "a form body",
    "http": "an HTTP message",
    "ndjson": "NDJSON",
    "mail": "an e-mail",
    "table": "a table",
    "html": "HTML",
    "python": "Python",
    "javascript": "JavaScript",
    "powershell": "PowerShell",
    "text": "the text",
}
"""What `Found.kind` is called in a sentence."""


class Intake(QObject):
    """Reads texts away from the window's thread: one request goes into Compose.

    `said` tells what was found, or why nothing was; `taken` that a request went into Compose.
    `found` carries the text of several requests, or the paths of files: Traffic opens them.
    Nothing that is pasted or dropped is run, fetched or followed.
    """

    said = Signal(str)
    taken = Signal()
    found = Signal(object)

    def __init__(self, composer: Composer, scope: TaskScope, window: QWidget) -> None:
        super().__init__(window)
        self._composer = composer
        self._scope = scope
        self._window = window

    def paste_clipboard(self) -> None:
        """Take over what is on the clipboard, whatever it is."""
        self.read(QGuiApplication.clipboard().text())

    def read(self, text: str) -> None:
        """Take over the request of a text; several are for Traffic."""
        self._scope.start(self._read(text), name="read")

    def paste_into(self, editor: CodeEdit, kinds: frozenset[str], text: str) -> None:
        """Insert pasted text, or take over the request that it is.

        `kinds` are the forms that belong into this editor as they are: JSON into JSON.
        """
        self._scope.start(self._paste_into(editor, kinds, text), name="paste")

    async def _paste_into(self, editor: CodeEdit, kinds: frozenset[str], text: str) -> None:
        if len(text) > MAX_READ:
            self.said.emit(TOO_LARGE)
            return
        found = await self._found(text)
        if found.requests and found.kind not in kinds | {"text"}:
            self._take(found, text)
        else:
            editor.insert(text)

    async def _found(self, text: str) -> Found:
        """What is in a text; a long one is read in a thread, since it can take seconds."""
        base = self._composer.target.url
        if len(text) < QUICK:
            return _read_text(text, base)
        return await asyncio.to_thread(_read_text, text, base)

    def read_dropped(self, mime: QMimeData) -> None:
        """Tell of dropped files, or take over a text; an address is text, and is not fetched."""
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.found.emit(paths)
        else:
            self.read(mime.text())

    async def _read(self, text: str) -> None:
        if len(text) > MAX_READ:
            self.said.emit(TOO_LARGE)
        else:
            self._take(await self._found(text), text)

    def _take(self, found: Found, text: str) -> None:
        if not found.requests:
            self.said.emit(found.problem)
            return
        if len(found.requests) > 1:
            self.found.emit(text)
            return
        first = found.requests[0]
        self._composer.begin(first.request, "paste")
        self.taken.emit()
        parts = [f"Read from {KINDS[found.kind]}."]
        parts += [f"{note[:1].upper()}{note[1:].removesuffix('.')}." for note in first.notes]
        self.said.emit(" ".join(parts))


def _read_text(text: str, base: str) -> Found:
    # imported here: a window that starts waits for no reader
    from trackscope.capture.detect import read_text

    return read_text(text, base)
