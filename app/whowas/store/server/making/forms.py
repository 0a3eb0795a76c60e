"""What the server lets into a log: the forms of events and of reasons that this program reads, as its tables hold them.

Derived from what the program itself encodes and decodes by, so that neither knows an event which the other does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from operator import itemgetter
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from whowas.domain.causation import KINDS
from whowas.domain.events import DirectoryEvent
from whowas.store import codec
from whowas.store.event_forms import Form
from whowas.store.soundness import EARLIEST, LAST_POSITION, LATEST

_REASON = 0
"""Reasons stand among the events under their kinds, which are in lower case, with this for their schema."""

_ID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_IDS = frozenset({"group_id", "group_ids", "moment_id", "change_id", "matched", "change_ids"})
"""The keys under which there are ids; that of who is created is compared with the stream."""

_RANGES: Mapping[str, tuple[int, int]] = {"occurred_at": (EARLIEST, LATEST), "position": (0, LAST_POSITION)}
_OWN = frozenset(codec.name_of(kind) for kind in get_args(DirectoryEvent))


class KnownForm(NamedTuple):
    """A row of the table ``form``: the keys that a JSON object may have, and what stands under them.

    ``part_allowed`` are the keys of the object under the key ``part``. ``is_sound`` is a predicate of SQL/JSON paths,
    which wants all keys that are needed, but where all of them may be missing.
    """

    type: str
    schema: int
    is_own: bool
    """Whether it is of the directory's own stream, not of a user's."""
    allowed: list[str]
    part: str | None
    part_allowed: list[str] | None
    integers: list[str]
    is_sound: str | None


def known_forms() -> Iterator[KnownForm]:
    """Yield all of them: every type of event in every schema, and every kind of reason."""
    for (name, schema), form in sorted(codec.EVENTS.forms.items(), key=itemgetter(0)):
        yield _of_event(name, schema, form)
    for kind, held in KINDS.items():
        yield _known(kind, _REASON, fields(held), get_type_hints(held))


def _of_event(name: str, schema: int, form: Form) -> KnownForm:
    keys = [each for each in fields(form.held) if form.later.get(each.name, form.first) <= schema]
    known = _known(name, schema, keys, get_type_hints(form.held))
    for part, came in form.within.items():
        assert known.part is None, "the table has room for one"
        known = known._replace(part=part, part_allowed=[key for key, since in came.items() if since <= schema])
    return known


def _known(name: str, schema: int, keys: Sequence[Field[Any]], hints: Mapping[str, Any]) -> KnownForm:
    rules = [_rule(each.name, hints[each.name], may_lack=each.default is not MISSING) for each in keys]
    return KnownForm(
        type=name,
        schema=schema,
        is_own=name in _OWN,
        allowed=[each.name for each in keys],
        part=None,
        part_allowed=None,
        integers=[each.name for each in keys if hints[each.name] is int],
        is_sound=" && ".join([*filter(None, rules), *_rules_within(hints[each.name] for each in keys)]) or None,
    )


def _rule(key: str, hint: Any, *, may_lack: bool) -> str:
    """Return the predicate that the value under a key fulfils."""
    path, kinds = f"$.{key}", get_args(hint)
    if NoneType in kinds:
        (kind,) = (each for each in kinds if each is not NoneType)
        rule = f'({_rule_of(key, kind)} || {path}.type() == "null")'
    else:
        rule = _rule_of(key, hint)
    return f"(!exists({path}) || {rule})" if may_lack else rule


def _rule_of(key: str, hint: Any) -> str:
    """Return the predicate that a value fulfils which is there."""
    path = f"$.{key}"
    if hint is int:
        least, most = _RANGES[key]
        return f'{path}.type() == "number" && {path} >= {least} && {path} <= {most}'
    if hint is bool:
        return f'{path}.type() == "boolean"'
    if hint is str:
        return f'{path}.type() == "string"' + (f' && {path} like_regex "{_ID}"' if key in _IDS else "")
    if get_origin(hint) is Literal:
        texts = " || ".join(f'{path} == "{text}"' for text in get_args(hint))
        return f'{path}.type() == "string" && ({texts})'
    if get_origin(hint) is tuple:
        ids = f' && !exists({path}[*] ? (!(@ like_regex "{_ID}")))' if key in _IDS else ""
        return f'{path}.type() == "array" && !exists({path}[*].type() ? (@ != "string")){ids}'
    if get_origin(hint) is Mapping:
        return f'{path}.type() == "object"'
    raise TypeError(f"no rule for {hint}")


def _rules_within(hints: Iterable[Any]) -> Iterator[str]:
    """Yield the predicate that what stands in all objects fulfils: one for them all, as creations are many."""
    maps = {hint for hint in hints if get_origin(hint) is Mapping}
    if maps:
        (values,) = {get_args(each)[1] for each in maps}
        others = "" if values is str else ' && @ != "null"'
        yield f'!exists($.*.*.type() ? (@ != "string"{others}))'
