"""Ties an editor to one textual face of the document: shows what changed, tells what was typed."""

from __future__ import annotations

from collections.abc import Callable

from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.session.composer import Composer
from trackscope.session.draft import Change
from trackscope.session.lens import Lens, Rendered


class TextFace:
    """One editor, one lens, one document.

    `on_rendered` hears of every rendering: a text of None means that the editor keeps its last
    good text, dimmed, while the document holds something that has no such face.
    """

    def __init__(
        self,
        editor: CodeEdit,
        lens: Lens,
        composer: Composer,
        on_rendered: Callable[[Rendered], None] = lambda rendered: None,
    ) -> None:
        self._editor = editor
        self._lens = lens
        self._composer = composer
        self._on_rendered = on_rendered
        editor.edited.connect(self._on_edited)
        composer.draft.changed.connect(self._on_changed)
        self._show(is_own=False)

    def _on_edited(self) -> None:
        document = self._composer.document
        request = self._lens.apply(self._editor.text(), document.request, document.decoded)
        self._composer.draft.edit(request, self._lens.face)

    def _on_changed(self, change: Change) -> None:
        self._show(is_own=change.origin == self._lens.face)

    def _show(self, *, is_own: bool) -> None:
        document = self._composer.document
        rendered = self._lens.render(document.request, document.decoded)
        if not is_own and rendered.text is not None:
            self._editor.show_text(rendered.text)
        self._editor.set_dimmed(rendered.text is None and not is_own)
        self._on_rendered(rendered)
