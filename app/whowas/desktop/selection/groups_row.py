"""The groups of several users: chips of those that they are in, and a field for more; all of them join, or leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QWidget

from whowas.desktop.details.group_chips import AddGroup, GroupBox
from whowas.desktop.details.selection_draft import SelectionDraft
from whowas.desktop.kit.field_row import FieldRow
from whowas.desktop.selection.shared_chips import GroupShared, SharedChips
from whowas.domain.fields import listed, name_key


class SharedGroups(FieldRow):
    """What is chosen here is for all: they join, or leave. Text that is still being typed counts as a group too.

    Groups are held by id, so that one which gets another name meanwhile stays the same; only those that are to be made
    are known by what was typed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._completions = QStringListModel()
        self.adding = AddGroup(self._completions)
        self._box = GroupBox(self.adding)
        super().__init__("groups", "Groups", self._box, focus=self.adding, parent=parent)
        self._completions.setParent(self)
        self._chips = SharedChips(self._box, self)
        self._known: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._colours: dict[str, str] = {}
        self._members: dict[str, int] = {}
        self._total = 0
        self._joined: dict[str, str] = {}
        self._left: dict[str, str] = {}
        self._made: dict[str, str] = {}
        self._setting = False
        self._chips.left.connect(self._leave)
        self._chips.joined.connect(self._join_others)
        self.adding.typed.connect(self._typed)
        self.adding.refused.connect(self.set_note)
        self.adding.entered.connect(self._enter)
        self.adding.returnPressed.connect(self.submitted)
        self.putBackRequested.connect(self.put_back)

    @property
    def is_chosen(self) -> bool:
        """Whether all are to join or leave any group."""
        return bool(self.joined() or self.left() or self.made())

    def joined(self) -> tuple[str, ...]:
        """Return the ids of the groups that all are to join."""
        typed = {self._ids[key]: name for key, name in self._typed_names().items() if key in self._ids}
        return tuple(group_id for group_id in {**self._joined, **typed} if not self._has_all(group_id))

    def left(self) -> tuple[str, ...]:
        """Return the ids of the groups that all are to leave."""
        typed = {self._ids.get(key) for key in self._typed_names()}
        return tuple(group_id for group_id in self._left if group_id not in typed)

    def made(self) -> tuple[str, ...]:
        """Return the names of the groups that are to be made, for all to join."""
        typed = {key: name for key, name in self._typed_names().items() if key not in self._ids}
        return tuple({**self._made, **typed}.values())

    def set_known(self, groups: Mapping[str, str], colours: Mapping[str, str]) -> None:
        """Take the names of groups and of their colours, by id, and offer these groups while one is being typed."""
        if groups == self._known and colours == self._colours:
            return
        ids = {name_key(name): group_id for group_id, name in groups.items()}
        if any(key in self._ids and key not in ids for key in self._typed_names()):
            self._take_typed()  # it was typed for a group that is called otherwise by now
        self._known, self._ids, self._colours = dict(groups), ids, dict(colours)
        self._completions.setStringList(sorted(groups.values(), key=name_key))
        for chosen in (self._joined, self._left):
            chosen.update({group_id: groups[group_id] for group_id in chosen if group_id in groups})
        for key in [key for key in self._made if key in ids]:
            self._joined[ids[key]] = groups[ids[key]]
            del self._made[key]  # somebody else made it
        self._show()

    def set_shared(self, members: Mapping[str, int], total: int) -> None:
        """Show how many of ``total`` users are in which group (by id), 0 while that is found out; choices stay."""
        self._members, self._total = dict(members), total
        self._joined = {group_id: name for group_id, name in self._joined.items() if not self._has_all(group_id)}
        if total:  # otherwise nobody knows yet
            self._left = {group_id: name for group_id, name in self._left.items() if group_id in members}
        self._show()

    def show_choices(self, draft: SelectionDraft, names: Mapping[str, str]) -> None:
        """Show exactly what was chosen before for the users shown; ``names`` are those of groups, also deleted ones."""
        if self.note.sentence():
            self.set_note("")
        self._joined = {one: names[one] for one in draft.joined if one in names and not self._has_all(one)}
        self._left = {one: names[one] for one in draft.left if one in self._members and one in names}
        self._made = {name_key(name): name for name in draft.made}
        self._set_typed("")
        self._show()

    def take_saved(self, draft: SelectionDraft) -> None:
        """Show what became of the groups, which is no choice any more."""
        made = {name_key(name) for name in draft.made}
        if {*self._typed_names()} <= {*made, *(name_key(self._known.get(one, "")) for one in draft.joined)}:
            self._set_typed("")
        self._made = {key: name for key, name in self._made.items() if key not in made}
        self._joined = {one: name for one, name in self._joined.items() if one not in draft.joined}
        self._left = {one: name for one, name in self._left.items() if one not in draft.left}
        members = {one: count for one, count in self._members.items() if one not in draft.left}
        self.set_shared({**members, **dict.fromkeys(draft.joined, self._total)}, self._total)

    def put_back(self) -> None:
        """Drop what was chosen and typed."""
        self._joined, self._left, self._made = {}, {}, {}
        self._set_typed("")
        self.adding.setFocus()
        self._show()
        self._changed()

    def stops(self) -> Iterator[QWidget]:
        """Yield what the Tab key goes to, in order."""
        yield from self._chips.stops()
        yield self.adding

    def set_read_only(self, read_only: bool) -> None:
        self.adding.setVisible(not read_only)
        self._chips.set_read_only(read_only)

    def set_plain(self, plain: bool) -> None:
        self._box.set_plain(plain)

    def _has_all(self, group_id: str) -> bool:
        return bool(self._total) and self._members.get(group_id) == self._total

    def _typed(self, text: str) -> None:
        if self._setting:
            return
        if "," in text:
            # A pasted list becomes chips too; the text after its last comma may be unfinished.
            *finished, rest = text.split(",")
            self._join(*finished)
            self._set_typed(rest.lstrip())
            self._show()
        self._show_was()
        self._changed()

    def _set_typed(self, text: str) -> None:
        self._setting = True
        self.adding.setText(text)
        self._setting = False

    def _take_typed(self) -> None:
        names = self.adding.text().split(",")
        self._set_typed("")
        self._join(*names)

    def _enter(self) -> None:
        if self.adding.text():
            self._take_typed()
            self._show()
            self._changed()

    def _join(self, *names: str) -> None:
        for name in names:
            if not (key := name_key(name)):
                continue
            group_id = self._ids.get(key) or next((one for one, told in self._joined.items() if told == name), None)
            if group_id is None:
                self._made[key] = name.strip()
                continue
            self._left.pop(group_id, None)
            if not self._has_all(group_id):
                self._joined[group_id] = self._known.get(group_id, name)

    def _join_others(self, name: str) -> None:
        self._join(name)
        self._show()
        self.adding.setFocus()
        self._changed()

    def _leave(self, name: str) -> None:
        if self._made.pop(name_key(name), None) is None:
            group_id = next((one for one, told in self._joined.items() if told == name), None)
            if group_id is not None:
                del self._joined[group_id]
            elif (group_id := self._ids.get(name_key(name))) is not None:
                self._left[group_id] = name
        self._show()
        self.adding.setFocus()
        self._changed()

    def _typed_names(self) -> dict[str, str]:
        return {key: name.strip() for name in self.adding.text().split(",") if (key := name_key(name))}

    def _show(self) -> None:
        total, chosen = self._total, {**self._joined, **self._left}
        shared = {one: count for one, count in self._members.items() if one in self._known and one not in self._left}
        by_size = sorted(shared, key=lambda one: (-shared[one], name_key(self._known[one])))
        new = [GroupShared(name, total) for name in self._made.values()]
        new += [self._shared_by(one, chosen[one], total) for one in self._joined if one not in shared]
        kept = [self._shared_by(one, self._known[one], total if one in chosen else shared[one]) for one in by_size]
        self._chips.lay([*new, *sorted(kept, key=lambda one: one.members != total)], total)
        self._show_was()

    def _shared_by(self, group_id: str, name: str, members: int) -> GroupShared:
        return GroupShared(name, members, self._colours.get(group_id))

    def _show_was(self) -> None:
        names = {**self._known, **self._joined, **self._left}
        joined, left = [names[one] for one in self.joined()] + [*self.made()], [names[one] for one in self.left()]
        told = [f"all join {listed(joined)}"] if joined else []
        told += [f"all leave {listed(left)}"] if left else []
        self.show_was(", ".join(told))
