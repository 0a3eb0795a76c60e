"""The whole directory at any moment, beside folding the ``eventsourcing`` library's notification log up to it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.benchmarks.bulk import microseconds_now
from tests.benchmarks.figures import Bound, Figure, speed
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.peer_application import People
from tests.benchmarks.people import create_commands
from whowas.command_bus.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.projections.index.ranks import ranked
from whowas.projections.index.version_index import DEFAULT_ORDER
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

VISIBLE_ROWS = 50

Edit = tuple[int, str]
"""Whom (a number) gets which title."""


def asof_vs_eventsourcing(
    folder: Path, *, users: int = 20_000, changes: int = 100_000, moments: int = 50, saved_at_once: int = 1_000
) -> list[Figure]:
    """Ask for everybody at random moments: who is there, in their order, and the texts of the rows in view.

    The peer gives its aggregates, with every text; so a second figure has all of ours fetched as well, which nothing
    in the window asks for. At the last moment, all that both know of everybody is compared.
    """
    people = create_commands(users)
    edits = edits_of(users, changes - users, saved_at_once)
    path = folder / "ours.whowas"
    log = EventLog.create(path)
    start = microseconds_now()
    with Bus(log, clock=microseconds_now, actor="bench").change() as change:
        for place, person in enumerate(people):
            change.dispatch(person, occurred_at=start + place)
        for place, (number, title) in enumerate(edits, start=users):
            change.dispatch(UpdateUser(people[number].user_id, {"title": title}), occurred_at=start + place)
    side = ReadSide(log, folder / "cache")
    index = side.catch_up()
    ranks = ranked(index, DEFAULT_ORDER)
    ranks.prepare()  # as the window does, once it has nothing else to do
    application = People(folder / "peer.db")
    application.create_and_edit([dict(person.fields) for person in people], edits, saved_at_once)
    asked = [Random(6).randrange(1, changes + 1) for _ in range(moments)]

    def ours(number: int, stopwatch: Stopwatch) -> None:
        with stopwatch.running():
            side.rows(ranks.at(asked[number]).numbers(range(VISIBLE_ROWS)).tolist())

    def all_of_ours(number: int, stopwatch: Stopwatch) -> None:
        with stopwatch.running():
            side.rows(ranks.at(asked[number]).all_numbers().tolist())

    def peer(number: int, stopwatch: Stopwatch) -> None:
        with stopwatch.running():
            application.replayed(asked[number])

    duel = interleaved(ours, peer, moments)
    whole = interleaved(all_of_ours, peer, max(moments // 5, 2))
    known = {row.user.email: row.user.title for row in side.rows(ranks.at(changes).all_numbers().tolist())}
    theirs = {person.email: person.title for person in application.replayed(changes).values() if person is not None}
    if known != theirs:
        raise AssertionError("the two do not know the same")
    side.close()
    log.close()
    application.close()
    ours_s, peer_s = (sum(one.wall for one in times) for times in (duel.ours, duel.peer))
    note = (
        f"{changes:,} changes of {users:,} users: everybody at {moments} random moments in their order, and the "
        f"{VISIBLE_ROWS} rows in view ÷ the notification log folded so far"
    )
    details = {"ours_s": ours_s, "peer_s": peer_s}
    bound = Bound(least=2_500)
    return [
        Figure("asof_vs_eventsourcing", peer_s / ours_s, "x", duel.speeds(), note, bound, details),
        speed("asof_texts_vs_eventsourcing", whole, "the same with every text of everybody fetched from our database"),
    ]


def edits_of(users: int, count: int, distinct: int) -> list[Edit]:
    """Return edits of random users, no user twice among the first ``distinct``, the next, and so on."""
    random = Random(5)
    edits: list[Edit] = []
    while len(edits) < count:
        some = random.sample(range(users), min(distinct, users, count - len(edits)))
        edits.extend((number, f"Title {random.randrange(500)}") for number in some)
    return edits
