from __future__ import annotations

import gzip
import zlib

import pytest

from trackscope.wire.content_coding import Body, truncated, unpack

_BARE = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"1")),
        ("X-GZIP", gzip.compress(b"1")),
        ("deflate", zlib.compress(b"1")),
        ("deflate", _BARE.compress(b"1") + _BARE.flush()),
    ],
)
def test_gzip_and_both_kinds_of_deflate_are_unpacked(coding: str, packed: bytes) -> None:
    body = unpack(Body(packed), coding)
    assert body.content == b"1"
    assert "came compressed" in body.remark


@pytest.mark.parametrize(("coding", "remark"), [("br", "as it came"), ("gzip", "but is not")])
def test_what_cannot_be_unpacked_stays_as_it_came_and_says_so(coding: str, remark: str) -> None:
    body = unpack(Body(b"1"), coding)
    assert body.content == b"1"
    assert remark in body.remark


def test_a_bomb_is_unpacked_up_to_the_limit() -> None:
    body = unpack(Body(gzip.compress(b"\0" * 50_000_000)), "gzip", 1000)
    assert (len(body.content), body.is_truncated) == (1000, True)


def test_what_is_left_out_is_said() -> None:
    assert truncated(b"abc", 2) == Body(
        b"ab", True, "The body is longer than 2 bytes: the rest is not read."
    )
