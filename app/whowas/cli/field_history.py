"""The history of one field: its values, from when until when, and by whom."""

from __future__ import annotations

import json
from typing import Any

from whowas.cli.opened import Opened
from whowas.cli.printing import local_time, say_json, say_table
from whowas.domain.causation import to_text
from whowas.domain.custom_fields import ever_known
from whowas.domain.fields import ATTRIBUTE_PREFIX, field_called
from whowas.interchange import iso_moments
from whowas.projections.queries.causes import Cause
from whowas.projections.queries.field_history import Span


def say_values(directory: Opened, user_id: str, called: str, *, as_json: bool) -> None:
    """Print the values of the field that is ``called`` so, oldest first. Raises RefusedError."""
    state = directory.todays_index.latest_directory()
    field = field_called(called, ever_known(state))
    spans = directory.read_side.spans_of(user_id, field, directory.index)[::-1]
    name = state.names.get(field)
    key = field if name is None else ATTRIBUTE_PREFIX + name
    if as_json:
        for span in spans:
            say_json({"id": user_id, "field": key, **_span_json(span)})
    else:
        say_table(("From", "Until", "By", "Change", "Value"), map(_cells, spans))


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
