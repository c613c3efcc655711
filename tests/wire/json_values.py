"""JSON values, texts and events at random, the odd ones more often than chance would have them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import strategies as st

from trackscope.wire.json_text import escape_pointer

KEYS = st.text(max_size=6) | st.sampled_from(["", "/", "~", "~1", "a/b", "0", '"', "\\", "é", "😀"])
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
CONTAINERS = st.lists(VALUES, max_size=4) | st.dictionaries(KEYS, VALUES, max_size=4)

LAYOUTS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 2, "\t"]),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" ,\r\n", " : ")]),
        "ensure_ascii": st.booleans(),
    }
)
"""How a value can be written: keyword arguments of `json.dumps`."""

_WORDS = (
    "game",
    "Größe",
    "日本語",
    "😀 smile",
    'say "hi"',
    "a\\b",
    "line\nbreak",
    "100 %",
    "a+b=c",
)


def texts(values: st.SearchStrategy[Any] = VALUES) -> st.SearchStrategy[str]:
    """Values written as JSON in every layout."""
    return st.builds(lambda value, layout: json.dumps(value, **layout), values, LAYOUTS)


def pointers(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every pointer of a value with what it leads to, the top's first."""
    yield pointer, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from pointers(inner, f"{pointer}/{escape_pointer(key)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from pointers(inner, f"{pointer}/{index}")


def event(random: Random) -> dict[str, Any]:
    """An event as it is sent, with some properties of any type and language."""
    properties: dict[str, Any] = {"token": f"{random.getrandbits(128):032x}"}
    for number in range(random.randrange(6)):
        properties[f"{random.choice(_WORDS)} {number}"] = random.choice(
            [
                random.choice(_WORDS) * random.randrange(1, 4),
                random.randrange(-(10**9), 10**9),
                random.random() * 1000,
                random.choice([True, False, None]),
                [random.choice(_WORDS), random.randrange(9)],
                {random.choice(_WORDS): random.choice(_WORDS)},
            ]
        )
    return {"event": random.choice(_WORDS), "properties": properties}


def payload(random: Random) -> dict[str, Any] | list[dict[str, Any]]:
    """An event, or a batch of up to three."""
    if random.random() < 0.6:
        return event(random)
    return [event(random) for _ in range(random.randrange(1, 4))]


def written(value: Any, random: Random) -> str:
    """The value as JSON text: compact, spaced or indented, escaped or not."""
    indent, separators = random.choice(
        [(None, (",", ":")), (None, (", ", ": ")), (2, (",", ": ")), (0, (",", ":"))]
    )
    return json.dumps(
        value, indent=indent, separators=separators, ensure_ascii=random.random() < 0.5
    )
