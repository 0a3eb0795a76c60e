"""Folding is quick, and says what the plain way says."""

from __future__ import annotations

import tracemalloc
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from whowas.domain.comparison_keys import without_invisible
from whowas.domain.text_folding import folded, searchable

APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07"

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("aBéÉßıİΣςẞK™ﬀ\u0301\u0323\u1fef\u200d\u00ad\n " + APOSTROPHES),
    ),
    max_size=12,
)


def plainly_folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", without_invisible(text).casefold())
    return "".join("i" if letter == "ı" else letter for letter in plain if not unicodedata.combining(letter))


def without_apostrophes(text: str) -> str:
    return "".join(letter for letter in text if letter not in APOSTROPHES)


@given(TEXTS)
@example("Ôὼ\u1fefΑ\u0301\u0323")
def test_a_whole_text_is_folded_like_its_letters(text: str) -> None:
    assert folded(text) == plainly_folded(text)
    assert searchable(text) == without_apostrophes(plainly_folded(without_apostrophes(text)))


@given(st.text(st.sampled_from("é\u0301ßİΣ´𝒜가 "), min_size=30, max_size=70))
def test_a_long_run_of_letters_is_folded_like_a_short_one(text: str) -> None:
    assert folded(text) == plainly_folded(text)
    assert searchable(text) == without_apostrophes(plainly_folded(without_apostrophes(text)))


def test_long_notes_do_not_stay_in_memory() -> None:
    tracemalloc.start()
    for note in range(10):
        searchable("".join(chr(0x20000 + note * 4_000 + letter) for letter in range(4_000)) * 20)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 3_000_000
