"""Any values of JSON, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(("id", "user", "time", "token", "n")) | st.text(max_size=3)
"""Names of properties: some that mean something, and any."""

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=5),  # halves of emoji too
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)

PROPERTIES = st.dictionaries(NAMES, VALUES, max_size=5)
