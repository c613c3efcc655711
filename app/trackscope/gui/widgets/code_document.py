"""Keeps Qt's document in step with the text that it displays, in both directions."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor, QTextDocument

from trackscope.gui.widgets.soft_text import Patch, SoftText

Change = tuple[int, int, str]
"""Start, end, and what takes the place of the characters between."""

_KEEP = QTextCursor.MoveMode.KeepAnchor


def units(shown: str) -> int:
    """The text's length as Qt counts it: characters outside the BMP count twice."""
    return len(shown) if shown.isascii() else len(shown.encode("utf-16-le")) // 2


def characters(shown: str, count: int) -> int:
    """How many characters the first `count` of Qt's units are."""
    if shown.isascii():
        return min(count, len(shown))
    return len(shown.encode("utf-16-le")[: 2 * count].decode("utf-16-le", "ignore"))


def shared_prefix(one: str, other: str) -> int:
    """The number of characters with which both texts begin.

    >>> shared_prefix("event", "every")
    3
    """
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def difference(old: str, new: str, kept_tail: int | None = None) -> Change:
    """Which part of `old`, from start to end, must be replaced by what to give `new`.

    At most `kept_tail` characters at the end are taken for the same, where that is given.

    >>> difference("name", "nome")
    (1, 2, 'o')
    """
    most = min(len(old), len(new))
    if kept_tail is None:
        start = shared_prefix(old, new)
        same = _shared_suffix(old, new, most - start)
    else:
        same = _shared_suffix(old, new, min(most, kept_tail))
        start = shared_prefix(old[: len(old) - same], new[: len(new) - same])
    return start, len(old) - same, new[start : len(new) - same]


def _shared_suffix(one: str, other: str, most: int) -> int:
    """The number of characters, up to `most`, with which both texts end."""
    if not most:
        return 0
    return shared_prefix(one[len(one) - most :][::-1], other[len(other) - most :][::-1])


class CodeDocument:
    """A text, and the blocks of a Qt document that show it.

    Offsets count characters of the text; positions are Qt's places in the document.
    """

    def __init__(self, document: QTextDocument, is_single_line: bool = False) -> None:
        self.soft = SoftText(is_single_line)
        self.is_projecting = False
        self.columns = 0
        """Characters that go in a row, where that is known: lets rows be counted before layout."""
        self._document = document
        self._pending: tuple[Patch, int] | None = None

    @property
    def is_unsettled(self) -> bool:
        """Whether a change of Qt's waits for `settle`."""
        return self._pending is not None

    def offset_at(self, position: int) -> int:
        """The offset of a place in the document."""
        block = self._document.findBlock(position)
        chunk = min(max(block.blockNumber(), 0), self.soft.chunk_count - 1)
        start = self.soft.start(chunk)
        column = position - block.position()
        return start + characters(self.soft.shown(chunk, 1), column)

    def position_of(self, offset: int) -> int:
        """The place in the document of an offset; offsets outside become the nearest inside."""
        offset = min(max(offset, 0), len(self.soft.text))
        chunk = self.soft.chunk_at(offset)
        shown = self.soft.shown(chunk, 1)[: offset - self.soft.start(chunk)]
        return self._document.findBlockByNumber(chunk).position() + units(shown)

    def replace(self, start: int, end: int, new: str) -> None:
        """Change text and document."""
        self._project(self.soft.replace(start, end, new))

    def break_anew(self, chunk: int) -> bool:
        """Break long lines at multiples of `chunk` characters; tells whether anything changed."""
        self.soft.chunk = chunk
        if not self.soft.has_soft_breaks:
            return False
        text, count = self.soft.text, self.soft.chunk_count
        self.soft.replace(0, len(text), "")
        patch = self.soft.replace(0, 0, text)
        self._project(Patch(0, count, patch.added))
        return True

    def absorb(self, position: int, added: int) -> Change | None:
        """Read a change that Qt made to the document into the text.

        `position` and `added` say which part of the document is new; it may be larger than what
        really differs. Gives the part of the text that was replaced, and by what; None where only
        the display changed. `settle` must follow when Qt has finished.
        """
        document, soft = self._document, self.soft
        end = min(position + added, document.characterCount() - 1)
        first = document.findBlock(min(position, end)).blockNumber()
        last = document.findBlock(end).blockNumber()
        grown = document.blockCount() - soft.chunk_count
        old = soft.shown(first, last - grown - first + 1)
        new = self._displayed(first, last - first + 1)
        # Up to the caret first: "b" typed before a "b" is the first of the two.
        behind = len(new) - characters(new, end - document.findBlockByNumber(first).position())
        low, high, text = difference(old, new, behind)
        caret = self._offset_in(first, low) + len(text)
        more, less, text = difference(old[low:high], text)
        low, high = low + more, low + less
        start, stop = self._offset_in(first, low), self._offset_in(first, high)
        text = text.replace("\u2028", "\n")
        patch = soft.replace(start, stop, text)
        blocks = patch.removed + grown
        if self._displayed(patch.first, blocks) != soft.shown(patch.first, patch.added):
            self._pending = Patch(patch.first, blocks, patch.added), caret
        return (start, stop, text) if start != stop or text else None

    def settle(self) -> int | None:
        """Bring the document in step after `absorb`; gives the caret's offset where it may have
        been moved by that."""
        if self._pending is None:
            return None
        patch, caret = self._pending
        self._pending = None
        self._project(patch)
        return caret

    def _project(self, patch: Patch) -> None:
        """Let the document's blocks that the patch names show the text's new chunks."""
        cursor = QTextCursor(self._document)
        last = self._document.findBlockByNumber(patch.first + patch.removed - 1)
        cursor.setPosition(self._document.findBlockByNumber(patch.first).position())
        cursor.setPosition(last.position() + last.length() - 1, _KEEP)
        self.is_projecting = True
        cursor.beginEditBlock()
        try:
            cursor.insertText(self.soft.shown(patch.first, patch.added))
        finally:
            cursor.endEditBlock()
            self.is_projecting = False
        self._estimate_rows(patch)

    def _estimate_rows(self, patch: Patch) -> None:
        """Tell Qt how many rows new blocks will take, or its scroll bar believes one each."""
        soft, block = self.soft, self._document.findBlockByNumber(patch.first)
        is_wrapped = False
        for chunk in range(patch.first, patch.first + patch.added if self.columns else 0):
            length = (
                soft.start(chunk + 1) - soft.start(chunk) if chunk + 1 < soft.chunk_count else 0
            )
            if length > self.columns + 1:
                block.setLineCount(-(-length // self.columns))
                is_wrapped = True
            block = block.next()
        if is_wrapped:
            layout = self._document.documentLayout()
            layout.documentSizeChanged.emit(layout.documentSize())

    def _displayed(self, first: int, count: int) -> str:
        """The text of the document's blocks, with "\\n" between them."""
        block = self._document.findBlockByNumber(first)
        lines = []
        for _ in range(count):
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    def _offset_in(self, chunk: int, index: int) -> int:
        """The offset of an index into what is displayed from the chunk on."""
        while True:
            length = self.soft.end(chunk) - self.soft.start(chunk)
            if index <= length:
                return self.soft.start(chunk) + index
            index -= length + 1
            chunk += 1
