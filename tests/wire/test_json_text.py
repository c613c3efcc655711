from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ending import ends
from tests.wire.json_values import VALUES, pointers, texts

from trackscope.wire.json_text import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NOTICES,
    children,
    depth_of,
    dumps,
    escape_pointer,
    find,
    find_all,
    parse,
    quoted,
    resolve,
    scan,
    steps,
    unquoted,
)

ANY_TEXT = st.text(st.characters(), max_size=20)


def _nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@given(texts())
def test_parse_agrees_with_the_standard_library(text: str) -> None:
    parsed = parse(text)
    assert (parsed.value, parsed.defect, parsed.notices) == (json.loads(text), None, ())


@given(st.text('{}[]",:\\u0123456789abceE+-. \n\x00truefalsnl', max_size=20))
def test_parse_refuses_what_the_standard_library_refuses(text: str) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        defect = parse(text).defect
        assert defect is not None
        assert 0 <= defect.offset <= len(text)
        assert defect.message
    else:
        assert parse(text).value == value


@given(texts())
def test_scan_finds_every_value_at_its_pointer(text: str) -> None:
    value = json.loads(text)
    found = {
        node.pointer: json.loads(text[node.value.start : node.value.end]) for node in scan(text)
    }
    assert found == dict(pointers(value))
    for node in scan(text):
        if node.key is not None:
            assert json.loads(text[node.key.start : node.key.end]) == steps(node.pointer)[-1]


@given(texts())
def test_find_and_children_lead_to_the_same_nodes_as_scan(text: str) -> None:
    nodes = {node.pointer: (node.key, node.value) for node in scan(text)}
    for pointer, value in pointers(json.loads(text)):
        node = find(text, pointer)
        assert node is not None
        assert (node.pointer, node.key, node.value) == (pointer, *nodes[pointer])
        inner = [child.step for child in children(text, node)]
        if isinstance(value, dict):
            assert inner == list(value)
        elif isinstance(value, list):
            assert inner == [str(index) for index in range(len(value))]
        else:
            assert inner == []


@given(texts(), st.integers(0, 2**16))
def test_many_pointers_lead_to_what_each_alone_leads_to(text: str, mask: int) -> None:
    every = [pointer for pointer, _ in pointers(json.loads(text))] + ["/nowhere", "/0/0/0/0/0/0"]
    wanted = [pointer for index, pointer in enumerate(every) if mask >> index & 1]
    alone = {pointer: find(text, pointer) for pointer in wanted}
    assert {at: node.value for at, node in find_all(text, wanted).items()} == {
        at: node.value for at, node in alone.items() if node is not None
    }


def test_what_stands_in_a_member_that_does_not_count_is_not_found() -> None:
    text = '{"a":{"x":1},"a":{"y":2}}'
    assert find(text, "/a/x") is None
    assert find_all(text, ["/a/x", "/a/y"]).keys() == {"/a/y"}


@given(st.text('{}[]",:\\u012aeE+-. \n\x00truefalsnl', max_size=30))
def test_scan_and_find_end_on_any_text(text: str) -> None:
    for node in scan(text):
        assert 0 <= node.value.start < node.value.end <= len(text)
    find(text, "/a/0")


@given(VALUES)
def test_resolve_follows_every_pointer(value: Any) -> None:
    for pointer, inner in pointers(value):
        assert resolve(value, pointer) is inner


@pytest.mark.parametrize(
    "pointer", ["/x", "/a/5", "/a/b", "/a/0/0", "/a/-1", "/a/-", "/a/01", "/b/0", "/a/٣"]
)
def test_a_pointer_that_leads_nowhere_is_a_lookup_error(pointer: str) -> None:
    text = '{"a": [1, 2], "b": "text"}'
    assert find(text, pointer) is None
    with pytest.raises(LookupError):
        resolve(json.loads(text), pointer)


@pytest.mark.parametrize("key", ["~", "/", "~1", "~0", "a/b~c", "", " ", "é", "😀", '"', "\\"])
def test_any_key_has_a_pointer(key: str) -> None:
    text = dumps({key: {"inner": 1}})
    pointer = f"/{escape_pointer(key)}/inner"
    assert steps(pointer) == [key, "inner"]
    node = find(text, pointer)
    assert node is not None
    assert text[node.value.start : node.value.end] == "1"
    assert node.pointer == pointer


def test_an_escaped_key_is_found_by_what_it_says() -> None:
    assert find(r'{"\u0061\/b": 1}', "/a~1b") is not None


@given(ANY_TEXT)
def test_any_string_comes_back_from_its_literal(text: str) -> None:
    assert unquoted(quoted(text)) == text
    quoted(text).encode("utf-8")  # no half of a pair stands for itself


@given(VALUES)
def test_dumps_writes_what_parse_reads(value: Any) -> None:
    assert parse(dumps(value)).value == value
    assert parse(dumps(value, indent=2)).value == value


@pytest.mark.parametrize("text", ["\ud800", "a\udc00", "\udc00\ud800"])
def test_halves_of_pairs_are_written_as_escapes(text: str) -> None:
    dumps({text: text}).encode("utf-8")
    assert json.loads(dumps({text: text})) == {text: text}


def test_200_levels_are_read_and_201_are_not() -> None:
    assert parse(_nested(MAX_DEPTH)).defect is None
    defect = parse(_nested(MAX_DEPTH + 1)).defect
    assert defect is not None
    assert (defect.rule, defect.offset) == ("json.depth", MAX_DEPTH)
    assert str(MAX_DEPTH) in defect.message


def test_brackets_in_strings_are_no_levels() -> None:
    text = json.dumps(["[" * 300, '"[{' * 300])
    assert parse(text).defect is None
    assert parse(text[:-1] + ',"' + "[" * 300 + '"]').defect is None


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":', "{"])
def test_100000_brackets_are_refused_in_bounded_time(opening: str) -> None:
    with ends():
        defect = parse(opening * 100_000).defect
        assert defect is not None
        assert defect.rule in ("json.depth", "json.syntax")
        assert list(scan(opening * 100_000)) == []
        find(opening * 100_000, "/0/0/0")


@pytest.mark.parametrize("sign", ["", "-"])
def test_4300_digits_are_read_and_4301_are_not(sign: str) -> None:
    assert parse(f"[{sign}{'9' * MAX_DIGITS}]").value == [int(sign + "9" * MAX_DIGITS)]
    defect = parse(f'["{"1" * 5000}", {sign}{"9" * (MAX_DIGITS + 1)}]').defect
    assert defect is not None
    assert (defect.rule, defect.offset) == ("json.number", 5005)
    assert "4,300" in defect.message


def test_long_fractions_are_no_long_integers() -> None:
    assert parse(f"[0.{'1' * 5000}]").defect is None


def test_a_key_that_stands_twice_is_told_at_its_second_place() -> None:
    parsed = parse('{"a": 1, "b": {"a": 2, "a": 3}, "a": 4}')
    assert parsed.value == {"a": 4, "b": {"a": 3}}
    assert [(each.rule, each.pointer, each.offset) for each in parsed.notices] == [
        ("json.duplicate-key", "/b/a", 23),
        ("json.duplicate-key", "/a", 32),
    ]


def test_the_same_key_escaped_is_the_same_key() -> None:
    assert [each.pointer for each in parse(r'{"a": 1, "\u0061": 2}').notices] == ["/a"]


def test_the_same_key_in_two_objects_is_no_repeat() -> None:
    assert parse('[{"a": 1}, {"a": 2}, {"b": {"a": 3}}]').notices == ()


def test_no_more_places_than_the_limit_are_told() -> None:
    text = "{" + ",".join('"a":NaN' for _ in range(1000)) + "}"
    assert len(parse(text).notices) == 2 * MAX_NOTICES


@pytest.mark.parametrize(
    "word", ["NaN", "Infinity", "-Infinity", "1e999", "-1E+999", "123e400", "9" * 310 + ".0"]
)
def test_a_number_that_is_not_finite_is_told_at_its_place(word: str) -> None:
    parsed = parse(f'{{"a": [0, {word}]}}')
    assert not math.isfinite(parsed.value["a"][1])
    [notice] = parsed.notices
    assert (notice.rule, notice.pointer, notice.offset) == ("json.not-finite", "/a/1", 10)


@pytest.mark.parametrize("word", ["1e308", "1e-999", "9" * 400, '"1e999"', '"NaN"', "0e999"])
def test_what_is_finite_or_a_string_is_not_told(word: str) -> None:
    assert parse(f"[{word}]").notices == ()


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ("", 0, "empty"),
        (" \n", 0, "empty"),
        ('{"a": 1,}', 8, "comma stands before }"),
        ("[1, ]", 4, "comma stands before ]"),
        ("{'a': 1}", 1, "double quotes"),
        ("{a: 1}", 1, "double quotes"),
        ('{"a" 1}', 5, "colon"),
        ('{"a": 1 "b": 2}', 8, "comma"),
        ("[1 2]", 3, "comma"),
        ("{} {}", 3, "more text follows"),
        ('{"a": "b}', 6, "no closing quote"),
        ('{"a": "b\nc"}', 8, "control character"),
        (r'{"a": "\x"}', 7, "escape"),
        (r'{"a": "\u12"}', 8, "four hexadecimal digits"),
        ('{"a": }', 6, "a value is expected"),
        ('{"a": True}', 6, "a value is expected"),
        ('{"a": [1, 2', 11, "ends too early"),
        ('{"a":', 5, "ends too early"),
        ("[1,", 3, "ends too early"),
        ("hello", 0, "a value is expected"),
        ("\ufeff{}", 0, "a value is expected"),
        ("[01]", 2, "comma"),
    ],
)
def test_a_syntax_error_is_told_where_it_is(text: str, offset: int, word: str) -> None:
    defect = parse(text).defect
    assert defect is not None
    assert (defect.rule, defect.offset) == ("json.syntax", offset)
    assert word in defect.message


@pytest.mark.parametrize(
    ("value", "depth"), [(1, 0), ({}, 1), ([[], {"a": [1]}], 3), ({"a": {"b": {}}}, 3)]
)
def test_depth_counts_objects_and_arrays(value: Any, depth: int) -> None:
    assert depth_of(value) == depth


@pytest.mark.parametrize(
    "text",
    ['"' + "\\" * 200_000, '"' + "a" * 400_000, "[" + "1," * 100_000, "9" * 200_000],
    ids=["backslashes", "string", "list", "digits"],
)
def test_long_broken_text_is_refused_in_bounded_time(text: str) -> None:
    with ends():
        assert parse(text).defect is not None
        list(scan(text))
        find(text, "/0")
