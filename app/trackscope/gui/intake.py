"""What comes into Compose from outside: the clipboard, a drop, a file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from trackscope.capture.detect import read_text
from trackscope.capture.found import Found
from trackscope.gui.bridge import TaskScope, ask
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.session.composer import Composer

QUICK = 20_000
"""Characters that are read at once, in well under the time of a frame."""

MAX_READ = 32 * 1024 * 1024
"""Bytes that are read of a file, and characters of a clipboard."""

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
    """Reads texts away from the window's thread; `said` tells what was found, or why nothing was.

    Nothing that is pasted, dropped or opened is run, fetched or followed.
    """

    said = Signal(str)

    def __init__(self, composer: Composer, scope: TaskScope, window: QWidget) -> None:
        super().__init__(window)
        self._composer = composer
        self._scope = scope
        self._window = window

    def paste_clipboard(self) -> None:
        """Take over what is on the clipboard, whatever it is."""
        self.read(QGuiApplication.clipboard().text())

    def read(self, text: str) -> None:
        """Take over the first request of a text."""
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
            self._take(found)
        else:
            editor.insert(text)

    async def _found(self, text: str) -> Found:
        """What is in a text; a long one is read in a thread, since it can take seconds."""
        base = self._composer.target.url
        if len(text) < QUICK:
            return read_text(text, base)
        return await asyncio.to_thread(read_text, text, base)

    def read_dropped(self, mime: QMimeData) -> None:
        """Take over a dropped file or text; a dropped address is text, and is not fetched."""
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.read_file(Path(paths[0]))
        else:
            self.read(mime.text())

    def read_file(self, path: Path) -> None:
        """Take over the first request of a file's text."""
        self._scope.start(self._read_file(path), name="read")

    def choose_file(self) -> None:
        """Let a file be chosen, and read it."""
        self._scope.start(self._choose_file(), name="choose")

    async def _choose_file(self) -> None:
        dialog = QFileDialog(self._window, "Open a text")
        dialog.setObjectName("openFile")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if await ask(dialog) and dialog.selectedFiles():
            await self._read_file(Path(dialog.selectedFiles()[0]))

    async def _read_file(self, path: Path) -> None:
        try:
            data = await asyncio.to_thread(_start_of, path)
        except OSError as problem:
            self.said.emit(f"{path} cannot be read: {problem.strerror}.")
            return
        if len(data) > MAX_READ:
            self.said.emit(f"{path.name} is larger than 32 MB. Take a part of it.")
        else:
            await self._read(data.decode("utf-8", "replace"))

    async def _read(self, text: str) -> None:
        if len(text) > MAX_READ:
            self.said.emit(TOO_LARGE)
        else:
            self._take(await self._found(text))

    def _take(self, found: Found) -> None:
        if not found.requests:
            self.said.emit(found.problem)
            return
        first = found.requests[0]
        self._composer.begin(first.request, "paste")
        parts = [f"Read from {KINDS[found.kind]}."]
        if len(found.requests) > 1:
            parts.append(f"It is the first of {len(found.requests)} requests.")
        parts += [f"{note[:1].upper()}{note[1:].removesuffix('.')}." for note in first.notes]
        self.said.emit(" ".join(parts))


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_READ + 1)
