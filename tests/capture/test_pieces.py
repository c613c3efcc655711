from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.pieces import Pieces
from trackscope.capture.stream import CHUNK, Stream


@given(st.lists(st.integers(0, 300_000), max_size=20))
def test_pieces_of_any_lengths_add_up_to_the_stream(lengths: list[int]) -> None:
    content = bytes(range(256)) * 6000
    pieces = Pieces(Stream(BytesIO(content)))
    taken = [pieces.take(length) for length in lengths]
    assert b"".join(taken) == content[: sum(lengths)]
    assert pieces.take(len(content)) == content[sum(lengths) :]


def test_a_length_that_is_only_stated_takes_no_memory() -> None:
    pieces = Pieces(Stream(BytesIO(b"abc")))
    assert pieces.take(10**15) == b"abc"


def test_what_is_skipped_is_counted() -> None:
    pieces = Pieces(Stream(BytesIO(b"x" * (3 * CHUNK) + b"y")))
    assert pieces.skip(3 * CHUNK) == 3 * CHUNK
    assert pieces.take(5) == b"y"
    assert pieces.skip(10**15) == 0
