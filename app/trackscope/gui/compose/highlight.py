"""Underlines the findings on the draft, and links the selection across its texts."""

from __future__ import annotations

from PySide6.QtCore import QObject

from trackscope.gui.compose.workspace import ComposeWorkspace
from trackscope.gui.linked_highlight import LinkedHighlight
from trackscope.session.composer import Composer
from trackscope.session.draft import Change
from trackscope.wire.finding import Face, Finding, Severity
from trackscope.wire.json_text import Span
from trackscope.wire.place import places_of, places_of_all, places_of_range
from trackscope.wire.rules import Verdict

MOST_MARKED = 50
"""Findings that are underlined in the texts."""


class Highlight(QObject):
    """Keeps the linked highlight of the four texts at what the composer holds."""

    def __init__(self, composer: Composer, workspace: ComposeWorkspace) -> None:
        super().__init__(workspace)
        self._composer = composer
        payload = workspace.payload
        self._links = LinkedHighlight(
            {
                Face.JSON: payload.json,
                Face.DATA: payload.data,
                Face.URL: workspace.url_row.url,
                Face.BODY: payload.body,
            },
            self,
        )
        workspace.findings.chosen.connect(self.show_finding)
        composer.judged.connect(self._on_judged)
        composer.draft.changed.connect(self._on_changed)
        self._links.selected.connect(self._on_selected)
        self._links.show_body(composer.document.request.body)
        self._on_judged(composer.verdict)

    def show_finding(self, finding: Finding) -> None:
        """Light up a finding's place in every text, and bring it into view."""
        document = self._composer.document
        places = places_of(document.request, document.decoded, finding)
        self._links.show_places(places, is_selecting=True)

    def _on_changed(self, change: Change) -> None:
        self._links.show_body(change.after.request.body)

    def _on_selected(self, face: Face, span: Span) -> None:
        document = self._composer.document
        self._links.show_places(places_of_range(document.request, document.decoded, face, span))

    def _on_judged(self, verdict: Verdict) -> None:
        # Notes are listed, but not worth underlining half the payload.
        marked = [each for each in verdict.findings if each.severity is not Severity.NOTE]
        marked = marked[:MOST_MARKED]
        found = places_of_all(self._composer.document.request, verdict.decoded, marked)
        self._links.show_findings(zip(marked, found, strict=True))
