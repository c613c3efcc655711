from __future__ import annotations

import gzip

from trackscope.capture.answer import MAX_ANSWER, readable


def test_a_packed_answer_is_shown_unpacked_and_its_headers_as_they_came() -> None:
    headers = (("content-encoding", "gzip"),)
    reply, notes = readable(200, headers, gzip.compress(b"1"))
    assert (reply.body, reply.headers) == (b"1", headers)
    assert notes == ("the answer: The body came compressed (gzip).",)


def test_a_large_answer_is_cut_and_says_so() -> None:
    reply, notes = readable(200, (), b"x" * (MAX_ANSWER + 1))
    assert len(reply.body) == MAX_ANSWER
    assert "longer than 65,536 bytes" in notes[0]


def test_a_plain_answer_has_no_notes() -> None:
    assert readable(200, (), b"1")[1] == ()
