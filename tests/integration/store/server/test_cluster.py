"""The tests' own PostgreSQL server does what the other tests rely on."""

import psycopg
import pytest

from tests.postgres import Cluster, running_cluster


def test_accounts_are_let_in_by_their_passwords(cluster: Cluster, database: str) -> None:
    cluster.account("with_word", "secret")
    cluster.account("without_word")
    cluster.connect(database, "without_word").close()
    cluster.connect(database, "with_word", password="secret").close()
    with pytest.raises(psycopg.OperationalError):
        cluster.connect(database, "with_word", password="wrong")


def test_what_was_committed_outlives_a_crash() -> None:
    with running_cluster(tcp=True) as cluster:
        with cluster.superuser() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
            cluster.kill()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        cluster.start()
        connection = psycopg.connect(cluster.conninfo(over_tcp=True))
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
        connection.close()


def test_a_standby_follows() -> None:
    with running_cluster() as first, running_cluster(standby_of=first) as standby:
        with first.superuser() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
            (position,) = connection.execute("SELECT pg_current_wal_lsn()").fetchone() or ()
        with standby.superuser() as connection:
            while connection.execute("SELECT pg_last_wal_replay_lsn() < %s", (position,)).fetchone() == (True,):
                pass
            assert connection.execute("SELECT number, pg_is_in_recovery() FROM kept").fetchone() == (1, True)
