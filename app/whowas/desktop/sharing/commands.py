"""What the File menu does about sharing: share this directory, its members, the server checked, back to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from whowas.desktop.chrome.actions import describe
from whowas.desktop.chrome.standing import EXPORTING, Condition, Severity
from whowas.desktop.kit.loading_parts import LoadingParts
from whowas.desktop.kit.save_as import ask_where_to_save
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.sharing.words import taken_back_told
from whowas.domain.progress import Progress
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.sharing.assistant.conversation import ShareConversation
    from whowas.store.chain import Head

OPEN_IT = "Open it"
_SHARING: Final = "whowas.desktop.sharing"
ASSISTANT: Final = (
    "whowas.desktop.kit.menu_box",
    "whowas.desktop.kit.assistant.frame",
    "whowas.desktop.kit.tinted_box",
    f"{_SHARING}.points",
    f"{_SHARING}.assistant.said",
    f"{_SHARING}.assistant.server_fields",
    "whowas.desktop.kit.segments",
    f"{_SHARING}.assistant.where_page",
    f"{_SHARING}.rights.view",
    f"{_SHARING}.assistant.who_page",
    f"{_SHARING}.assistant.check_page",
    f"{_SHARING}.assistant.move_page",
    f"{_SHARING}.assistant.dialog",
    "whowas.desktop.session.latest_job",
    f"{_SHARING}.assistant.jobs",
    "whowas.store.server.address",
    f"{_SHARING}.assistant.conversation",
)
"""What shows the assistant, each module before those that need it; the last one needs all of them."""
_SHARE = "Move this directory to a server, for several people to work in"
_SHARED_ALREADY = "This directory is shared already: others are let in by Members…"
_FILES = {f"Whowas directories (*{folders.SUFFIX})": folders.SUFFIX}


class SharingCommands(PageFeature):
    """``openWanted`` carries the path of a file to be opened, ``moved`` a MovedToServer: it is shared now."""

    openWanted = Signal(object)
    moved = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self._sharing: ShareConversation | None = None
        self._loading: LoadingParts | None = None
        self._taken: Path | None = None
        a, live = context.actions, context.session.live
        self._shared = None if live is None else live.shared
        for action, slot in (
            (a.share, self._share),
            (a.members, self._ask_members),
            (a.check_server, self._check),
            (a.take_back, self._ask_take_back),
        ):
            self._on(action.triggered, slot)
        self._on(context.messages.acted, self._act)
        self._on(context.messages.closed, self._forget_taken)
        context.page.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Offer to share what is a sound file, and the rest for what is shared."""
        a, is_shared = self._actions, self._shared is not None
        a.share.setEnabled(not is_shared and not self._session.read_only)
        describe(a.share, _SHARED_ALREADY if is_shared else _SHARE)
        for action in (a.members, a.check_server, a.take_back):
            action.setEnabled(is_shared)

    def _share(self) -> None:
        if self._loading is None:
            self._loading = LoadingParts(ASSISTANT, self)
        self._loading.then(self._begin_sharing)

    def _begin_sharing(self) -> None:
        from whowas.desktop.sharing.assistant.conversation import ShareConversation

        if self._sharing is not None or not self._session.is_open:
            return
        self._session.begun.emit()
        self._page.keep_draft()
        self._sharing = sharing = ShareConversation(self._context)
        sharing.moved.connect(self.moved)
        sharing.ended.connect(self._end_sharing)
        sharing.begin()

    def _end_sharing(self) -> None:
        self._sharing = None

    def _ask_members(self) -> None:
        from whowas.desktop.sharing.members import Members

        if self._shared is not None:
            dialog = Members(self._session, self._shared, self._window).dialog
            self._open(dialog)

    def _check(self) -> None:
        from whowas.desktop.sharing.checking import ServerCheck

        if self._shared is not None:
            self._open(ServerCheck(self._session, self._shared, self._window).dialog)

    def _ask_take_back(self) -> None:
        path = self._session.path
        target = ask_where_to_save(
            self._window, "Take back to a file", str(path.with_suffix(folders.SUFFIX)), _FILES, replacing=False
        )
        if target is not None:
            self.take_back(target)

    def take_back(self, target: Path) -> None:
        """Write all that this computer has of the shared directory to a file of its own, verified."""
        self._page.keep_draft()
        log = self._session.log

        def work(progress: Progress) -> Head:
            from whowas.team.taking_back import take_back

            return take_back(log, target, progress)

        run, done = partial(self._session.queries.run, work), partial(self._tell_taken, target)
        self._progress.follow("Taking back to a file", run, done, self._messages.failing(EXPORTING))

    def _tell_taken(self, target: Path, head: Head) -> None:
        self._taken = target
        told = taken_back_told(target.name, head)
        try:
            self._page.drafts.carry_to(target)
        except OSError as error:
            told = f"{told} Your drafts stay with the shared directory: {error.strerror or error}."
        self._messages.hold(Condition(EXPORTING, Severity.CALM, told, (OPEN_IT,), passing=True))

    def _act(self, about: str, action: str) -> None:
        if about == EXPORTING and action == OPEN_IT and self._taken is not None:
            taken, self._taken = self._taken, None
            self.openWanted.emit(taken)

    def _forget_taken(self, about: str) -> None:
        if about == EXPORTING:
            self._taken = None
