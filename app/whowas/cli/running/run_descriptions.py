"""What a line of ``whowas run`` says of a custom field beside its name."""

from __future__ import annotations

from typing import Final

from whowas.cli.running.run_requests import RunRequest
from whowas.domain.commands import DescribeField
from whowas.domain.describing import unknown_type
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import ASPECTS, FIELD_TYPES, FieldType

DESCRIPTION: Final = frozenset(ASPECTS)
"""The fields of a line that describe a custom field."""


def description_of(request: RunRequest, field_id: str) -> DescribeField | None:
    """Return the command that gives a custom field what a line says of it; None where that is nothing but a name.

    What is not given stays; null or an empty text clears the default and the help. Raises RefusedError.
    """
    if not request.fields.keys() & DESCRIPTION:
        return None
    return DescribeField(
        field_id,
        type=_type(request),
        required=_flag(request, "required"),
        unique=_flag(request, "unique"),
        default=_text(request, "default"),
        choices=_choices(request),
        help=_text(request, "help"),
        hidden=_flag(request, "hidden"),
    )


def texts_of(request: RunRequest, name: str, what: str) -> list[str]:
    """Return a list of texts that must be there; ``what`` says of what it is one. Raises RefusedError."""
    given = request.fields.get(name)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise RefusedError(name, f"“{name}” must be a list of {what}.")
    return given


def _type(request: RunRequest) -> FieldType | None:
    if "type" not in request.fields:
        return None
    given = request.optional("type") or ""
    if given not in FIELD_TYPES:
        raise RefusedError("type", unknown_type(given))
    return given


def _flag(request: RunRequest, name: str) -> bool | None:
    if name not in request.fields:
        return None
    given = request.fields[name]
    if not isinstance(given, bool):
        raise RefusedError(name, f"“{name}” must be true or false.")
    return given


def _text(request: RunRequest, name: str) -> str | None:
    return (request.optional(name) or "") if name in request.fields else None


def _choices(request: RunRequest) -> tuple[str, ...] | None:
    if "choices" not in request.fields:
        return None
    return tuple(texts_of(request, "choices", "texts")) if request.fields["choices"] is not None else ()
