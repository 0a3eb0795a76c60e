"""What became of one user, or of the directory itself, in a sentence: for histories, menus and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from whowas.domain.directory import Directory
from whowas.domain.field_sentences import begun_as, described_anew, returned_as
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, label, listed
from whowas.domain.users import User

Kind = Literal["created", "restored", "deleted", "suspended", "reactivated", "password", "groups", "changed"]
DirectoryKind = Literal["group", "field", "moment", "nothing"]

_texts = attrgetter(*LABELS)
_NOBODY = User("", 0)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after; None where it was or became empty."""

    field: str
    before: str | None
    after: str | None
    name: str = ""
    """What a custom field is called where that is not its id."""

    @property
    def label(self) -> str:
        """What people call the field."""
        return self.name or label(self.field)

    @property
    def key(self) -> str:
        """The field as files and programs have it: ``attributes.<name>`` for a custom one."""
        return ATTRIBUTE_PREFIX + self.name if self.name else self.field


@dataclass(frozen=True, slots=True)
class Sentence:
    """What became of one user: ``title`` names it ("Title changed"), ``detail`` gives the values."""

    kind: Kind
    title: str
    detail: str

    @property
    def text(self) -> str:
        """Title and detail as one."""
        return f"{self.title}: {self.detail}" if self.detail else self.title


def field_changes(before: User | None, after: User, groups: Mapping[str, str]) -> list[FieldChange]:
    """Return every field that differs, in the order of the form; a password's value is never shown.

    ``groups`` maps group ids to names, and ``attributes.<id>`` to that of a custom field, see ``Directory.names``.
    """
    was = _NOBODY if before is None else before
    texts = zip(LABELS, _texts(was), _texts(after), strict=True)
    changes = [FieldChange(name, old, new) for name, old, new in texts if old != new]
    if was.attributes != after.attributes:
        for name in sorted({*was.attributes, *after.attributes}):
            old, new = was.attributes.get(name), after.attributes.get(name)
            if old != new:
                key = ATTRIBUTE_PREFIX + name
                changes.append(FieldChange(key, old, new, groups.get(key, "")))
    if was.groups != after.groups:
        left, joined = (", ".join(group_names(user.groups, groups)) or None for user in (was, after))
        if left != joined:
            changes.append(FieldChange("groups", left, joined))
    if before is None or before.status != after.status:
        changes.append(FieldChange("status", before.status if before else None, after.status))
    if was.password != after.password:
        changes.append(FieldChange("password", None, "set" if after.password else "cleared"))
    return changes


def sentence(before: User | None, after: User, groups: Mapping[str, str]) -> Sentence:
    """Return what happened between two states of a user; None as ``before`` means the user began.

    ``groups`` maps group ids to names.
    """
    return sentence_about(field_changes(before, after, groups), before, after, groups)


def sentence_about(
    changes: Sequence[FieldChange], before: User | None, after: User, groups: Mapping[str, str]
) -> Sentence:
    """Return the same as ``sentence`` where the ``field_changes`` between the two states are known already."""
    if before is None:
        return Sentence("created", "Created", after.name)
    match (before.status, after.status):
        case (old, new) if old == new:
            return _changed(changes, before, after, groups)
        case (_, "deleted"):
            return Sentence("deleted", "Deleted", after.name)
        case ("deleted", status):
            title = "Restored as suspended" if status == "suspended" else "Restored"
            return Sentence("restored", title, _detail(changes) or after.name)
        case (_, "suspended"):
            return Sentence("suspended", "Suspended", _detail(changes) or after.name)
        case _:
            return Sentence("reactivated", "Reactivated", _detail(changes) or after.name)


def group_names(group_ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Return what groups are called, sorted; ``names`` maps ids to the names of those that are known."""
    return sorted([names.get(group_id, "a deleted group") for group_id in group_ids])


def directory_sentence(before: Directory, after: Directory) -> tuple[DirectoryKind, str]:
    """Return what became of the directory itself between two states, and what it is about: groups before all else.

    Of the import of a list as which everybody was already, there is nothing to tell but that.
    """
    groups = [*_names_changed("group", "created", before.groups, after.groups), *_looks_changed(before, after)]
    old, new = ({key: named.name for key, named in state.moments.items()} for state in (before, after))
    moments = _names_changed("moment", "named", old, new) or _notes_changed(before, after)
    fields = _fields_changed(before, after)
    parts = [*groups, *moments, *fields]
    text = listed(parts) if parts else "nothing changed"
    kind: DirectoryKind = "group" if groups else "moment" if moments else "field" if fields else "nothing"
    return kind, text[0].upper() + text[1:]


def _names_changed(what: str, began: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return what happened to names by id: one by name, several by their number."""
    begun = [name for key, name in after.items() if key not in before]
    ended = [name for key, name in before.items() if key not in after]
    renamed = [f"{name} renamed to {after[key]}" for key, name in before.items() if after.get(key, name) != name]
    parts = []
    for names, verb in ((begun, f" {began}"), (ended, " deleted"), (renamed, "")):
        if len(names) == 1:
            parts.append(f"{what} {names[0]}{verb}")
        elif names:
            parts.append(f"{len(names):,} {what}s{verb or ' renamed'}")
    return parts


def _fields_changed(before: Directory, after: Directory) -> list[str]:
    """Return what happened to custom fields."""
    gone = before.deleted_fields.keys() - before.fields.keys()
    back = {key: name for key, name in after.fields.items() if key in gone}
    defined = {key: name for key, name in after.fields.items() if key not in back}
    others = {key: name for key, name in before.fields.items() if key not in back}
    begun, anew = "defined", "brought back"
    if len(begins := [key for key in defined if key not in others]) == 1:
        begun += begun_as(after.definition(begins[0]))
    if len(back) == 1:
        anew += returned_as(*(state.definition(key) for state in (before, after) for key in back))
    return [
        *_names_changed("custom field", begun, others, defined),
        *_names_changed("custom field", anew, {}, back),
        *described_anew(before, after),
    ]


def _looks_changed(before: Directory, after: Directory) -> list[str]:
    """Return which groups got another colour, and whether all are in another order."""
    old, new = before.looks, after.looks
    names = {**before.deleted_groups, **before.groups, **after.groups}
    coloured = [one for one in sorted({*old.colours, *new.colours}) if old.colours.get(one) != new.colours.get(one)]
    parts = []
    if len(coloured) == 1:
        name, colour = names.get(coloured[0], "a deleted group"), new.colours.get(coloured[0])
        parts.append(f"group {name} coloured {colour}" if colour else f"colour of group {name} taken away")
    elif coloured:
        parts.append(f"{len(coloured):,} groups coloured")
    return [*parts, "groups put into another order"] if old.order != new.order else parts


def _notes_changed(before: Directory, after: Directory) -> list[str]:
    """Return the moments of which the note alone was changed."""
    return [
        f"note of moment {named.name} changed"
        for key, named in after.moments.items()
        if key in before.moments and before.moments[key] != named
    ]


def _changed(changes: Sequence[FieldChange], before: User, after: User, groups: Mapping[str, str]) -> Sentence:
    others = [change for change in changes if change.field not in ("groups", "password")]
    if not others and before.password != after.password:
        return Sentence("password", "Password set" if after.password else "Password cleared", "")
    if not others and before.groups != after.groups:
        joined = group_names(after.groups - before.groups, groups)
        left = group_names(before.groups - after.groups, groups)
        titles = ([f"Added to {_counted(joined)}"] if joined else []) + (
            [f"Removed from {_counted(left)}"] if left else []
        )
        return Sentence("groups", "; ".join(titles), "; ".join(listed(names) for names in (joined, left) if names))
    if len(others) == 1:
        return Sentence("changed", f"{others[0].label} changed", _arrow(others[0]))
    if not others:
        return Sentence("changed", "Nothing changed", "")
    return Sentence("changed", f"{listed([change.label for change in others])} changed", _detail(others))


def _counted(names: list[str]) -> str:
    return "group" if len(names) == 1 else f"{len(names)} groups"


def _detail(changes: Sequence[FieldChange]) -> str:
    return "; ".join(
        [f"{change.label}: {_arrow(change)}" for change in changes if change.field not in ("status", "password")]
    )


def _arrow(change: FieldChange) -> str:
    return f"{change.before or 'empty'} → {change.after or 'empty'}"
