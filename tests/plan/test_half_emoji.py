from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from trackscope.plan.half_emoji import mended

TEXTS = st.text(st.characters(exclude_categories=[]), max_size=4)


@given(st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2), max_size=3))
def test_what_is_mended_is_unicode_and_whole_text_stays(value: dict[str, list[str]]) -> None:
    found = mended(value)
    orjson.dumps(found)
    assert mended(found) == found
