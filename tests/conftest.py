"""What every test gets: an own home, no display, the real history where it is there, and a look for leftovers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# An empty value would make Qt look for a display, so setdefault is not enough.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM") or "offscreen"

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

from tests.leftovers import Leftovers
from tests.not_tried import pytest_runtest_makereport, pytest_terminal_summary
from tests.postgres import Cluster, running_cluster

# What a shell starts in the background ignores Ctrl+C, and so would the programs that tests start and stop by it.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ("tests.faults.figures", "tests.side_by_side")

__all__ = ["pytest_runtest_makereport", "pytest_terminal_summary"]

PATIENCE_MS = 60_000

REPOSITORY = Path(__file__).parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"

# A slow machine is no failure; a failing example must be repeatable from the log alone.
settings.register_profile("default", deadline=None, max_examples=50, print_blob=True)
# Where a change is judged, by what it did and not by what came up: the same examples each time.
settings.register_profile("repeatable", parent=settings.get_profile("default"), derandomize=True)
# Where what is tried is the machine, not the program.
settings.register_profile("brief", parent=settings.get_profile("repeatable"), max_examples=5)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by what is used, so that no marker can be forgotten."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.real_data)
        for kind in ("end_to_end", "distribution"):
            if kind in item.path.parts:
                item.add_marker(kind)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, with every folder of the platform inside it; the real one is never touched."""
    home = tmp_path_factory.mktemp("home")
    for name, value in isolated_home(home).items():
        monkeypatch.setenv(name, value)
    # What a program that a test starts leaves open is told on its stderr.
    monkeypatch.setenv("PYTHONWARNINGS", "error::ResourceWarning")
    return home


def isolated_home(home: Path) -> dict[str, str]:
    """The environment that moves a program's home, data, settings, cache, state and sockets under ``home``."""
    folders = {
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_RUNTIME_DIR": home / "runtime",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {"HOME": str(home)} | {name: str(folder) for name, folder in folders.items()}


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Wait for a minute for whatever has to come: a machine that is busy is no failure."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("waitUntil", "waitSignal"):
            patch.setattr(QtBot, name, _patiently(getattr(QtBot, name)))
        yield


def _patiently(wait: Callable[..., Any]) -> Callable[..., Any]:
    def waiting(qtbot: QtBot, what: object, *, timeout: int = 0, **named: Any) -> Any:
        # What is not to come, as ``assertNotEmitted`` has it, is waited for in vain each time.
        patience = timeout if named.get("raising") is False else max(timeout, PATIENCE_MS)
        return wait(qtbot, what, timeout=patience, **named)

    return waiting


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail the test that leaves a thread or a timer running: it would disturb another one, at random."""
    leftovers = Leftovers()
    with leftovers.watching():
        yield
    found = leftovers.found()
    if found:
        pytest.fail("Left running: " + ", ".join(found), pytrace=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real history beside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real history is not here ({SHARED_DATA})")
    return SHARED_DATA


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server on a socket, for all tests that leave it running; each makes databases of its own."""
    # Deleted rows stay for whoever may still look at them, and this looks at moments of its own.
    with running_cluster(settings={"autovacuum": "off"}) as cluster:
        yield cluster


@pytest.fixture
def database(cluster: Cluster) -> str:
    """The name of a new, empty database of the cluster."""
    return cluster.database()
