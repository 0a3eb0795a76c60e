"""Carries out the command that imports files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from whowas.cli.committing import committed
from whowas.cli.exit_codes import NO, REFUSED
from whowas.cli.importing.import_dates import clock_of, said_of_dates, true_since
from whowas.cli.importing.import_options import Given, is_file
from whowas.cli.importing.import_printing import ImportAnswer, lines_to_correct, refused_as_a_whole
from whowas.cli.printing import notify
from whowas.cli.where import Where, is_there, own_files
from whowas.cli.writing import carry_out, writable
from whowas.command_bus.bus import Bus
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.fields import shortened
from whowas.interchange.importing.ready import kind_of, made_ready
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.importing.told.sentences import left_out
from whowas.interchange.mapping.saved_mappings import save_mapping, write_mapping
from whowas.interchange.source import Source
from whowas.interchange.writing import require_writable, write_lines
from whowas.safekeeping.backups import BEFORE_IMPORT
from whowas.store.event_log import EventLog

_STDIN = "-"
_STDIN_CALLED = "standard input"


def import_files_given(
    file: Where,
    inputs: Sequence[str],
    given: Given,
    *,
    dry_run: bool,
    as_json: bool,
    refused_file: Path | None,
    actor: str | None,
) -> int:
    """Import files as they were given, print what became of them, and return the exit code.

    Raises RefusedError where options contradict each other, or StoreError.
    """
    given.require_agreement(len(inputs))
    called = _names(inputs)
    if refused_file is not None:
        require_writable(refused_file, *own_files(file), *(Path(one) for one in inputs if one != _STDIN))
    with ExitStack() as stack:
        sources = [stack.enter_context(_opened(name, given_as)) for name, given_as in called.items()]
        outcome = _imported(file, sources, given, actor, dry_run=dry_run, one_header=refused_file is not None)
        answer = ImportAnswer(outcome, called, dry_run=dry_run)
        if outcome.written:
            committed(answer.summary())
        if as_json:
            answer.say_json()
        answer.notify()
        kept = all([_left_out_kept(refused_file, outcome, file), _mapping_kept(given, outcome)])
        if not as_json:
            answer.say_summary()
    if not outcome.accepted:
        return REFUSED
    return 0 if kept and not left_out(outcome) else NO


def _imported(
    file: Where, sources: Sequence[Source], given: Given, actor: str | None, *, dry_run: bool, one_header: bool
) -> ImportOutcome:
    request = given.request()
    try:
        if kind_of(sources, request) != "list":
            given.require_no_list()
        now = None if given.true_since is None else clock_of(file)
        moments = true_since(file, [source.name for source in sources], given.true_since, now)
        ready = made_ready(
            sources, replace(request, moments=moments, now=now, holding_days=cache(partial(_holding_days, file)))
        )
        for one in ready.lists:
            given.require_fitting(one.table.detected.format)
        if one_header and len({one.table.header for one in ready.lists}) > 1:
            raise RefusedError("refused", "--refused wants files with the same titles, below which it puts rows.")

        def taken(bus: Bus, log: EventLog) -> ImportOutcome:
            return ready.take(bus, log, dry_run=dry_run, actor=actor)

        # A list of nobody is no reason to have no directory afterwards.
        outcome = carry_out(
            file, taken, actor, backup=None if dry_run else BEFORE_IMPORT, even_empty=lambda outcome: outcome.written
        )
        return replace(outcome, said=(*said_of_dates(ready.lists), *outcome.said))
    except RefusedError as error:
        return refused_as_a_whole(error)


def _holding_days(file: Where) -> frozenset[str]:
    """Return the custom fields of a directory whose values are days; none where there is no directory yet."""
    if not is_there(file):
        return frozenset()
    with writable(file, backup=None) as (bus, _):
        return bus.try_out(lambda change: change.directory().holding_days())


def _names(inputs: Sequence[str]) -> dict[str, str]:
    """Return how each file was given, by what it is called in the history. Raises RefusedError where one comes twice.

    That is the last part of its path, or all of it where two would be called the same.
    """
    called: dict[str, str] = {}
    last = [_STDIN_CALLED if one == _STDIN else Path(one).name for one in inputs]
    for given, name in zip(inputs, last, strict=True):
        if given in called.values():
            raise RefusedError("", f"“{shortened(given)}” is given twice.")
        called[name if last.count(name) == 1 else given] = given
    return called


@contextmanager
def _opened(name: str, given: str) -> Iterator[Source]:
    if given == _STDIN:
        with Source.taken_from(name, sys.stdin.buffer) as source:
            yield source
    else:
        with Source.read_from(Path(given)) as source:
            yield replace(source, name=name)


def _left_out_kept(out: Path | None, outcome: ImportOutcome, file: Where) -> bool:
    """Save the lines left out and return whether that worked; once the import is saved, it does not fail by that.

    Of a file that cannot be read to its end nobody knows them.
    """
    if out is None or not outcome.readable:
        return True
    try:
        write_lines(out, lines_to_correct(outcome), *own_files(file))
    except StoreError as error:
        if not outcome.written:
            raise
        notify(str(error))
        return False
    return True


def _mapping_kept(given: Given, outcome: ImportOutcome) -> bool:
    """Save how columns were taken, where that is asked for and worked, and return whether that worked too."""
    if given.save_mapping is None or not outcome.accepted:
        return True
    try:
        if is_file(given.save_mapping):
            write_mapping(Path(given.save_mapping), given.chosen())
        else:
            save_mapping(given.save_mapping, given.chosen())
    except RefusedError as error:
        if not outcome.written:
            raise
        notify(str(error))
        return False
    return True
