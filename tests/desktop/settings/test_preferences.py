"""What is kept of preferences comes back, and nothing else is taken for one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.desktop.settings.preferences import (
    CHOICES,
    DEFAULTS,
    Preferences,
    checked_actor,
    kept_texts,
    read_preferences,
)
from whowas.desktop.timeline.speeds import BY_CHANGE, BY_DATE
from whowas.domain.errors import RefusedError

PREFERENCES = st.builds(
    lambda actor, chosen: DEFAULTS._replace(actor=actor, **chosen),
    st.sampled_from(["", "Ines Duarte", "علی‌رضا"]),
    st.fixed_dictionaries({name: st.sampled_from(list(of.values())) for name, of in CHOICES.items()}),
)


@given(PREFERENCES)
def test_what_was_chosen_comes_back(chosen: Preferences) -> None:
    assert read_preferences(kept_texts(chosen).get) == (chosen, True)


@given(st.dictionaries(st.sampled_from(Preferences._fields), st.one_of(st.text(), st.integers(), st.binary())))
def test_nonsense_gives_the_defaults_and_is_noticed(kept: dict[str, Any]) -> None:
    read, sound = read_preferences(kept.get)
    for name in Preferences._fields:
        value = getattr(read, name)
        assert value == getattr(DEFAULTS, name) or kept_texts(read)[name] == str(kept[name]).strip()
    assert sound or kept


def test_one_that_makes_no_sense_leaves_the_others() -> None:
    kept = {"theme": "dark", "text_size": "4000", "density": "compact"}
    assert read_preferences(kept.get) == (DEFAULTS._replace(theme="dark", density="compact"), False)


def test_nothing_kept_is_sound() -> None:
    assert read_preferences({}.get) == (DEFAULTS, True)


def test_every_speed_can_be_kept() -> None:
    assert [speed.key for speed in BY_DATE] == list(CHOICES["date_speed"])
    assert [speed.key for speed in BY_CHANGE] == list(CHOICES["change_speed"])


@pytest.mark.parametrize("name", ["Ines", "  Ines  ", "Zoë Ångström", "علی‌رضا", "x" * 100])
def test_a_name_is_taken_trimmed(name: str) -> None:
    assert checked_actor(name) == name.strip()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A name is needed."),
        (" \t ", "A name is needed."),
        ("\u200d", "A name is needed."),
        ("x" * 101, f"“{'x' * 59}…” cannot be a name: at most 100 plain characters."),
        ("two\nlines", "“two lines” cannot be a name: at most 100 plain characters."),
        ("a\x07bell", "“a\ufffdbell” cannot be a name: at most 100 plain characters."),
        ("a\ttab", "The name contains a character that cannot be seen."),
        ("turned \u202eround", "The name contains a character that cannot be seen."),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_in_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        checked_actor(name)
    assert (refused.value.field, str(refused.value)) == ("actor", sentence)
