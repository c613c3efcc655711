"""Lights up the same thing in every text: a selected value, or the place of a finding."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from trackscope.gui.compose.workspace import ComposeWorkspace
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.widgets.mark import Mark
from trackscope.session.composer import Composer
from trackscope.session.draft import Change
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.json_text import Span
from trackscope.wire.place import (
    Places,
    data_of_literal,
    json_of_data,
    places_of,
    places_of_all,
    places_of_data,
    places_of_json,
)
from trackscope.wire.request import Carrier
from trackscope.wire.rules import Verdict

MOST_MARKED = 50
"""Findings that are underlined in the texts."""


class Highlight(QObject):
    """Underlines findings and links the selection across JSON, Base64, URL and body."""

    def __init__(self, composer: Composer, workspace: ComposeWorkspace) -> None:
        super().__init__(workspace)
        self._composer = composer
        payload = workspace.payload
        self._editors: dict[str, CodeEdit] = {
            "json": payload.json,
            "data": payload.data,
            "url": workspace.url_row.url,
            "body": payload.body,
        }
        self._finding_marks: dict[str, list[Mark]] = {}
        self._linked = Places()
        self._connect(workspace)
        self._on_judged(composer.verdict)

    def _connect(self, workspace: ComposeWorkspace) -> None:
        for face, editor in self._editors.items():
            editor.selection_moved.connect(self._selection_listener(face))
        workspace.findings.chosen.connect(self.show_finding)
        self._composer.judged.connect(self._on_judged)
        self._composer.draft.changed.connect(self._on_changed)

    def _selection_listener(self, face: str) -> Callable[[tuple[int, int]], None]:
        def listen(selected: tuple[int, int]) -> None:
            if self._editors[face].hasFocus():
                self._link(face, selected)

        return listen

    def show_finding(self, finding: Finding) -> None:
        """Light up a finding's place in every text, and bring it into view."""
        document = self._composer.document
        self._linked = places_of(document.request, document.decoded, finding)
        self._draw()
        for face, editor in self._editors.items():
            span = getattr(self._linked, face)
            if span is not None:
                editor.select_range(span.start, span.end)

    def _link(self, face: str, selected: tuple[int, int]) -> None:
        start, end = selected
        found = self._places(face, Span(start, end)) if end > start else Places()
        if found != self._linked:
            self._linked = found
            self._draw()

    def _places(self, face: str, span: Span) -> Places:
        request, decoded = self._composer.document.request, self._composer.document.decoded
        data: Span | None = span
        if face == "url":
            data = data_of_literal(decoded, request.url, span, Carrier.QUERY)
        elif face == "body":
            body = request.body.decode("latin-1")
            data = data_of_literal(decoded, body, span, Carrier.FORM)
        elif face == "json":
            return places_of_json(request, decoded, span)
        if data is None:
            return Places()
        json = json_of_data(decoded, data)
        if json is not None and json.end > json.start:
            return places_of_json(request, decoded, json)
        return places_of_data(request, decoded, data)

    def _on_changed(self, change: Change) -> None:
        self._linked = Places()

    def _on_judged(self, verdict: Verdict) -> None:
        request = self._composer.document.request
        marks: dict[str, list[Mark]] = {face: [] for face in self._editors}
        # Notes are listed, but not worth underlining half the payload.
        marked = [each for each in verdict.findings if each.severity is not Severity.NOTE]
        marked = marked[:MOST_MARKED]
        found = places_of_all(request, verdict.decoded, marked)
        for finding, places in zip(marked, found, strict=True):
            for face in marks:
                span = getattr(places, face)
                if span is not None:
                    marks[face].append(Mark(span.start, span.end, finding.severity.value))
        self._finding_marks = marks
        self._draw()

    def _draw(self) -> None:
        for face, editor in self._editors.items():
            marks = list(self._finding_marks.get(face, ()))
            span = getattr(self._linked, face)
            if span is not None:
                marks.append(Mark(span.start, span.end, "link"))
            editor.set_marks(marks)
