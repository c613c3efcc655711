from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.flow_writer import netstring

from trackscope.capture.tnetstring import (
    DamagedError,
    Value,
    as_bytes,
    as_number,
    as_text,
    dictionary,
    members,
    pairs,
    values,
)

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.text()
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.lists(_VALUES, max_size=5))
def test_values_of_every_type_are_told_apart(written: list[Any]) -> None:
    texts = [netstring(each) for each in written]
    read = list(values(dictionary(b"".join(texts))))
    assert [b"%d:%s%s" % (len(each.content), each.content, each.mark.encode()) for each in read] \
        == texts  # fmt: skip


@given(st.dictionaries(st.text(max_size=8), _VALUES))
def test_members_are_found_by_name_whether_text_or_bytes(written: dict[str, Any]) -> None:
    for keys in (written, {key.encode(): value for key, value in written.items()}):
        content = b"".join(netstring(key) + netstring(value) for key, value in keys.items())
        found, is_whole = members(dictionary(content), {key.encode() for key in written})
        assert is_whole
        assert found.keys() == written.keys()
        for name, value in found.items():
            assert netstring(written[name]).endswith(value.content + value.mark.encode())


@given(st.lists(st.tuples(st.binary(), st.binary()), max_size=5))
def test_pairs_are_found_as_they_were_written(written: list[tuple[bytes, bytes]]) -> None:
    content = b"".join(netstring(pair) for pair in written)
    assert list(pairs(dictionary(content))) == written
    if content:
        with pytest.raises(DamagedError):
            list(pairs(dictionary(content[:-1])))


@pytest.mark.parametrize(
    "damaged", [b"x", b"5:abc,", b"3:abc", b"-1:,", b"9999999999999:a,", b":,", b"1_0:a,"]
)
def test_damage_is_named_and_nothing_is_made_up(damaged: bytes) -> None:
    with pytest.raises(DamagedError):
        list(values(dictionary(damaged)))


def test_of_a_cut_dictionary_there_is_what_comes_before() -> None:
    content = netstring("a") + netstring(1) + netstring("b") + netstring("long value")
    found, is_whole = members(dictionary(content[:-3]), {b"a", b"b"})
    assert (list(found), is_whole) == (["a"], False)
    assert members(dictionary(netstring("a")), {b"a"}) == ({}, False)


def test_of_a_huge_dictionary_only_what_is_wanted_is_kept() -> None:
    content = b"".join(netstring(str(number)) + b"0:~" for number in range(100_000))
    found, is_whole = members(dictionary(content), {b"7"})
    assert (len(found), is_whole) == (1, True)


def _value(content: bytes, mark: str) -> Value:
    return Value(content, 0, len(content), mark)


def test_a_value_is_read_as_what_its_mark_says_or_not_at_all() -> None:
    assert as_text(_value(b"\xff", ";")) == "\udcff"
    assert as_bytes(_value(b"1", "#")) is None
    assert as_number(_value(b"1.5", "^")) == 1.5
    assert [as_number(_value(each, "^")) for each in (b"nan", b"1e999", b"x", b"9" * 99)] \
        == [None] * 4  # fmt: skip
    assert as_number(_value(b"1", ",")) is None
    assert (as_text(None), as_bytes(None), as_number(None)) == (None, None, None)
