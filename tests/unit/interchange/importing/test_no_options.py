"""What is told of an import names no option of the command line, but for the advice that stands apart from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.errors import RefusedError
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.ready import Request, made_ready
from whowas.interchange.importing.told.sentences import reason_of, recognised
from whowas.interchange.reading.table import HowToRead
from whowas.interchange.source import Source
from whowas.sample import make_sample
from whowas.store.event_log import EventLog

TESTS = Path(__file__).parents[3]
EXAMPLES = sorted(
    path
    for folder in ("cases/import", "products")
    for path in (TESTS / folder).iterdir()
    if path.suffix in (".csv", ".json", ".jsonl")
)
OTHERWISE = (
    Request(),
    Request(how=HowToRead(header=False)),
    Request(rules=ImportRules(keys=("name",), missing="delete", among="all", skip_refused=True)),
    Request(rules=ImportRules(keys=("email", "external_id"), missing="suspend", among="all")),
)
NOW = 1_700_000_000_000_000
OPTION = re.compile(r" --\w")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventLog]:
    path = tmp_path_factory.mktemp("sample") / "sample.whowas"
    make_sample(path, people=8, changes=30, seed=1)
    with closing(EventLog.open(path)) as log:
        yield log


def told(log: EventLog, path: Path, request: Request) -> Iterator[tuple[str, str]]:
    """Yield what is told of an import, with the advice that stands apart."""
    bus = Bus(log, clock=lambda: NOW, actor="ines")
    try:
        ready = made_ready([Source.of(path.name, path.read_bytes())], request)
        outcome = ready.take(bus, log, dry_run=True)
        taking = replace(ready, rules=replace(ready.rules, skip_refused=True, missing="keep"))
        taking.take(bus, log)
    except RefusedError as error:
        yield str(error), error.advice
        return
    yield from ((row_said, outcome.advice.get(row_said, "")) for row_said in recognised(outcome))
    yield from ((reason_of(row), row.advice) for row in outcome.rows if row.reason)


def test_no_example_is_told_of_with_an_option(sample: EventLog, tmp_path: Path) -> None:
    advices: set[str] = set()
    with closing(EventLog.create(tmp_path / "empty.whowas")) as empty:
        for log in (sample, empty):
            for path in EXAMPLES:
                for request in OTHERWISE:
                    for sentence, advice in told(log, path, request):
                        assert not OPTION.search(sentence), (path.name, sentence)
                        assert not advice or OPTION.search(advice), (path.name, advice)
                        advices.update(OPTION.findall(advice) and re.findall(r"--[a-z-]+", advice))
    assert advices == {"--encoding", "--key", "--map", "--similar", "--status", "--yes"}
