"""Letting go of users who were erased, here or by another program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.page.several_drafts import SeveralDrafts
from whowas.desktop.session.lens import Now
from whowas.desktop.session.session import Session

if TYPE_CHECKING:
    from whowas.desktop.details.presenter import DetailsPresenter


def forget_erased(
    session: Session, drafts: DraftStore, details: DetailsPresenter | None, several: SeveralDrafts
) -> None:
    """Let go of whoever is no user any more: of the one whose details are shown, and of the drafts for them."""
    # Where only the sound part of a damaged directory is shown, whoever came later is not there, but was not erased.
    if not isinstance(session.shown.lens, Now) or session.damage is not None:
        return
    if details is not None:
        details.forget_erased()
    several.forget_erased()
    try:
        drafts.keep_only(session.reads.knows)
    except OSError as error:
        session.shown.failed.emit(f"A draft for a user who was erased is still on disk: {error.strerror}.")
