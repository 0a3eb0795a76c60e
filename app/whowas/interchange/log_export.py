"""The whole event log as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from whowas.interchange import iso_moments
from whowas.interchange.file_format import LogFormat, Wanted
from whowas.store.chain import ChainedRow
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import from_blob
from whowas.store.soundness import damaged, require_sound_columns

_encode = msgspec.json.Encoder().encode


def write(log: EventLog, wanted: Wanted | None = None) -> Iterator[str]:
    """Yield a line for each event, in recorded order, with every column of the log.

    Ids are UUIDs, moments ISO 8601, bytes in hexadecimal digits. The payload stands to the letter as it was stored,
    so that ``digest`` is the SHA-256 of ``salt`` and it.
    """
    for row in log.rows():
        if wanted is None or wanted(row[0][7], row[0][0]):
            yield _line(row)


def _line(row: ChainedRow) -> str:
    columns, digest, chain, salt, body = row
    position, event_id, stream, version, event_type, schema, recorded_at, occurred_at = columns[:8]
    actor, change_id, command_id, causation = columns[8:]
    require_sound_columns(position, stream, version, recorded_at, occurred_at, actor)
    entry = {
        "position": position,
        "event_id": from_blob(event_id),
        "stream": from_blob(stream),
        "version": version,
        "type": event_type,
        "schema": schema,
        "recorded_at": iso_moments.written(recorded_at),
        "occurred_at": iso_moments.written(occurred_at),
        "actor": actor,
        "change_id": from_blob(change_id),
        "command_id": None if command_id is None else from_blob(command_id),
        "causation": None if causation is None else msgspec.Raw(causation.encode()),
        "digest": digest.hex(),
        "chain": chain.hex(),
        "salt": None if salt is None else salt.hex(),
        "payload": None if body is None else msgspec.Raw(body),
    }
    try:
        return _encode(entry).decode() + "\n"
    except UnicodeDecodeError as error:
        raise damaged(position, "what it holds is no text") from error


EXPORT = LogFormat("log", "JSON lines", ".jsonl", write)
