"""Custom fields of a directory: the ids under which users hold values, the names that people see, and their rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Protocol, assert_never

from whowas.domain.commands import (
    DefineField,
    DeleteField,
    DescribeField,
    FieldCommand,
    OrderFields,
    RenameField,
    RestoreField,
)
from whowas.domain.describing import as_described, described
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.events import (
    FieldDefined,
    FieldDeleted,
    FieldEvent,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
)
from whowas.domain.field_definitions import PLAIN, Definitions
from whowas.domain.fields import ATTRIBUTE_PREFIX, NAME_LIMIT, checked_name, name_key, shortened

Fields = Mapping[str, str]
"""Names of custom fields by id, in the order in which they were defined. Mostly a field's id is its name."""


class KnownFields(Protocol):
    """The custom fields there are, and those that are deleted."""

    @property
    def fields(self) -> Fields: ...
    @property
    def deleted_fields(self) -> Fields: ...
    @property
    def definitions(self) -> Definitions: ...


def field_named(fields: Fields, name: str) -> str | None:
    """Return the id of the field called ``name``: exactly so where there is one, else whatever its case; or None."""
    if fields.get(name) == name:
        return name
    key = name_key(name)
    alike = [field_id for field_id, known in fields.items() if known == name or name_key(known) == key]
    return next((field_id for field_id in alike if fields[field_id] == name), alike[0] if alike else None)


def called_now(field: str, fields: Fields) -> str:
    """Return ``attributes.<name>``, as a field was called once, with the name it has now; any other field as it is.

    That is another name where no field is called so any more, and it is the id of one: what that was called at first.
    """
    name = field.removeprefix(ATTRIBUTE_PREFIX)
    if name == field or field_named(fields, name) is not None:
        return field
    return ATTRIBUTE_PREFIX + fields.get(name, name)


def new_field_id(known: KnownFields, name: str) -> str:
    """Return the id of a new field: its name, unless another field, renamed or deleted since, has that for its id."""
    if name not in known.fields and name not in known.deleted_fields:
        return name
    return free_of({field_id: field_id for field_id in (*known.fields, *known.deleted_fields)}, name)


def free_of(fields: Fields, name: str) -> str:
    """Return a name like ``name`` that none of ``fields`` has, and that is no longer than a name may be."""
    taken = {name_key(known) for known in fields.values()}
    return next(other for number in count(2) if name_key(other := ending_in(name, f" {number}")) not in taken)


def ending_in(name: str, end: str) -> str:
    """Return ``name`` with ``end`` after it; a long one is cut, so that the whole is no longer than a name may be."""
    return name[: NAME_LIMIT - len(end)].rstrip() + end


def told_apart(fields: Fields, there: Fields) -> Fields:
    """Return the names under which ``fields`` show together, no two of them the same.

    A backdated value shows before its field was defined, when another field may have had that name: a field that is
    not ``there`` yet says so. Of two that were there under one name, as backdated changes may have it, the second gets
    a number.
    """
    if len(set(fields.values())) == len(fields):
        return fields
    shown: dict[str, str] = {}
    for field_id in sorted(fields, key=lambda field_id: field_id not in there):
        called = fields[field_id]
        if called in shown.values() and field_id not in there:
            called = ending_in(called, " (defined later)")
        shown[field_id] = free_of(shown, called) if called in shown.values() else called
    return {field_id: shown[field_id] for field_id in fields}


def decide_field(command: FieldCommand, known: KnownFields, *, as_recorded: bool = False) -> tuple[FieldEvent, ...]:
    """Return the events that ``command`` causes; ``as_recorded`` says that the log holds it, see ``Known``.

    Raises RefusedError naming the field at fault.
    """
    match command:
        case DefineField(name, field_id):
            return _defined(known, checked_name("name", name), field_id, as_recorded=as_recorded)
        case RenameField(field_id, name) if as_recorded and field_id in known.deleted_fields:
            # It had another name only while it was deleted for one that got its name.
            return () if name == known.deleted_fields[field_id] else (FieldRenamed(field_id, name),)
        case RenameField(field_id, name):
            before = _existing(known, field_id)
            name = _free_name(known, field_id, name)
            return () if name == before else (FieldRenamed(field_id, name),)
        case DeleteField(field_id):
            _existing(known, field_id)
            return (FieldDeleted(field_id),)
        case RestoreField(field_id):
            if field_id in known.fields:
                return ()
            if field_id not in known.deleted_fields:
                raise RefusedError("name", f"There was no custom field “{shortened(field_id)}”.")
            _free_name(known, field_id, known.deleted_fields[field_id])
            return (FieldRestored(field_id),)
        case DescribeField(field_id):
            definition = known.definitions.get(field_id, PLAIN)
            if as_recorded and field_id in known.deleted_fields:  # as in a what-if
                return as_described(command, definition)
            name = _existing(known, field_id)
            return as_described(command, definition) if as_recorded else described(command, name, definition)
        case OrderFields(field_ids):
            if len(set(field_ids)) < len(field_ids):
                raise RefusedError("fields", "A field can have only one place among the others.")
            there = tuple(field_id for field_id in field_ids if field_id in known.fields)
            return () if [*_in_order(known.fields, there)] == [*known.fields] else (FieldsOrdered(there),)
        case _:
            assert_never(command)


def evolve_fields(
    fields: Fields,
    deleted: Fields,
    places: tuple[str, ...],
    event: FieldDefined | FieldRenamed | FieldDeleted | FieldRestored | FieldsOrdered,
) -> tuple[Fields, Fields, tuple[str, ...]]:
    """Return the fields there are, those that are deleted, and their ``places`` after ``event``, in any order.

    ``places`` lists the ids of fields as they stood when one was last deleted or brought back, which comes back there.
    """
    match event:
        case FieldDefined(name):
            field_id = event.id
            known = field_id in fields or field_id in deleted
            return (fields if known else {**fields, field_id: name}), deleted, places
        case FieldRenamed(field_id, name):
            return _renamed(fields, field_id, name), _renamed(deleted, field_id, name), places
        case FieldDeleted(field_id) if field_id in fields:
            return _without(fields, field_id), {**deleted, field_id: fields[field_id]}, _placed(fields, places)
        case FieldRestored(field_id) if field_id in deleted:
            places, names = _placed(fields, places), {**fields, field_id: deleted[field_id]}
            return _in_order(names, places), _without(deleted, field_id), places
        case FieldDeleted() | FieldRestored():
            return fields, deleted, places
        case FieldsOrdered(field_ids):
            return _in_order(fields, field_ids), deleted, places
        case _:
            assert_never(event)


def fields_back(before: Fields, after: Fields, now: KnownFields) -> dict[str, str | None]:
    """Return the name before a change of every field that it altered, None where there was no such field.

    Raises AlteredAgainError when one of them was altered again since.
    """
    back: dict[str, str | None] = {}
    for field_id in {**before, **after}:
        old, new = before.get(field_id), after.get(field_id)
        if old == new:
            continue
        if now.fields.get(field_id) != new:
            reason = f"The custom field {new or old} was changed again since, so this cannot be undone."
            raise AlteredAgainError("name", reason)
        back[field_id] = old
    return back


def left_alone(target: Mapping[str, str], now: Mapping[str, str], there: Fields) -> dict[str, str]:
    """Return a user's values in the fields that are ``there`` as in ``target``, and in all others as ``now``."""
    kept = {field_id: text for field_id, text in now.items() if field_id not in there}
    return {**{field_id: text for field_id, text in target.items() if field_id in there}, **kept}


def ever_known(known: KnownFields) -> Fields:
    """Return the fields there are and those that are deleted, no two of one name, whatever its case.

    A deleted one whose name another has too, there or deleted later, has "(deleted)" after it.
    """
    shown = dict(known.fields)
    for field_id, name in reversed([*known.deleted_fields.items()]):
        called = name if field_named(shown, name) is None else ending_in(name, " (deleted)")
        shown[field_id] = called if field_named(shown, called) is None else free_of(shown, called)
    return shown


def names_by_id(known: KnownFields) -> Iterator[tuple[str, str]]:
    """Yield ``attributes.<id>`` and the name of each field, deleted or not, whose name is not its id."""
    for fields in (known.deleted_fields, known.fields):
        for field_id, name in fields.items():
            if name != field_id:
                yield ATTRIBUTE_PREFIX + field_id, name


def no_such_field(known: KnownFields, field_id: str) -> RefusedError:
    """Return why nobody can get a value in that field."""
    if (name := known.deleted_fields.get(field_id)) is not None:
        reason = f"The custom field “{shortened(name)}” is deleted. Bring it back first."
        return RefusedError(ATTRIBUTE_PREFIX + name, reason)
    return RefusedError(ATTRIBUTE_PREFIX + field_id, f"This directory has no custom field “{shortened(field_id)}”.")


def _defined(known: KnownFields, name: str, field_id: str, *, as_recorded: bool) -> tuple[FieldDefined, ...]:
    is_called_so = name in known.fields.values()
    if known.fields.get(field_id or name) == name or (is_called_so and not field_id):
        return ()
    if field_id in known.deleted_fields or field_id in known.fields:
        raise RefusedError("name", f"There is, or was, a custom field “{shortened(field_id)}” already.")
    if not as_recorded:
        _free_name(known, None, name)
    elif is_called_so:
        # In a what-if the name may not be free. Under another one the field keeps what users hold in it.
        name = free_of(known.fields, name)
    field_id = field_id or new_field_id(known, name)
    return (FieldDefined(name, "" if field_id == name else field_id),)


def _existing(known: KnownFields, field_id: str) -> str:
    if field_id not in known.fields:
        raise RefusedError("name", str(no_such_field(known, field_id)))
    return known.fields[field_id]


def _free_name(known: KnownFields, field_id: str | None, name: str) -> str:
    name = checked_name("name", name)
    key = name_key(name)
    for other, taken in known.fields.items():
        if other != field_id and name_key(taken) == key:
            raise RefusedError("name", f"There is a custom field called “{shortened(taken)}” already.")
    return name


def _renamed(fields: Fields, field_id: str, name: str) -> Fields:
    return {**fields, field_id: name} if field_id in fields else fields


def _in_order(fields: Fields, field_ids: Iterable[str]) -> Fields:
    first = {field_id: fields[field_id] for field_id in field_ids if field_id in fields}
    return {**first, **{field_id: name for field_id, name in fields.items() if field_id not in first}}


def _placed(fields: Fields, places: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``fields`` in their order, with each other one of ``places`` behind the one before it there."""
    order, place = [*fields], 0
    for field_id in places:
        if field_id not in fields:
            order.insert(place, field_id)
        place = order.index(field_id) + 1
    return tuple(order)


def _without(fields: Fields, field_id: str) -> Fields:
    return {known: name for known, name in fields.items() if known != field_id}
