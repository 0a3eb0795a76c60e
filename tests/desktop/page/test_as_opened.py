"""What a page that is closing shows for the next start to keep: the same as opening shows."""

from __future__ import annotations

import pytest

from tests.desktop.window.test_main_window import Desk, desk, directory

__all__ = ["desk", "directory"]


@pytest.mark.parametrize("begins", [True, False])
@pytest.mark.parametrize("looked_at", [True, False])
def test_the_timeline_is_laid_out_as_it_begins(desk: Desk, begins: bool, looked_at: bool) -> None:
    timeline = desk.page.timeline
    timeline.begin_with(by_change=begins, date_speed="year", change_speed="1")
    timeline.slider.set_by_change(looked_at)
    desk.page.show_as_opened()
    assert timeline.slider.by_change == begins
