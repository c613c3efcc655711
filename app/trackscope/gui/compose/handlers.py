"""What the window's commands do while Compose is shown."""

from __future__ import annotations

from collections.abc import Callable

from trackscope.gui.compose.history_control import HistoryControl
from trackscope.gui.compose.many_control import ManyControl
from trackscope.gui.compose.send_control import SendControl
from trackscope.gui.compose.workspace import ComposeWorkspace
from trackscope.gui.widgets.focusing import focus
from trackscope.session.composer import Composer


def compose_handlers(
    workspace: ComposeWorkspace,
    composer: Composer,
    sending: SendControl,
    many: ManyControl,
    list_: HistoryControl,
) -> dict[str, Callable[[], object]]:
    """Each command by its id."""
    return {
        "find": lambda: focus(workspace.history.search),
        "focus-url": lambda: focus(workspace.url_row.url),
        "answer-side": workspace.flip_answer,
        "undo": composer.draft.undo,
        "redo": composer.draft.redo,
        "format-json": workspace.payload.format_json,
        "compact-json": workspace.payload.compact_json,
        "add-property": workspace.form.add_property,
        "add-event": workspace.event_list.add_event,
        "send": sending.send,
        "send-many": many.open,
        "copy-as": workspace.url_row.show_copy_menu,
        "fix-first": workspace.findings.mend_first,
        "edit-selected": list_.edit_selected,
        "send-selected": list_.send_selected,
        "next-exchange": lambda: workspace.history.step(1),
        "previous-exchange": lambda: workspace.history.step(-1),
        "clear-history": list_.clear,
        "restore-history": list_.restore,
    }
