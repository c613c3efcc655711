"""Gives the blocks of an editor that can be seen their colours and marks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

from trackscope.gui.theme.roles import SEVERITY_ROLES
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.code_document import units
from trackscope.gui.widgets.mark import Mark, MarkKind
from trackscope.gui.widgets.soft_text import SPECIAL, SoftText
from trackscope.gui.widgets.syntax import SYNTAX, Span

_STATES = 2**31 - 1


class Dressing:
    """Colours and underlines for one block at a time; a block remembers what it wears."""

    def __init__(self, document: QTextDocument, soft: SoftText, language: str) -> None:
        self.is_dimmed = False
        self._document = document
        self._soft = soft
        self._spans = SYNTAX[language]
        self._marks: tuple[Mark, ...] = ()
        self._longest = 0
        self._starts: list[int] = []

    def set_marks(self, marks: Sequence[Mark], shift: int = 0) -> None:
        """Point out these places, their offsets less `shift`."""
        moved = (Mark(mark.start - shift, mark.end - shift, mark.kind) for mark in marks)
        self._marks = tuple(sorted(moved, key=lambda mark: mark.start))
        self._starts = [mark.start for mark in self._marks]
        self._longest = max((mark.end - mark.start for mark in self._marks), default=0)

    def dress(self, block: QTextBlock) -> bool:
        """Let the block wear what it should; tells whether that is something else than before."""
        chunk = block.blockNumber()
        layout = block.layout()
        if chunk >= self._soft.chunk_count or layout.preeditAreaText():
            return False
        spans = tuple(self._wanted(chunk))
        theme = Theme.current()
        state = hash((spans, theme.is_dark)) % _STATES if spans else -1
        if state == block.userState():
            return False
        block.setUserState(state)
        layout.setFormats([self._format(theme, chunk, span) for span in spans])
        self._document.markContentsDirty(block.position(), block.length())
        return True

    def _wanted(self, chunk: int) -> Iterator[Span]:
        """The spans of the chunk, as columns of its characters."""
        soft = self._soft
        start, end = soft.start(chunk), soft.end(chunk)
        if not self.is_dimmed:
            for low, high, role in self._spans(soft.text, start, end, soft.line_start(chunk)):
                yield low - start, high - start, role
        shown = soft.text[start:end]
        if not shown.isascii() or not shown.isprintable():
            for match in SPECIAL.finditer(shown):
                yield match.start(), match.end(), "attention"
        yield from self._marked(start, end)

    def _marked(self, start: int, end: int) -> Iterator[Span]:
        """The parts of marks in the chunk, the linked places first: others lie over them."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end + 1)
        touching = self._marks[first:last]
        for mark in sorted(touching, key=lambda mark: mark.kind != MarkKind.LINK):
            low, high = max(mark.start, start), min(max(mark.end, mark.start + 1), end)
            if mark.start == end == len(self._soft.text) or (low == high == end and end > start):
                low = max(start, end - 1)  # a place behind the text is shown at its last character
            if low < high:
                yield low - start, high - start, f"mark-{mark.kind}"

    def _format(self, theme: Theme, chunk: int, span: Span) -> QTextLayout.FormatRange:
        low, high, role = span
        shown = self._soft.shown(chunk, 1)
        result = QTextLayout.FormatRange()
        result.start = units(shown[:low])
        result.length = units(shown[low:high])
        form = QTextCharFormat()
        kind = role.removeprefix("mark-")
        if kind == role:
            form.setForeground(theme.colour(role))
        elif kind == MarkKind.LINK:
            form.setBackground(theme.colour("selection"))
        else:
            style = QTextCharFormat.UnderlineStyle
            is_note = kind == MarkKind.NOTE
            form.setUnderlineStyle(style.DotLine if is_note else style.WaveUnderline)
            form.setUnderlineColor(theme.colour(SEVERITY_ROLES[kind]))
        result.format = form
        return result
