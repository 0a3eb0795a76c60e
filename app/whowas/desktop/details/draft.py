"""What the details form shows and what of it was edited: plain values, no widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from whowas.domain.fields import ATTRIBUTE_PREFIX


@dataclass(frozen=True, slots=True)
class UserForm:
    """One user as the form shows them; texts are "" where the user has none.

    ``user_id`` None stands for a user not created yet. ``values`` is keyed by field (a key of the domain's
    LABELS), ``attributes`` by custom field; ``groups`` holds names; ``status`` is active, suspended or deleted.
    """

    user_id: str | None
    version: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    status: str = "active"
    has_password: bool = False
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What differs from the user shown, and nothing else; ``groups`` is the whole list, None when unchanged."""

    values: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return bool(self.values or self.attributes) or self.groups is not None

    def fields(self) -> frozenset[str]:
        """Return what differs, named as refusals name fields."""
        groups = ("groups",) if self.groups is not None else ()
        return frozenset((*self.values, *(ATTRIBUTE_PREFIX + name for name in self.attributes), *groups))

    def trimmed(self) -> Draft:
        """Return the draft as it is to be saved: without white space around the texts."""
        return Draft(
            values={name: text.strip() for name, text in self.values.items()},
            groups=self.groups,
            attributes={name: text.strip() for name, text in self.attributes.items()},
        )


def differs(text: str, shown: str) -> bool:
    """Say whether an edited ``text`` is a change; white space that saving would take away is none."""
    return text != shown and text.strip() != shown


def merged_groups(draft: Draft, before: UserForm, now: UserForm) -> Draft:
    """Return the draft with its joining and leaving of groups, made for ``before``, carried over to ``now``."""
    if draft.groups is None:
        return draft
    joined = [name for name in draft.groups if name not in before.groups and name not in now.groups]
    left = set(before.groups) - set(draft.groups)
    groups = (*(name for name in now.groups if name not in left), *joined)
    return replace(draft, groups=groups)


def contested(draft: Draft, before: UserForm, now: UserForm) -> dict[str, str]:
    """Return the drafted texts that were changed between ``before`` and ``now``, with their new text.

    They are named as refusals name fields.
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
