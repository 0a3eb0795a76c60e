"""Two questions to a server in one round trip, each in a transaction of its own.

With the driver's own pipelines, the first would only be committed when the server has received more than the message
that carries it out, or its answer would be waited for before the second is sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from typing import Any

import psycopg
from psycopg import errors, generators
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult

Question = tuple[bytes, Sequence[Any]]
"""A query with ``%b`` where its parameters belong, and these."""

Rows = list[tuple[Any, ...]]


def ask_both(connection: psycopg.Connection[Any], first: Question, then: Question) -> tuple[Rows, Rows | None]:
    """Ask both, and return the rows that answer each; None for the second where that failed.

    The first is committed, or not, whatever becomes of the second. To be called outside of transactions. Raises what
    the driver raises where the first fails; where the connection is lost, it is unknown whether that was done.
    """
    with connection.lock:
        try:
            connection.pgconn.enter_pipeline_mode()
            answers = connection.wait(_exchanged(connection, (first, then)))
            connection.pgconn.exit_pipeline_mode()
        except BaseException:  # there may be answers under way that nobody waits for
            connection.close()
            raise
    first_failure, second_failure = (_failure(connection, each) for each in answers)
    if first_failure is not None:
        raise first_failure
    return _rows(connection, answers[0][0]), None if second_failure is not None else _rows(connection, answers[1][0])


def _exchanged(connection: psycopg.Connection[Any], questions: Sequence[Question]) -> PQGen[list[list[PGresult]]]:
    """Return what came in answer to each, until its transaction was ended."""
    pgconn = connection.pgconn
    for query, parameters in questions:
        number = count(1)
        numbered = re.sub(rb"%b", lambda _, number=number: b"$%d" % next(number), query)  # type: ignore[misc]
        known = Transformer(connection)
        sent = known.dump_sequence(parameters, [PyFormat.BINARY] * len(parameters))
        pgconn.send_query_params(
            numbered, sent, param_types=known.types, param_formats=known.formats, result_format=Format.BINARY
        )
        pgconn.pipeline_sync()
    yield from generators.send(pgconn)
    answers: list[list[PGresult]] = []
    for _ in questions:
        answers.append([])
        while True:
            got = yield from generators.fetch_many(pgconn)
            if not got or pgconn.status == ConnStatus.BAD:
                raise errors.OperationalError("the connection was lost")
            if got[0].status == ExecStatus.PIPELINE_SYNC:
                break
            answers[-1] += got
    return answers


def _failure(connection: psycopg.Connection[Any], answers: Sequence[PGresult]) -> psycopg.Error | None:
    """Return why a question failed, if it did: maybe only when its transaction was to be committed."""
    for answer in answers:
        if answer.status != ExecStatus.TUPLES_OK:
            return errors.error_from_result(answer, encoding=connection.info.encoding)
    return None


def _rows(connection: psycopg.Connection[Any], answer: PGresult) -> Rows:
    known = Transformer(connection)
    known.set_pgresult(answer, format=Format.BINARY)
    return known.load_rows(0, answer.ntuples, tuple)
