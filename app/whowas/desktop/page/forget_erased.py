"""Letting go of users who were erased, here or by another program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whowas.desktop.details.draft_store import DraftStore
from whowas.desktop.session.session import Session

if TYPE_CHECKING:
    from whowas.desktop.details.presenter import DetailsPresenter


def forget_erased(session: Session, drafts: DraftStore, details: DetailsPresenter | None) -> None:
    """Let go of whoever is no user any more: of the one whose details are shown, and of the drafts for them."""
    if session.instead is not None:
        return
    if details is not None:
        details.forget_erased()
    try:
        drafts.keep_only(session.knows)
    except OSError as error:
        session.failed.emit(f"A draft for a user who was erased is still on disk: {error.strerror}.")
