"""Taking a whole log, as it is, into an empty one on a server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from whowas.domain.errors import RefusedError
from whowas.domain.progress import Progress, unwatched
from whowas.store.chain import ChainedRow
from whowas.store.server.rows.arrays import bigints, byteas, texts
from whowas.store.server.server_log import ServerLog

_ROWS_A_CALL = 10_000

StoredOwners = Sequence[tuple[str, bytes]]
"""(comparison key, stored user id) of owners, as the file has them."""

_LOAD = "SELECT {schema}.load_1(" + ", ".join(["%b"] * 15) + ")"
_LOAD_OWNERS = "SELECT {schema}.load_owners_1(%b, %b, %b, %b)"


def load(
    server: ServerLog,
    rows: Iterable[ChainedRow],
    total: int,
    emails: StoredOwners,
    external_ids: StoredOwners,
    progress: Progress = unwatched,
) -> None:
    """Load the ``total`` rows of a log, with their owners, into the empty log of ``server``; for admins.

    Within a transaction of the caller's, who commits it once the heads are equal: the server computes the chain anew.
    Raises RefusedError where a text cannot be on a server, CancelledError, or StoreError: the transaction is over then.
    """
    done, left = 0, iter(rows)
    while some := list(islice(left, _ROWS_A_CALL)):
        progress(done, total)
        server.ask(_LOAD, *_arrays(some))
        done += len(some)
    for start in range(0, max(len(emails), len(external_ids)), _ROWS_A_CALL):
        progress(done, total)
        end = start + _ROWS_A_CALL
        server.ask(_LOAD_OWNERS, *_owners(emails[start:end]), *_owners(external_ids[start:end]))


def _arrays(rows: Sequence[ChainedRow]) -> tuple[object, ...]:
    columns, digests, chains, salts, bodies = zip(*rows, strict=True)
    positions, event_ids, streams, versions, types, schemas, recorded, occurred, actors, changes, commands, causes = (
        zip(*columns, strict=True)
    )
    for position, *given in zip(positions, types, actors, causes, strict=True):
        if any("\0" in text for text in given if text is not None):
            raise RefusedError(
                "", f"The event at position {position:,} has a NUL character in it, which no PostgreSQL server keeps."
            )
    ids = byteas(event_ids), byteas(streams)
    kinds = bigints(versions), texts(types), bigints(schemas)
    reasons = bigints(recorded), bigints(occurred), texts(actors), byteas(changes), byteas(commands), texts(causes)
    return *ids, *kinds, *reasons, byteas(digests), byteas(chains), byteas(salts), byteas(bodies)


def _owners(owners: StoredOwners) -> tuple[object, ...]:
    return texts([key for key, _ in owners]), byteas([user for _, user in owners])
