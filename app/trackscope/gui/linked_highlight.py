"""Lights up the same thing in every text: a selected value, or the place of a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from trackscope.gui.widgets.code_view import CodeView
from trackscope.gui.widgets.mark import Mark
from trackscope.wire.finding import Face, Finding
from trackscope.wire.json_text import Span
from trackscope.wire.place import Places


class LinkedHighlight(QObject):
    """Marks places in some views, one a face, and tells what is selected in them.

    `selected` carries the face and the range that a person selected there, in the face's units;
    whoever hears it finds the places and gives them to `show_places`.
    """

    selected = Signal(object, object)

    def __init__(self, views: Mapping[Face, CodeView], parent: QObject) -> None:
        super().__init__(parent)
        self._views = dict(views)
        self._body = b""
        self._marks: dict[Face, list[Mark]] = {}
        self._linked = Places()
        for face, view in self._views.items():
            view.selection_moved.connect(self._listener(face))

    def show_body(self, body: bytes) -> None:
        """The texts are of another request, with this body: nothing in them is lit up."""
        self._body = body
        self._linked = Places()

    def show_findings(self, found: Iterable[tuple[Finding, Places]]) -> None:
        """Underline these findings instead of the ones before."""
        self._marks = {face: [] for face in self._views}
        for finding, places in found:
            for face, span in self._spans(places):
                self._marks[face].append(Mark(span.start, span.end, finding.severity.value))
        self._draw()

    def show_places(self, places: Places, *, is_selecting: bool = False) -> None:
        """Light up a thing in every text, select it if asked to, and bring it into view but where
        the focus is: there somebody is at work.
        """
        self._linked = places
        self._draw()
        for face, span in self._spans(places):
            view = self._views[face]
            if is_selecting or not view.hasFocus():
                view.select_range(span.start, span.end if is_selecting else span.start)

    def show_again(self) -> None:
        """Point at the same in views that show their text only now."""
        self.show_places(self._linked)

    def _listener(self, face: Face) -> Callable[[tuple[int, int]], None]:
        def listen(selected: tuple[int, int]) -> None:
            view = self._views[face]
            if view.hasFocus():
                span = Span(*selected)
                is_body = face is Face.BODY
                self.selected.emit(face, _in_bytes(view.text(), span) if is_body else span)

        return listen

    def _spans(self, places: Places) -> list[tuple[Face, Span]]:
        """The range of characters in each view that has one."""
        spans = [(face, getattr(places, face)) for face in self._views]
        return [
            (face, _in_characters(self._body, span) if face is Face.BODY else span)
            for face, span in spans
            if span is not None
        ]

    def _draw(self) -> None:
        linked = dict(self._spans(self._linked))
        for face, view in self._views.items():
            marks = list(self._marks.get(face, ()))
            if face in linked:
                marks.append(Mark(linked[face].start, linked[face].end, "link"))
            view.set_marks(marks)


def _in_bytes(text: str, span: Span) -> Span:
    """A range of a body that is shown as text, in bytes."""
    if text.isascii():
        return span
    start = len(text[: span.start].encode("utf-8", "surrogateescape"))
    inside = len(text[span.start : span.end].encode("utf-8", "surrogateescape"))
    return Span(start, start + inside)


def _in_characters(body: bytes, span: Span) -> Span:
    """A range of a body's bytes, in characters of its text."""
    if body.isascii():
        return span
    start = len(body[: span.start].decode("utf-8", "surrogateescape"))
    inside = len(body[span.start : span.end].decode("utf-8", "surrogateescape"))
    return Span(start, start + inside)
