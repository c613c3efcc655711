"""Lights up the same thing in every text: a selected value, or the place of a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from trackscope.gui.widgets.code_view import CodeView
from trackscope.gui.widgets.mark import Mark
from trackscope.wire.decoding import Decoded
from trackscope.wire.finding import Face, Finding
from trackscope.wire.json_text import Span
from trackscope.wire.place import Places, places_of_range
from trackscope.wire.request import TrackRequest


class LinkedHighlight(QObject):
    """Underlines findings in some views, one a face, and links the selection across them.

    `linked` carries the Places that a person selected; nowhere when nothing is selected.
    """

    linked = Signal(object)

    def __init__(self, views: Mapping[Face, CodeView], parent: QObject) -> None:
        super().__init__(parent)
        self._views = dict(views)
        self._request = TrackRequest("GET", "")
        self._decoded: Decoded | None = None
        self._marks: dict[Face, list[Mark]] = {}
        self._linked = Places()
        for face, view in self._views.items():
            view.selection_moved.connect(self._listener(face))

    def show_request(self, request: TrackRequest, decoded: Decoded) -> None:
        """Point into this request's texts from now on; what was lit up before no longer counts."""
        self._request, self._decoded = request, decoded
        self._linked = Places()

    def show_findings(self, found: Iterable[tuple[Finding, Places]]) -> None:
        """Underline these findings instead of the ones before."""
        self._marks = {face: [] for face in self._views}
        for finding, places in found:
            for face, span in self._spans(places):
                self._marks[face].append(Mark(span.start, span.end, finding.severity.value))
        self._draw()

    def show_places(self, places: Places, *, is_selecting: bool = False) -> None:
        """Light up a thing in every text, and bring it into view; select it if asked to."""
        self._linked = places
        self._draw()
        for face, span in self._spans(places):
            self._views[face].select_range(span.start, span.end if is_selecting else span.start)

    def show_again(self) -> None:
        """Point at the same in views that show their text only now."""
        self.show_places(self._linked)

    def _listener(self, face: Face) -> Callable[[tuple[int, int]], None]:
        def listen(selected: tuple[int, int]) -> None:
            if self._views[face].hasFocus():
                self._link(face, Span(*selected))

        return listen

    def _link(self, face: Face, span: Span) -> None:
        if self._decoded is None:
            return
        if face is Face.BODY:
            span = _in_bytes(self._views[face].text(), span)
        found = places_of_range(self._request, self._decoded, face, span)
        if found != self._linked:
            self._linked = found
            self._draw()
            self.linked.emit(found)

    def _spans(self, places: Places) -> list[tuple[Face, Span]]:
        """The range of characters in each view that has one."""
        spans = [(face, getattr(places, face)) for face in self._views]
        return [
            (face, _in_characters(self._request.body, span) if face is Face.BODY else span)
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
