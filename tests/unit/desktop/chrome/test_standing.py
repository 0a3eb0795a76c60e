"""What the status line and the bars say, over everything that can be so at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from whowas.desktop.chrome.standing import (
    EXPORTING,
    SAVING,
    Condition,
    Damaged,
    Severity,
    Shown,
    Standing,
    Verified,
    bars,
)
from whowas.desktop.chrome.status_words import status_line

GONE = Condition(
    "file", Severity.RED, "staff.whowas is no longer in its folder.", ("Save a copy…",), unsaved="not in its folder"
)
NETWORK = Condition("folder", Severity.CALM, "This folder is on a network.")
FULL = Condition(SAVING, Severity.RED, "The disk is full.", passing=True, unsaved="the last change was not saved")
EXPORTED = Condition(EXPORTING, Severity.CALM, "Exported to users.csv.", passing=True)
DAMAGED = Damaged(12_006)
SHOWN: tuple[Shown, ...] = ("now", "past", "known", "imagined")


def every_standing() -> Iterator[Standing]:
    """Every combination of what can be so; a refused or unkept draft is one of some drafts."""
    held = [(), (GONE,), (NETWORK,), (FULL,), (EXPORTED,), (NETWORK, GONE, FULL)]
    histories = [None, Verified(7), Verified(6), DAMAGED]
    for shown, saving, drafts, refused, unkept, history, conditions in product(
        SHOWN, (False, True), (0, 1, 2), (False, True), ("", "No space left on device"), histories, held
    ):
        if drafts or not refused:
            yield Standing("staff.whowas", 3, 7, 7, shown, saving, drafts, refused, unkept, history, conditions)


def said(standing: Standing) -> list[str]:
    line = status_line(standing)
    words = [line.users.text, line.changes.text, line.history.text, line.file.text]
    return [*words, *(one.sentence for one in bars(standing))]


def test_saved_is_said_only_where_nothing_speaks_against_it() -> None:
    every = list(every_standing())
    assert len(every) == 1920
    for standing in every:
        unsaved = [one for one in standing.conditions if one.unsaved]
        saved = not (standing.saving or standing.drafts or unsaved)
        told = status_line(standing).file.text
        assert ("all changes saved" in told) == (saved and standing.shown != "imagined"), standing
        assert told.startswith("staff.whowas ·"), standing


def test_a_draft_is_counted_and_said_to_be_refused_or_unkept_wherever_it_is() -> None:
    for standing in every_standing():
        file, link = status_line(standing).file.text, status_line(standing).drafts
        assert not link or standing.drafts, standing
        if standing.drafts and not standing.saving and not any(one.unsaved for one in standing.conditions):
            told = "1 draft not saved" if standing.drafts == 1 else "2 drafts not saved"
            assert link.startswith(told), standing
            assert file == ("staff.whowas · not kept on disk:" if standing.unkept else "staff.whowas ·"), standing
            assert ("refused" in link) == (standing.refused and not standing.unkept), standing
        unkept = [one for one in bars(standing) if "cannot be kept on disk" in one.sentence]
        assert bool(unkept) == bool(standing.unkept and standing.drafts), standing


def test_a_damaged_history_is_unlike_a_verified_one_in_word_icon_and_colour() -> None:
    for standing in every_standing():
        words = status_line(standing).history
        if standing.history == DAMAGED:
            assert (words.text, words.icon, words.token) == ("history damaged at change 12,006", "alert", "error")
        else:
            assert "damaged" not in " ".join(said(standing))
            assert words.token == "muted"
        if standing.history == Verified(7):
            assert (words.text, words.icon) == ("history verified", "shield-check")


def test_what_was_recorded_since_is_not_said_to_be_verified() -> None:
    standing = Standing("staff.whowas", 3, 1_204, 1_204, history=Verified(1_204))
    assert status_line(standing).history.text == "history verified"
    assert status_line(standing._replace(recorded=1_207)).history.text == "1,204 of 1,207 changes verified"


def test_counts_say_of_what_they_are() -> None:
    texts = {}
    for shown in SHOWN:
        line = status_line(Standing("staff.whowas", 1, 1_204, 1_204, shown))
        texts[shown] = (line.users.text, line.changes.text, line.file.text.partition(" · ")[2])
    assert texts == {
        "now": ("1 user", "1,204 changes", "all changes saved"),
        "past": ("1 user then", "1,204 changes", "all changes saved"),
        "known": ("1 user then", "1,204 changes known then", "all changes saved"),
        "imagined": ("1 user imagined", "1,204 changes imagined", "imagined, nothing is written"),
    }


def test_what_stands_at_the_same_time_is_said_at_the_same_time_the_worst_first() -> None:
    standing = Standing("staff.whowas").holding(NETWORK).holding(GONE).holding(EXPORTED)
    assert bars(standing) == (GONE, NETWORK, EXPORTED)
    assert status_line(standing).file.text == "staff.whowas · not in its folder"
    assert status_line(standing).file.token == "error"
    assert bars(standing.ending("file")) == (NETWORK, EXPORTED)


def test_there_is_one_sentence_about_each_thing() -> None:
    later = NETWORK._replace(sentence="This folder is on another network.")
    assert bars(Standing().holding(NETWORK).holding(GONE).holding(later)) == (GONE, later)


def test_a_failure_goes_when_the_same_succeeds_or_the_person_goes_on() -> None:
    standing = Standing("staff.whowas").holding(FULL).holding(NETWORK)
    assert bars(standing.succeeding(EXPORTING)) == (FULL, NETWORK), "another thing succeeded, which was asked before"
    assert bars(standing.succeeding(SAVING)) == (NETWORK,)
    assert bars(standing.going_on()) == (NETWORK,), "what stands is not over as somebody asks for something"
    assert status_line(standing.going_on()).file.text == "staff.whowas · all changes saved"


def test_what_was_read_stays_closed_while_it_stands_and_is_told_when_it_comes_again() -> None:
    standing = Standing("staff.whowas", history=DAMAGED).holding(GONE).holding(FULL)
    for one in bars(standing):
        standing = standing.closing(one)
    assert bars(standing) == ()
    line = status_line(standing)
    assert (line.history.text, line.file.text) == (
        "history damaged at change 12,006",
        "staff.whowas · not in its folder",
    )
    assert bars(standing.holding(GONE)) == ()
    assert bars(standing.ending("file").holding(GONE)) == (GONE,)


@pytest.mark.parametrize("history", [None, Verified(0), DAMAGED])
def test_without_a_file_nothing_is_said_of_one(history: Verified | Damaged | None) -> None:
    assert status_line(Standing(history=history)).file.text == ""


def test_a_directory_that_can_only_be_read_says_so_and_what_of_it_is_not_saved() -> None:
    standing = Standing("staff.whowas", read_only=True)
    assert status_line(standing).file.text == "staff.whowas · read-only"
    drafts = status_line(standing._replace(drafts=2))
    assert (drafts.file.text, drafts.drafts) == ("staff.whowas · read-only,", "2 drafts not saved")
    assert status_line(standing.holding(GONE)).file.text == "staff.whowas · not in its folder"
    assert status_line(Standing("staff.whowas", history=Damaged(None))).history.text == "file damaged"


def test_nothing_is_counted_of_a_directory_that_is_still_being_opened() -> None:
    line = status_line(Standing())
    assert (line.users.text, line.changes.text) == ("", "")
    assert status_line(Standing(users=0, changes=0)).users.text == "0 users"
