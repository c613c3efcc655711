from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.wire.json_values import CONTAINERS, KEYS, VALUES, pointers, texts

from trackscope.wire.json_splice import (
    added,
    removed,
    renamed,
    replaced,
    without_duplicates,
    written_as_text,
)
from trackscope.wire.json_text import escape_pointer, find, quoted, resolve, scan, steps

TEXTS = texts(CONTAINERS)
SEEDS = st.integers(0, 10**6)


def _pick(text: str, seed: int) -> tuple[Any, str]:
    """The value of the text, and some pointer into it that is not the top."""
    value = json.loads(text)
    inner = [pointer for pointer, _ in pointers(value) if pointer]
    assume(inner)
    return value, inner[seed % len(inner)]


def _parent(value: Any, pointer: str) -> tuple[Any, Any]:
    parent = resolve(value, pointer.rpartition("/")[0])
    step = steps(pointer)[-1]
    return parent, int(step) if isinstance(parent, list) else step


@given(TEXTS, SEEDS, texts(VALUES))
def test_replacing_changes_that_value_and_nothing_else(text: str, seed: int, new: str) -> None:
    value, pointer = _pick(text, seed)
    node = find(text, pointer)
    assert node is not None
    after = replaced(text, pointer, new)
    assert after == text[: node.value.start] + new + text[node.value.end :]
    parent, step = _parent(value, pointer)
    parent[step] = json.loads(new)
    assert json.loads(after) == value


@given(TEXTS, texts(VALUES))
def test_replacing_the_top_keeps_the_blanks_around_it(text: str, new: str) -> None:
    assert replaced(f" {text}\n", "", new) == f" {new}\n"


@given(TEXTS, SEEDS)
def test_removing_takes_the_member_with_its_comma(text: str, seed: int) -> None:
    value, pointer = _pick(text, seed)
    before = copy.deepcopy(value)
    after = removed(text, pointer)
    parent, step = _parent(value, pointer)
    del parent[step]
    assert json.loads(after) == value
    assert _others(after, text, pointer, before)


def _others(after: str, text: str, pointer: str, value: Any) -> bool:
    """Whether every literal outside the container that lost a member is as it was."""
    outside = pointer.rpartition("/")[0]
    kept = {
        node.pointer: text[node.value.start : node.value.end]
        for node in scan(text)
        if not f"{node.pointer}/".startswith(f"{outside}/")
        and not f"{outside}/".startswith(f"{node.pointer}/")
    }
    now = {node.pointer: after[node.value.start : node.value.end] for node in scan(after)}
    return all(now[each] == literal for each, literal in kept.items())


@given(TEXTS, SEEDS, KEYS)
def test_renaming_changes_the_key_and_its_place_stays(text: str, seed: int, key: str) -> None:
    value, pointer = _pick(text, seed)
    parent, step = _parent(value, pointer)
    if isinstance(parent, list):
        with pytest.raises(LookupError):
            renamed(text, pointer, key)
        return
    assume(key not in parent)
    after = renamed(text, pointer, key)
    items = [(key if name == step else name, inner) for name, inner in parent.items()]
    parent.clear()
    parent.update(items)
    assert json.dumps(json.loads(after)) == json.dumps(value)
    node = find(text, pointer)
    assert node is not None
    assert node.key is not None
    assert after == text[: node.key.start] + quoted(key) + text[node.key.end :]


@given(TEXTS, SEEDS, KEYS, texts(VALUES))
def test_adding_puts_the_member_last_and_changes_nothing_else(
    text: str, seed: int, key: str, new: str
) -> None:
    value = json.loads(text)
    objects = [pointer for pointer, inner in pointers(value) if isinstance(inner, dict)]
    assume(objects)
    pointer = objects[seed % len(objects)]
    target = resolve(value, pointer)
    assume(key not in target)
    after = added(text, pointer, key, new)
    target[key] = json.loads(new)
    assert json.dumps(json.loads(after)) == json.dumps(value)
    node = find(after, f"{pointer}/{escape_pointer(key)}")
    assert node is not None
    assert after[node.value.start : node.value.end] == new


@pytest.mark.parametrize(
    ("text", "pointer", "after"),
    [
        ('{"a":1}', "", '{"a":1,"k":0}'),
        ('{"a": 1}', "", '{"a": 1,"k": 0}'),
        ('{"a": 1, "b": 2}', "", '{"a": 1, "b": 2, "k": 0}'),
        ("{}", "", '{"k":0}'),
        ('{\n  "a": 1\n}', "", '{\n  "a": 1,\n  "k": 0\n}'),
        ('{\n  "a": {\n    "b": 1\n  }\n}', "/a", '{\n  "a": {\n    "b": 1,\n    "k": 0\n  }\n}'),
        ('[{"a":1},{"b":2}]', "/0", '[{"a":1,"k":0},{"b":2}]'),
    ],
)
def test_a_member_is_laid_out_as_its_siblings(text: str, pointer: str, after: str) -> None:
    assert added(text, pointer, "k", "0") == after


@pytest.mark.parametrize(
    ("text", "pointer", "after"),
    [
        ('{"a": 1, "b": 2}', "/a", '{"b": 2}'),
        ('{"a": 1, "b": 2}', "/b", '{"a": 1}'),
        ('{"a": 1}', "/a", "{}"),
        ('{\n  "a": 1,\n  "b": 2\n}', "/b", '{\n  "a": 1\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', "/a", '{\n  "b": 2\n}'),
        ("[1, 2, 3]", "/1", "[1, 3]"),
        ("[1 , 2]", "/1", "[1]"),
    ],
)
def test_what_is_removed_leaves_no_gap(text: str, pointer: str, after: str) -> None:
    assert removed(text, pointer) == after


@pytest.mark.parametrize("pointer", ["/x", "/a/0", "/b/2", "/b/-1", "/b/x"])
def test_a_pointer_that_leads_nowhere_is_a_lookup_error(pointer: str) -> None:
    text = '{"a": 1, "b": [1, 2]}'
    with pytest.raises(LookupError):
        replaced(text, pointer, "0")
    with pytest.raises(LookupError):
        removed(text, pointer)
    with pytest.raises(LookupError):
        added(text, pointer, "k", "0")
    with pytest.raises(LookupError):
        renamed(text, pointer, "k")


@pytest.mark.parametrize("pointer", ["", "/b", "/a"])
def test_a_member_is_added_to_an_object_only(pointer: str) -> None:
    text = '[{"a": 1}]' if pointer == "" else '{"a": 1, "b": [1, 2]}'
    with pytest.raises(LookupError):
        added(text, pointer, "k", "0")


def test_the_top_cannot_be_removed() -> None:
    with pytest.raises(LookupError):
        removed('{"a": 1}', "")


def test_of_repeated_keys_the_last_stays() -> None:
    text = '{"a": 1, "b": {"c": 1, "c": 2}, "a": 3, "a": [4]}'
    assert without_duplicates(text) == '{"b": {"c": 2}, "a": [4]}'


@given(TEXTS)
def test_a_text_without_repeated_keys_stays_as_it_is(text: str) -> None:
    assert without_duplicates(text) == text


def test_an_edit_is_made_to_the_repeated_key_that_counts() -> None:
    assert replaced('{"a": 1, "a": 2}', "/a", "3") == '{"a": 1, "a": 3}'


def test_many_repeats_are_taken_out_quickly() -> None:
    text = "{" + ",".join(f'"{number % 10}":{number}' for number in range(2000)) + "}"
    assert len(json.loads(without_duplicates(text))) == 10


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.integers(0, 31))
def test_members_are_written_as_text_and_the_others_stay(value: dict[str, Any], mask: int) -> None:
    keys = [key for index, key in enumerate(value) if mask >> index & 1]
    text = json.dumps({"a": value}, separators=(",", ":"))
    result = json.loads(written_as_text(text, "/a", keys))["a"]
    assert list(result) == list(value)
    for key, inner in value.items():
        if key not in keys or isinstance(inner, str):
            assert result[key] == inner
        else:
            assert isinstance(result[key], str)
            assert json.loads(result[key]) == inner


def test_a_number_becomes_the_text_that_it_was_written_as() -> None:
    assert (
        written_as_text('{"n": 1.50, "l": [1, 2]}', "", ["n", "l"]) == '{"n": "1.50", "l": "[1,2]"}'
    )


def test_repeats_are_removed_and_renamed_with_the_member() -> None:
    text = '{"b": 1, "a": 2, "a": 3, "c": {"a": 4}}'
    assert removed(text, "/a") == '{"b": 1, "c": {"a": 4}}'
    assert renamed(text, "/a", "d") == '{"b": 1, "d": 2, "d": 3, "c": {"a": 4}}'
