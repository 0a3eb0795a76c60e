"""Taking back what a change did to custom fields beside their names: what they are, and their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from whowas.domain.commands import DescribeField, OrderFields
from whowas.domain.custom_fields import Fields
from whowas.domain.directory import Directory
from whowas.domain.errors import AlteredAgainError


def redescribed(before: Directory, after: Directory) -> Iterator[tuple[str, Collection[str]]]:
    """Yield the id of each custom field that there was before a change which made it something else, and the aspects.

    One that the change defined is not among them: it goes, or stays with all that it is.
    """
    for field_id in {**before.fields, **before.deleted_fields}:
        if aspects := before.definition(field_id).differences(after.definition(field_id)):
            yield field_id, aspects.keys()


def definitions_back(before: Directory, after: Directory, now: Directory) -> list[DescribeField]:
    """Return the commands that make fields again what they were ``before`` a change, and not ``after`` it.

    Only what the change altered is touched. Raises AlteredAgainError when some of that was altered again since.
    """
    back: list[DescribeField] = []
    for field_id, aspects in redescribed(before, after):
        old, new, known = (state.definition(field_id) for state in (before, after, now))
        if any(getattr(known, aspect) != getattr(new, aspect) for aspect in aspects):
            name = now.fields.get(field_id) or before.fields.get(field_id) or before.deleted_fields[field_id]
            raise AlteredAgainError(
                "name", f"What the custom field {name} is was changed again since, so this cannot be undone."
            )
        back.append(DescribeField(field_id, **{aspect: getattr(old, aspect) for aspect in aspects}))
    return back


def field_order_back(before: Directory, after: Directory, now: Directory) -> list[OrderFields]:
    """Return what puts fields in order again as ``before`` a change, for when they are back; nothing if they are.

    Raises AlteredAgainError when the change put them in order, and somebody did so again since.
    """
    if was_reordered(before, after) and was_reordered(after, now):
        raise AlteredAgainError(
            "fields", "The custom fields were put into another order since, so this cannot be undone."
        )
    return [OrderFields(order)] if (order := order_before(before, after, now)) is not None else []


def order_before(before: Directory, after: Directory, now: Directory) -> tuple[str, ...] | None:
    """Return the order, by ids, that fields had before a change; None where they have it, and none comes back.

    Fields that came since keep their place after the one before them; so do those that come back where the change put
    none in order.
    """
    coming = before.fields.keys() - after.fields.keys() - now.fields.keys()
    if was_reordered(before, after):
        order = _with([*before.fields], now.fields)
    elif coming:
        order = _with([*now.fields], [one for one in before.fields if one in coming or one in now.fields])
    else:
        return None
    return order if coming or [one for one in order if one in now.fields] != [*now.fields] else None


def was_reordered(before: Directory, after: Directory) -> bool:
    """Say whether the fields that there are before and after are in another order."""
    return _among(before.fields, after.fields) != _among(after.fields, before.fields)


def _among(fields: Fields, others: Fields) -> list[str]:
    return [field_id for field_id in fields if field_id in others]


def _with(order: Sequence[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return ``order`` with those of ``others`` that are not in it, each right behind the one before it there."""
    found, place = list(order), 0
    for field_id in others:
        if field_id in found:
            place = found.index(field_id) + 1
        else:
            found.insert(place, field_id)
            place += 1
    return tuple(found)
