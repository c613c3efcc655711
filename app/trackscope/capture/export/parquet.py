"""Events as a Parquet file, for the engines that people use beyond one machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from trackscope.capture.exchange import Exchange
from trackscope.capture.export.rows import COLUMNS, Row, rows, whole
from trackscope.errors import UsageError

GROUP_ROWS = 10_000
GROUP_CHARACTERS = 32 * 1024 * 1024
"""When a row group is full, whichever comes first: what is held in memory is one group."""

_MOMENT = "timestamp[us, tz=UTC]"
_TYPES = {
    "exchange_id": "int64", "at": _MOMENT, "verdict": "int8", "predicted": "int8",
    "status": "int16", "time": _MOMENT, "findings": "list<string>",
}  # fmt: skip
"""The columns that are no text."""

_BITS = {"exchange_id": 63, "verdict": 7, "predicted": 7, "status": 15}


def write(
    exchanges: Iterable[Exchange], file: BinaryIO, columns: Sequence[str] = ()
) -> Counter[str]:
    """Write a row an event, the properties named in `columns` as texts after the fixed ones.

    Nothing is left out. UsageError where pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
        import pyarrow.parquet as pq  # type: ignore[import-untyped]  # nor here
    except ImportError:
        raise UsageError(
            "Parquet needs the package pyarrow, which is not installed.",
            'Install it with: pip install "trackscope[parquet]"',
        ) from None
    schema = _schema(pa, columns)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(map(_values, rows(exchanges, columns))):
            by_column = zip(zip(*group, strict=True), schema, strict=True)
            arrays = [pa.array(values, field.type) for values, field in by_column]
            writer.write_table(pa.table(arrays, schema=schema), row_group_size=len(group))
    return Counter()


def _schema(pa: Any, columns: Sequence[str]) -> Any:
    types = {
        "int64": pa.int64(),
        "int16": pa.int16(),
        "int8": pa.int8(),
        _MOMENT: pa.timestamp("us", "UTC"),
        "list<string>": pa.list_(pa.string()),
        "string": pa.string(),
    }
    names = (*COLUMNS, *map(whole, columns))
    return pa.schema([pa.field(name, types[_TYPES.get(name, "string")]) for name in names])


def _values(row: Row) -> tuple[Any, ...]:
    return (*(_fitting(name, getattr(row, name)) for name in COLUMNS), *row.extra)


def _fitting(name: str, value: Any) -> Any:
    """The value, or None where it is a number beyond its column's type."""
    if name in _BITS and value is not None and abs(value) >> _BITS[name]:
        return None
    return value


def _groups(found: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    group: list[tuple[Any, ...]] = []
    size = 0
    for values in found:
        group.append(values)
        size += sum(len(value) for value in values if isinstance(value, str))
        if len(group) == GROUP_ROWS or size > GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group
