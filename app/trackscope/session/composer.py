"""What is being composed: the draft, the selected event, the target, and what the rules say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from trackscope.session.draft import Change, Document, Draft
from trackscope.session.generator import Generator, Kind
from trackscope.session.signal import Signal
from trackscope.session.target import COLLECTOR, SERVICE_TARGETS, Target, base_of, with_base
from trackscope.session.template import TEMPLATES, payload_of
from trackscope.wire.editing import with_payload
from trackscope.wire.era import RuleBook, rule_book
from trackscope.wire.finding import Finding
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import Verdict, judge


def first_document(target: Target, now: float) -> Document:
    """The request that the program begins with: an event that the target answers with 1."""
    request = TrackRequest("GET", target.url)
    request = with_payload(request, payload_of(TEMPLATES[0], now))
    return Document(request, (("/0/properties/time", Generator(Kind.NOW)),))


class Composer:
    """The state of Compose, without a window.

    `clock` gives seconds since 1970, `monotonic` seconds for grouping undo. `judged` tells every
    new verdict, `moved` the selected event's index, `aimed` a new target.
    """

    def __init__(
        self,
        target: Target,
        *,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        random: Random,
    ) -> None:
        self.judged: Signal[[Verdict]] = Signal()
        self.moved: Signal[[int]] = Signal()
        self.aimed: Signal[[Target]] = Signal()
        self.target = target
        self.known_targets: tuple[Target, ...] = (target, *SERVICE_TARGETS)
        self.book: RuleBook = rule_book()
        self.draft = Draft(first_document(target, clock()), monotonic)
        self.index = 0
        self._clock = clock
        self._random = random
        self._sent = 0
        self.verdict = self._judge()
        self.draft.changed.connect(self._on_changed)

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self.draft.document

    def edit(
        self, change: Callable[[Document], Document], origin: str, *, alone: bool = False
    ) -> bool:
        """Change the document by a function of it; False where what it is about is gone.

        A face can be a moment behind the document, so that an edit may point at a value that is
        not there any more: then nothing is changed.
        """
        try:
            document = self._with_first_values(change(self.document))
        except LookupError:
            return False
        self.draft.edit(document, origin, alone=alone)
        return True

    def _with_first_values(self, document: Document) -> Document:
        """A generator that was just chosen makes a value at once, so that every face shows it."""
        known = set(self.document.generators)
        new = tuple(pair for pair in document.generators if pair not in known)
        filled = self._filled(replace(document, generators=new), self._sent)
        return replace(filled, generators=document.generators)

    def _filled(self, document: Document, index: int) -> Document:
        return document.filled(now=self._clock(), index=index, random=self._random)

    def begin(self, request: TrackRequest, origin: str) -> None:
        """Take over a request from elsewhere (the history, a paste), as one step of undo."""
        self.draft.edit(Document(request), origin, alone=True)
        self.select(0)

    def apply_fix(self, finding: Finding) -> bool:
        """Apply a finding's fix as one step of undo; False where it no longer fits."""
        fix = finding.fix
        if fix is None:
            return False
        return self.edit(
            lambda document: document.with_edits(*fix.edits).keeping_generators_of(document),
            "fix",
            alone=True,
        )

    def select(self, index: int) -> None:
        """Select an event of the batch, as near to `index` as there is one."""
        count = len(self.document.decoded.events or ())
        index = max(0, min(index, count - 1))
        if index != self.index:
            self.index = index
            self.moved.emit(index)

    def aim(self, target: Target) -> None:
        """Send to another target: the URL's scheme and authority follow."""
        self.target = target
        self.aimed.emit(target)
        request = with_base(self.document.request, target.base)
        self.draft.edit(request, "target", alone=True)

    def move_collector(self, target: Target) -> None:
        """The built-in collector listens elsewhere now: what was meant for it follows."""
        was_aimed = is_collector(self.target)
        others = (each for each in self.known_targets if not is_collector(each))
        self.known_targets = (target, *others)
        if was_aimed:
            self.target = target
            request = with_base(self.document.request, target.base)
            moved = replace(self.document, request=request)
            self.draft.replace_quietly(moved, "target")
        self.aimed.emit(self.target)

    def set_book(self, book: RuleBook) -> None:
        """Judge by another rule book from now on; nothing is judged anew where it is the same."""
        if book is not self.book:
            self.book = book
            self.judge_now()

    def judge_now(self) -> None:
        """Judge the document as if it arrived now, and tell the verdict."""
        self.verdict = self._judge()
        self.judged.emit(self.verdict)

    def prepared(self) -> Document:
        """The document with its generated values made anew, ready to send."""
        filled = self._filled(self.document, self._sent)
        self._sent += 1
        self.draft.replace_quietly(filled, "generator")
        return self.document

    def copies(self, count: int) -> Iterator[Document]:
        """That many copies, each with its own generated values; the draft stays as it is."""
        document = self.document
        for index in range(count):
            yield self._filled(document, index)

    def _judge(self) -> Verdict:
        document = self.document
        return judge(document.request, self.book, self._clock(), document.decoded)

    def _on_changed(self, change: Change) -> None:
        target = self.target_of(change.after.request.url)
        if target != self.target and change.origin != "target":
            self.target = target
            self.aimed.emit(target)
        if change.after.decoded.events is not None:
            self.select(self.index)

    def target_of(self, url: str) -> Target:
        """Where a URL leads, by its known name; the present target where that cannot be read."""
        base = base_of(url)
        if not base or base == self.target.base:
            return self.target
        known = (each for each in self.known_targets if each.base == base)
        return next(known, Target(base.partition("://")[2], base))


def is_collector(target: Target) -> bool:
    """Whether the target is the program's own collector."""
    return target.label == COLLECTOR
