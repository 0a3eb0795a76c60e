"""The history of one field: its values, from when until when, and by whom."""

from __future__ import annotations

import json
from typing import Any

from whowas.cli.opened import Opened
from whowas.cli.printing import local_time, notify, plain, say_json, say_table
from whowas.domain.causation import to_text
from whowas.domain.custom_fields import Fields, ever_known
from whowas.domain.directory import Directory
from whowas.domain.fields import ATTRIBUTE_PREFIX, field_called, listed, name_key
from whowas.interchange import iso_moments
from whowas.projections.queries.causes import Cause
from whowas.projections.queries.field_history import Span


def say_values(directory: Opened, user_id: str, called: str, *, as_json: bool) -> None:
    """Print the values of the field that is ``called`` so, oldest first. Raises RefusedError."""
    state = directory.todays_index.latest_directory()
    known = ever_known(state)
    field = field_called(called, known)
    spans = directory.read_side.spans_of(user_id, field, directory.index)[::-1]
    field_id = field.removeprefix(ATTRIBUTE_PREFIX)
    key = field if field == field_id else ATTRIBUTE_PREFIX + known[field_id]
    if field != field_id:
        _say_others(state, known, field_id)
    if as_json:
        for span in spans:
            say_json({"id": user_id, "field": key, **_span_json(span)})
    else:
        say_table(("From", "Until", "By", "Change", "Value"), map(_cells, spans))


def _say_others(state: Directory, known: Fields, field_id: str) -> None:
    """Print by which names other custom fields are meant that are, or were, called like one."""
    names = {**state.deleted_fields, **state.fields}
    key = name_key(names[field_id])
    if others := [known[one] for one in known if one != field_id and name_key(names[one]) == key]:
        name = plain(names[field_id])
        also = listed(f"“{plain(one)}”" for one in others)
        notify(f"There is, or was, more than one custom field “{name}”: --field also takes {also}.")


def cause_json(cause: Cause | None) -> dict[str, Any]:
    """Return why a change was made as ``--json`` adds it, as it is stored; nothing for a plain edit."""
    return {} if cause is None else {"cause": json.loads(to_text(cause.causation) or "null")}


def _span_json(span: Span) -> dict[str, Any]:
    return {
        "value": span.value,
        "from": iso_moments.written(span.begins_at),
        "until": None if span.until_at is None else iso_moments.written(span.until_at),
        "moment": span.begins,
        "until_moment": span.until,
        "position": span.position,
        "recorded_at": iso_moments.written(span.recorded_at),
        "actor": span.actor,
        "change_id": span.change_id,
        "import": span.cause.source if span.cause else None,
        "sentence": span.sentence.text,
        **cause_json(span.cause),
    }


def _cells(span: Span) -> tuple[str, ...]:
    return (
        local_time(span.begins_at),
        "now" if span.until_at is None else local_time(span.until_at),
        span.actor,
        span.sentence.title + (f", {span.cause.told(local_time)}" if span.cause else ""),
        "(empty)" if span.value is None else span.value,
    )
