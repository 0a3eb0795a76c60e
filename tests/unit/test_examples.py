"""Properties that say how many examples they need are brief where everything is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.examples import at_most


@pytest.fixture(autouse=True)
def profile_put_back() -> Iterator[None]:
    before = settings.get_current_profile_name()
    yield
    settings.load_profile(before)


@pytest.mark.parametrize(
    ("profile", "of_60", "of_8"),
    [("default", 60, 8), ("repeatable", 60, 8), ("thorough", 60, 8), ("brief", 6, 1)],
)
def test_fewer_in_a_brief_profile_and_never_none(profile: str, of_60: int, of_8: int) -> None:
    settings.load_profile(profile)
    assert (at_most(60), at_most(8)) == (of_60, of_8)
