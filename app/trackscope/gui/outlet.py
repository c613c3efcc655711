"""What leaves the window for a file: exchanges, in the format that is chosen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from trackscope.errors import TrackscopeError
from trackscope.gui.bridge import TaskScope, ask
from trackscope.gui.export_choice import ExportChoice
from trackscope.gui.export_progress import ExportProgress, ExportStoppedError
from trackscope.session.selection import Selection

if TYPE_CHECKING:  # imported when something is exported: the window opens sooner without
    from trackscope.session.export import Exported, ExportFormat, Options


class Outlet(QObject):
    """Exports exchanges in a thread; `said` tells how many went where, or why none did."""

    said = Signal(str)

    def __init__(self, scope: TaskScope, window: QWidget) -> None:
        super().__init__(window)
        self._scope = scope
        self._window = window

    def export(self, selection: Selection) -> None:
        """Let file, format and masking be chosen, and write the exchanges, oldest first."""
        self._scope.start(self._export(selection), name="export")

    async def _export(self, selection: Selection) -> None:
        chosen = await self._choose_file()
        if chosen is None:
            return
        path, form = chosen
        options = await self._choose_options(form)
        if options is None:
            return
        progress = ExportProgress(self._window)
        try:
            progress.expect(await asyncio.to_thread(selection.size))
            done = await asyncio.to_thread(_write, path, form, options, selection, progress)
        except ExportStoppedError:
            self.said.emit(f"Stopped: {path.name} is as it was before.")
        except TrackscopeError as problem:
            self.said.emit(str(problem))
        else:
            self.said.emit(_sentence(done, path, options))
        finally:
            progress.end()

    async def _choose_file(self) -> tuple[Path, ExportFormat] | None:
        from trackscope.session.export import FORMATS

        dialog = QFileDialog(self._window, "Export the exchanges")
        dialog.setObjectName("exportFile")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_filter(form) for form in FORMATS])
        dialog.setDefaultSuffix(FORMATS[0].suffix)
        dialog.filterSelected.connect(
            lambda name: dialog.setDefaultSuffix(_format_for(Path(), name).suffix)
        )
        dialog.selectFile("exchanges")
        if not await ask(dialog) or not dialog.selectedFiles():
            return None
        path = Path(dialog.selectedFiles()[0])
        return path, _format_for(path, dialog.selectedNameFilter())

    async def _choose_options(self, form: ExportFormat) -> Options | None:
        from trackscope.session.export import Options
        from trackscope.session.masking import masking_of

        choice = ExportChoice(self._window, has_columns=form.has_columns)
        try:
            if not await ask(choice):
                return None
            masking = masking_of(
                include_secrets=not choice.is_masked, chosen=choice.hidden, salt=token_bytes(16)
            )
            return Options(masking, choice.columns)
        finally:
            choice.deleteLater()


def _filter(form: ExportFormat) -> str:
    return f"{form.name} (*.{form.suffix})"


def _format_for(path: Path, name_filter: str) -> ExportFormat:
    """The format whose extension was typed, else the one that was chosen."""
    from trackscope.session.export import FORMATS

    for form in FORMATS:
        if path.suffix == f".{form.suffix}":
            return form
    return next(form for form in FORMATS if _filter(form) == name_filter)


def _write(
    path: Path,
    form: ExportFormat,
    options: Options,
    selection: Selection,
    progress: ExportProgress,
) -> Exported:
    from trackscope.session.export import export
    from trackscope.session.whole_file import whole_file

    with whole_file(path) as file:
        exchanges = progress.watched(selection.each())
        return export(exchanges, file, form.kind, options)


def _sentence(done: Exported, path: Path, options: Options) -> str:
    how = "tokens masked" if options.masking.keys else "tokens included"
    parts = [f"Exported {done.what} to {path.name}, {how}."]
    return " ".join([*parts, *done.sentences])
