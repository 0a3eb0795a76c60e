"""The content of the details form and the person's edits of it: plain values, no widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from whowas.domain.fields import ATTRIBUTE_PREFIX

NEW_USER = "new"
"""The key of the draft of a user who does not exist yet; where there are several, it begins with this and a hyphen."""


def is_new(key: str | None) -> bool:
    """Return whether a draft's key is that of a user who does not exist yet, and not a user's id."""
    return key is not None and (key == NEW_USER or key.startswith(f"{NEW_USER}-"))


@dataclass(frozen=True, slots=True)
class UserForm:
    """One user as the form shows them; empty texts are "".

    ``user_id`` is None for a user who is not created yet: ``new_key`` says then which of several that is. ``values`` is
    keyed by field (a key of the domain's LABELS), ``attributes`` by custom field; ``groups`` holds names; ``status`` is
    active, suspended or deleted.
    """

    user_id: str | None
    version: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    status: str = "active"
    has_password: bool = False
    external_id: str = ""
    new_key: str = NEW_USER

    @property
    def key(self) -> str:
        """Whose draft is made in this form: the id of the user, or the key of one who does not exist yet."""
        return self.new_key if self.user_id is None else self.user_id


@dataclass(frozen=True, slots=True)
class Draft:
    """The values that differ from the user shown; ``groups`` is the whole list, or None if unchanged."""

    values: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.values or self.attributes) or self.groups is not None

    def fields(self) -> frozenset[str]:
        """Return the fields that differ, under the names that RefusedError uses."""
        groups = ("groups",) if self.groups is not None else ()
        return frozenset((*self.values, *(ATTRIBUTE_PREFIX + name for name in self.attributes), *groups))

    def trimmed(self) -> Draft:
        """Return the draft to be saved, without white space around its texts."""
        return Draft(
            values={name: text.strip() for name, text in self.values.items()},
            groups=self.groups,
            attributes={name: text.strip() for name, text in self.attributes.items()},
        )


def differs(text: str, shown: str) -> bool:
    """Return whether an edited ``text`` is a change; white space that saving would strip does not count."""
    return text != shown and text.strip() != shown


def merged_groups(draft: Draft, before: UserForm, now: UserForm) -> Draft:
    """Return a draft made for ``before`` with its joined and left groups applied to the groups of ``now``."""
    if draft.groups is None:
        return draft
    joined = [name for name in draft.groups if name not in before.groups and name not in now.groups]
    left = set(before.groups) - set(draft.groups)
    groups = (*(name for name in now.groups if name not in left), *joined)
    return replace(draft, groups=groups)


def contested(draft: Draft, before: UserForm, now: UserForm) -> dict[str, str]:
    """Return {field: new text} of the drafted texts that somebody else changed between ``before`` and ``now``.

    Fields have the names that RefusedError uses.
    """
    found = {
        name: now.values.get(name, "")
        for name in draft.values
        if now.values.get(name, "") != before.values.get(name, "")
    }
    return found | {
        ATTRIBUTE_PREFIX + name: now.attributes.get(name, "")
        for name in draft.attributes
        if now.attributes.get(name, "") != before.attributes.get(name, "")
    }


def typed_since(now: Draft, saved: Draft) -> Draft:
    """Return the part of a draft that differs from what was saved."""
    return Draft(
        {name: text for name, text in now.values.items() if text.strip() != saved.values.get(name)},
        now.groups if now.groups != saved.groups else None,
        {name: text for name, text in now.attributes.items() if text.strip() != saved.attributes.get(name)},
    )


def without(draft: Draft, names: set[str]) -> Draft:
    """Return a draft without some of its texts; ``names`` are those that RefusedError uses."""
    return Draft(
        {name: text for name, text in draft.values.items() if name not in names},
        draft.groups,
        {name: text for name, text in draft.attributes.items() if ATTRIBUTE_PREFIX + name not in names},
    )
