"""The request as it was sent: its URL, body, Base64 and JSON, with what came back and was found."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from trackscope.gui.finding_list import MOST_SHOWN, FindingList
from trackscope.gui.linked_highlight import LinkedHighlight
from trackscope.gui.theme.roles import SEVERITY_ROLES
from trackscope.gui.theme.theme import Theme
from trackscope.gui.widgets.code_view import CodeView
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.session.inspection import Inspection
from trackscope.session.wording import hex_dump, place_text, raw_answer, sentence_of
from trackscope.wire.decoding import GZIP
from trackscope.wire.finding import Face, Finding, Severity
from trackscope.wire.place import Places

_FACES = ((Face.URL, "URL"), (Face.BODY, "Body"), (Face.DATA, "Base64"), (Face.JSON, "JSON"))
_LANGUAGES = {Face.DATA: "base64", Face.JSON: "json"}
_FINDINGS = len(_FACES) + 1
_ROOMY_PX = 600


class SentPane(Pane):
    """`selected` carries the face and the Span that a person selected in its text, `pointed` a
    Finding that is looked at, `fixed` one that is to be mended.
    """

    selected = Signal(object, object)
    pointed = Signal(object)
    fixed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("As sent", parent=parent)
        self._seen: Inspection | None = None
        self._texts: list[Callable[[], str]] = []
        self._body = b""
        self._wanted = 0
        self._build_ui()
        self._connect()

    def _build_ui(self) -> None:
        self.setObjectName("sentPane")
        self._stack = QStackedWidget()
        self._views = {face: _view(face, name) for face, name in _FACES}
        self._answer = CodeView("http")
        self._answer.setObjectName("answerAsSent")
        self._answer.setAccessibleName("Answer as received")
        self._answer.setReadOnly(True)
        self._findings = FindingList()
        for widget in (*self._views.values(), self._answer, self._findings):
            self._stack.addWidget(widget)
        self._tabs = QButtonGroup(self)
        for number, name in enumerate((*(name for _, name in _FACES), "Answer", "Findings")):
            button = IconButton("", f"As sent: {name}", text=name)
            button.setObjectName(f"sent{name}Tab")
            button.setCheckable(True)
            self._tabs.addButton(button, number)
            self.add_action_widget(button)
        self.set_content(self._stack)
        self._links = LinkedHighlight(self._views, self)

    def _connect(self) -> None:
        self._tabs.idClicked.connect(self._on_tab)
        self._links.selected.connect(self.selected)
        self._findings.fixed.connect(self.fixed)
        self._findings.chosen.connect(self._on_finding)

    @property
    def choice(self) -> int:
        """The number of the text that the user wants to see."""
        return self._wanted

    def choose(self, number: int) -> None:
        """Show that text from now on, wherever a request has it."""
        self._wanted = number if 0 <= number < len(self._tabs.buttons()) else 0

    def show_inspection(self, seen: Inspection) -> None:
        """Show another exchange's texts; each is laid out when it is looked at."""
        self._seen = seen
        request, decoded = seen.request, seen.decoded
        self._body = request.body
        self._texts = [
            lambda: request.url,
            lambda: _body_text(request.body),
            lambda: decoded.data or "",
            lambda: decoded.json_text or "",
            lambda: raw_answer(seen.exchange),
        ]
        there = (
            True,
            bool(request.body),
            decoded.is_base64 and bool(decoded.data),
            decoded.json_text is not None,
            seen.exchange.reply is not None,
            bool(seen.findings),
        )
        for number, is_there in enumerate(there):
            self._tabs.button(number).setVisible(is_there)
        self._tabs.button(_FINDINGS).setText(f"Findings {len(seen.findings)}")
        self._links.show_body(request.body)
        self._links.show_findings(seen.marks)
        self._say(seen.findings[0] if seen.findings else None)
        self._show(self._wanted if there[self._wanted] else there.index(True))

    def show_places(self, places: Places) -> None:
        """Light up a thing in every text, and bring it into view where the focus is not."""
        self._links.show_places(places)

    def say_finding(self, finding: Finding | None) -> None:
        """Say what a finding says; of none, the worst there is."""
        if self._seen is not None:
            worst = self._seen.findings[0] if self._seen.findings else None
            self._say(finding or worst)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the size of the text is not worth it."""
        super().resizeEvent(event)
        self._extra.setVisible(self.width() >= Theme.current().px(_ROOMY_PX))

    def _show(self, number: int) -> None:
        self._tabs.button(number).setChecked(True)
        self._stack.setCurrentIndex(number)
        if number == _FINDINGS:
            self._list_findings()
            self._extra.setText("")
            return
        text = self._texts[number]()
        view = self._stack.currentWidget()
        assert isinstance(view, CodeView)
        view.show_text(text)
        self._links.show_again()
        is_body = number < len(_FACES) and _FACES[number][0] is Face.BODY
        size, unit = (len(self._body), "byte") if is_body else (len(text), "character")
        self._extra.setText(f"{size:,} {unit}{'' if size == 1 else 's'}")

    def _on_tab(self, number: int) -> None:
        self._wanted = number
        self._show(number)

    def _on_finding(self, finding: Finding) -> None:
        if self._seen is not None:
            self._say(finding)
            self.pointed.emit(finding)

    def _list_findings(self) -> None:
        seen = self._seen
        if seen is None:
            return
        known = dict(seen.marks)
        shown = seen.findings[:MOST_SHOWN]  # the tree has them all
        self._findings.show_findings(
            [
                (each, place_text(each.at, known.get(each, Places()), seen.decoded))
                for each in shown
            ],
            seen.exchange.era,
        )

    def _say(self, finding: Finding | None) -> None:
        """One banner: a finding, else why the bytes cannot be pointed at."""
        if finding is not None and finding.severity is not Severity.NOTE:
            role = SEVERITY_ROLES[finding.severity]
            sentence = sentence_of(finding.message) + self._indirect()
            self.show_banner(role, sentence, word=finding.severity.value)
        elif self._indirect():
            self.show_banner("info", self._indirect().strip())
        else:
            self.hide_banner()

    def _indirect(self) -> str:
        """Why a value has no place in the bytes; empty where it has one."""
        if self._seen is None or self._seen.decoded.is_direct:
            return ""
        rules = {repair.rule for repair in self._seen.decoded.repairs}
        for rule, what in _INDIRECT.items():
            if rule in rules:
                return f" {what}: values can be pointed at in the JSON only, not in the bytes."
        return " Values can be pointed at in the JSON only, not in the bytes."


_INDIRECT = {
    "data.gzip": "The payload is compressed",
    "data.nested": "The payload is Base64 within Base64",
    "data.double-encoded": "The payload is percent-encoded more than once",
    "data.whitespace": "Blanks stand within the Base64",
}


def _view(face: Face, name: str) -> CodeView:
    view = CodeView(_LANGUAGES.get(face, "plain"))
    view.setObjectName(f"sent{name}")
    # All of one name: only one is to be seen at a time.
    view.setAccessibleName("Data as sent")
    view.setAccessibleDescription(name)
    view.setReadOnly(True)
    return view


def _body_text(body: bytes) -> str:
    if body.startswith(GZIP):
        return hex_dump(body)
    return body.decode("utf-8", "surrogateescape")
