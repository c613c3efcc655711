"""Exchanges leave the program: the formats, what is hidden in them, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from trackscope.capture.exchange import Exchange
from trackscope.capture.export import csv, curl, har, parquet, urls
from trackscope.capture.export.rows import check_columns
from trackscope.errors import UsageError
from trackscope.session.lines import exchange_line
from trackscope.session.masked import masked
from trackscope.session.masking import Masking
from trackscope.wire.json_text import dumps
from trackscope.wire.shown import escaped


@dataclass(frozen=True, slots=True)
class Options:
    """How exchanges are written. `columns` and `has_bom` are for the tables."""

    masking: Masking = field(default_factory=Masking)
    columns: tuple[str, ...] = ()
    has_bom: bool = False


Writer = Callable[[Iterable[Exchange], BinaryIO, Options], Counter[str]]
"""Writes exchanges one by one; what it left out, by reason."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format: its word on the command line, its name in dialogs, and its files' extension."""

    kind: str
    name: str
    suffix: str
    write: Writer
    has_columns: bool = False
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to: exchanges written, those left out by reason, and how many of the
    written ones are without their payload, because nothing in it could be masked.
    """

    count: int
    left_out: Mapping[str, int]
    without_payload: int = 0

    @property
    def what(self) -> str:
        """The exchanges in words, with their number."""
        return f"{self.count:,} exchange{'' if self.count == 1 else 's'}"

    @property
    def sentences(self) -> list[str]:
        """What the user should know beside the count: nothing is left out in silence."""
        told = [f"{count:,} left out: {reason}." for reason, count in self.left_out.items()]
        if self.without_payload:
            told.append(
                f"{self.without_payload:,} without their payload: it cannot be read, so nothing in "
                "it could be masked. Include secrets to keep it."
            )
        return told


def export(exchanges: Iterable[Exchange], file: BinaryIO, kind: str, options: Options) -> Exported:
    """Write the exchanges, in their order and in bounded memory, in the format of that kind.

    What the masking names is hidden in every byte of it. UsageError where the options do not fit
    the format; an error of the file is passed on.
    """
    form = format_of(kind)
    if options.columns and not form.has_columns:
        raise UsageError(f"{form.name} has no columns.", "Leave --columns out, or choose CSV.")
    check_columns(options.columns)
    leaving = _Leaving(exchanges, options.masking)
    left_out = form.write(leaving, file, options)
    count = leaving.count - left_out.total()
    return Exported(count, left_out, leaving.without_payload)


def format_of(kind: str) -> ExportFormat:
    """The format of that word; UsageError where there is none."""
    for form in FORMATS:
        if form.kind == kind:
            return form
    known = ", ".join(form.kind for form in FORMATS)
    raise UsageError(f"There is no format {kind!r}.", f"Use one of {known}.")


class _Leaving:
    """The exchanges as they may leave, counted on the way."""

    def __init__(self, exchanges: Iterable[Exchange], masking: Masking) -> None:
        self.count = 0
        self.without_payload = 0
        self._exchanges = exchanges
        self._masking = masking

    def __iter__(self) -> Iterator[Exchange]:
        for exchange in self._exchanges:
            self.count += 1
            if not self._masking.is_on:
                yield exchange
                continue
            found = masked(exchange, self._masking)
            self.without_payload += not found.is_whole
            yield found.exchange


def _write_ndjson(exchanges: Iterable[Exchange], file: BinaryIO, _: Options) -> Counter[str]:
    for exchange in exchanges:
        file.write(_line(exchange) + b"\n")
    return Counter()


def _write_json(exchanges: Iterable[Exchange], file: BinaryIO, _: Options) -> Counter[str]:
    start = b"["
    for exchange in exchanges:
        file.write(start + b"\n" + _line(exchange))
        start = b","
    file.write(b"[]\n" if start == b"[" else b"\n]\n")
    return Counter()


def _line(exchange: Exchange) -> bytes:
    return escaped(dumps(exchange_line(exchange))).encode()


FORMATS = (
    ExportFormat("ndjson", "JSON lines", "ndjson", _write_ndjson),
    ExportFormat("json", "JSON array", "json", _write_json),
    ExportFormat(
        "csv",
        "CSV, a row an event",
        "csv",
        lambda exchanges, file, options: csv.write(
            exchanges, file, options.columns, has_bom=options.has_bom
        ),
        has_columns=True,
    ),
    ExportFormat("har", "HAR 1.2", "har", lambda exchanges, file, _: har.write(exchanges, file)),
    ExportFormat(
        "curl", "curl commands", "sh", lambda exchanges, file, _: curl.write(exchanges, file)
    ),
    ExportFormat(
        "urls", "list of URLs", "txt", lambda exchanges, file, _: urls.write(exchanges, file)
    ),
    ExportFormat(
        "parquet",
        "Parquet, a row an event",
        "parquet",
        lambda exchanges, file, options: parquet.write(exchanges, file, options.columns),
        has_columns=True,
        is_text=False,
    ),
)
"""Every format, in the order of the dialog."""
