"""What becomes of groups: each act is one change, says what it did, and can be taken back at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.desktop.page.feature import PageFeature
from whowas.desktop.session.jobs import JobProgress
from whowas.desktop.session.view import EVERYONE, GROUP_PREFIX
from whowas.domain.commands import ColourGroup, DeleteGroup, OrderGroups, RenameGroup
from whowas.domain.fields import counted, shortened
from whowas.domain.groups import moved_to

if TYPE_CHECKING:
    from whowas.desktop.groups.merge_dialog import MergeGroupDialog
    from whowas.desktop.groups.rename_dialog import RenameGroupDialog


class GroupActs(PageFeature):
    """Renames, colours, moves, merges and deletes groups, which are given by their ids."""

    def rename(self, group_id: str) -> None:
        """Ask for another name."""
        from whowas.desktop.groups.rename_dialog import RenameGroupDialog

        dialog = RenameGroupDialog(self._name(group_id), self._window)
        dialog.accepted.connect(partial(self._rename_to, group_id, dialog))
        self._open(dialog)

    def _rename_to(self, group_id: str, dialog: RenameGroupDialog) -> None:
        command = RenameGroup(group_id, dialog.answer())
        self._dispatch(lambda change: change.dispatch(command))

    def colour(self, group_id: str, colour: str | None) -> None:
        """Give a group a colour, or none."""
        self._dispatch(lambda change: change.dispatch(ColourGroup(group_id, colour)))

    def move(self, group_id: str, place: int) -> None:
        """Give a group a place, from 0, in the order of all of them."""

        def decide(change: Change) -> None:
            # As they are then: others may have made or moved some.
            order = [known for known, _ in change.directory().ordered_groups()]
            if group_id in order:
                change.dispatch(OrderGroups(moved_to(order, group_id, place)))

        self._dispatch(decide)

    def delete(self, group_id: str) -> None:
        """Delete a group; who was in it stays."""
        members, name = self._members(group_id), self._name(group_id)

        def work(bus: Bus, _progress: JobProgress) -> str:
            return bus.dispatch(DeleteGroup(group_id)).change_id

        self._carry_out("Delete group", work, f"Deleted {name}; {what_stays(members)}", (group_id, EVERYONE))

    def merge(self, group_id: str) -> None:
        """Ask for the group into which one is merged."""
        from whowas.desktop.groups.merge_dialog import MergeGroupDialog

        others = [(known, name) for known, name in self._page.view.directory.ordered_groups() if known != group_id]
        dialog = MergeGroupDialog(self._name(group_id), self._members(group_id), others, self._window)
        dialog.accepted.connect(partial(self._merge_into, group_id, dialog))
        self._open(dialog)

    def _merge_into(self, group_id: str, dialog: MergeGroupDialog) -> None:
        into_id, log = dialog.answer(), self._session.log

        def work(bus: Bus, progress: JobProgress) -> str:
            from whowas.command_bus.group_merging import merge

            def decide(change: Change) -> None:
                merge(change, log, group_id, into_id, progress)

            return bus.carry_out(decide, whole=True, progress=progress)[1].change_id

        sentence = f"Merged {self._name(group_id)} into {self._name(into_id)}"
        self._carry_out("Merging groups", work, sentence, (group_id, GROUP_PREFIX + into_id))

    def _carry_out(
        self, title: str, work: Callable[[Bus, JobProgress], str], sentence: str, instead: tuple[str, str]
    ) -> None:
        """Run work that ends a group and returns the id of its change, and say ``sentence`` once it is done.

        How far it is is shown. ``instead`` is the group, and the section that is shown then if that was shown.
        """
        on_bus = partial(self._session.writer.on_bus, work)
        self._progress.follow(title, on_bus, partial(self._tell, sentence, instead), self._messages.failing())

    def _tell(self, sentence: str, instead: tuple[str, str], change_id: str) -> None:
        group_id, section = instead
        if self._page.view.section == GROUP_PREFIX + group_id:
            self._page.sidebar.select(section)
        self._answer(change_id, sentence)

    def _name(self, group_id: str) -> str:
        return shortened(self._page.view.directory.groups.get(group_id, "The group"))

    def _members(self, group_id: str) -> int:
        return self._page.view.counts().by_group.get(group_id, 0)


def what_stays(members: int) -> str:
    """Say what deleting a group leaves of its members."""
    if not members:
        return "nobody is in it"
    return f"its {counted(members, 'member')} stay{'s a user' if members == 1 else ' users'}"
