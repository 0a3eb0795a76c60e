"""The server chains rows as ``chain.py`` does, byte for byte, whatever is in them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import chain

import pytest

from tests.shared_directories import OnServer
from whowas.domain.errors import RefusedError, StoreError
from whowas.store.chain import GENESIS, ChainedRow, Columns, digest_of, first_damage, linked
from whowas.store.server.making.loading import load
from whowas.store.soundness import EARLIEST, LATEST

ROWS = 10_000
EDGES = tuple(
    sign * (2**bits) + by for bits in (0, 5, 7, 8, 15, 16, 31, 32, 48) for sign in (1, -1) for by in (-1, 0, 1)
)
"""Where MessagePack takes another width, and beside it."""

LENGTHS = (0, 1, 31, 32, 33, 255, 256, 257, 65_535, 65_536)
ALPHABET = 'aZ 9"\\\n\x7fäßŁ漢字🦉\u0301\u202e'


def a_text(dice: random.Random, lengths: tuple[int, ...]) -> str:
    """Return a text of one of ``lengths`` in bytes, or of a few characters."""
    if dice.random() < 0.3:
        return "".join(dice.choices(ALPHABET, k=dice.randrange(12)))
    length = dice.choice(lengths)
    character = dice.choice(("x", "ä", "字", "🦉"))
    size = len(character.encode())
    return character * (length // size) + "y" * (length % size)


def rows(seed: int, count: int) -> Iterator[ChainedRow]:
    """Yield rows as no program has ever written them, soundly chained."""
    dice, before = random.Random(seed), GENESIS
    for position in range(1, count + 1):
        lengths = LENGTHS if position % 500 == 0 else LENGTHS[:8]
        moments = [EARLIEST, LATEST, dice.randint(EARLIEST, LATEST), dice.choice(EDGES)]
        columns: Columns = (
            position,
            dice.randbytes(16),
            dice.randbytes(16),
            abs(dice.choice(EDGES)),
            dice.choice(("UserCreated", "PasswordSet", a_text(dice, LENGTHS[:8]))),
            abs(dice.choice(EDGES)) % 2**31,
            dice.choice((*EDGES, *moments)),
            dice.choice(moments),
            a_text(dice, lengths),
            dice.randbytes(16),
            dice.choice((None, dice.randbytes(16))),
            dice.choice((None, a_text(dice, lengths))),
        )
        salt, body = dice.randbytes(16), dice.randbytes(dice.choice((0, 1, 55, 56, 64, 300)))
        digest = digest_of(salt, body)
        before = linked(before, columns, digest)
        gone = dice.random() < 0.1
        yield columns, digest, before, None if gone else salt, None if gone else body


def test_generated_rows_chain_alike(on_server: OnServer) -> None:
    seed = random.randrange(2**32)
    made = list(rows(seed, ROWS))
    with on_server.log() as log:
        with log.transaction():
            load(log, made, ROWS, [("a", bytes(16))], [])
        assert list(chain.from_iterable(log.pages(0))) == made, f"seed {seed}"
        assert log.head() == (ROWS, made[-1][2])
        assert first_damage(made, erased={row[0][2]: ROWS + 1 for row in made}) is None
        assert log.ask("SELECT email, user_id FROM {schema}.email_owner") == [("a", bytes(16))]


@pytest.mark.parametrize("column", range(16))
def test_what_was_altered_on_the_way_is_refused(on_server: OnServer, column: int) -> None:
    made = list(rows(7, 200))
    at = next(index for index, row in enumerate(made) if index > 20 and row[4] and row[0][10] and row[0][11])
    flat: list[object] = [*made[at][0], *made[at][1:]]
    match flat[column]:
        case bytes() as held:
            flat[column] = bytes([held[0] ^ 1]) + held[1:]
        case str() as held:
            flat[column] = held + "x"
        case int() as held:
            flat[column] = held - 1 if held > 0 else held + 1
    columns: Columns = tuple(flat[:12])  # type: ignore[assignment]
    made[at] = (columns, *flat[12:])  # type: ignore[assignment]
    with on_server.log() as log:
        if column == 0:  # positions are counted by the server
            load(log, made, len(made), [], [])
            assert [row[0][0] for page in log.pages(0) for row in page] == list(range(1, 201))
            return
        with pytest.raises(StoreError, match=f"position {at + 1} is not as it was written"), log.transaction():
            load(log, made, len(made), [], [])
        assert log.head().position == 0


def test_only_an_empty_log_is_loaded_and_only_whole(on_server: OnServer) -> None:
    made = list(rows(os.getpid(), 30))
    with on_server.log() as log:
        with log.transaction():
            load(log, made[:10], 30, [], [])
            load(log, made[10:], 30, [], [])
        with pytest.raises(StoreError, match="there is a log already"):
            load(log, made, 30, [], [])
        with pytest.raises(StoreError, match="there is a log already"):
            load(log, [], 0, [("a", bytes(16))], [])
        assert log.head().position == 30


def test_a_nul_character_is_told_of(on_server: OnServer) -> None:
    columns = (*next(rows(1, 1))[0][:8], "a\0b", bytes(16), None, None)
    with on_server.log() as log, pytest.raises(RefusedError, match="position 1 has a NUL"):
        load(log, [(columns, bytes(32), bytes(32), None, None)], 1, [], [])
