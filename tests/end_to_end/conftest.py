"""A screen, a screen reader and programs to look at; pictures of what went wrong are saved under build/."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import REPOSITORY, isolated_home
from tests.end_to_end.application import Application
from tests.end_to_end.screen import Screen
from tests.end_to_end.screen_reader import ScreenReader

sys.path.insert(0, str(REPOSITORY / "packaging"))

import system_packages

WHOWAS = (str(Path(sys.executable).with_name("whowas")),)
PICTURES = REPOSITORY / "build" / "end_to_end"

Launch = Callable[..., Application]


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """A screen that nobody sees, with its own session and accessibility bus."""
    missing = system_packages.missing_for_screen()
    if missing:
        pytest.skip(f"the window is looked at on a screen of its own, but {system_packages.things(missing)} is missing")
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        pytest.skip("the window is looked at over a bus, which serves only whom the system knows by a name")
    # Not pytest's folder: a socket's path may have no more than about a hundred letters.
    with TemporaryDirectory(prefix="screen-") as folder, Screen(Path(folder)) as screen:
        yield screen


@pytest.fixture(scope="session")
def screen_reader(screen: Screen) -> Iterator[ScreenReader]:
    """The one listener on the screen's accessibility bus."""
    with ScreenReader(screen.environment) as reader:
        yield reader


@pytest.fixture
def launch(
    request: pytest.FixtureRequest, screen: Screen, screen_reader: ScreenReader, home: Path, tmp_path: Path
) -> Iterator[Launch]:
    """``launch(*arguments)`` starts Whowas on the screen; all programs of one test share one empty home.

    ``program=`` starts another command instead. What still runs at the end of the test is killed.
    """
    applications: list[Application] = []
    environment = screen.environment | isolated_home(home)

    def start(*arguments: str | Path, program: Sequence[str] = WHOWAS) -> Application:
        log = tmp_path / f"stderr-{len(applications)}.txt"
        command = [*program, *map(str, arguments)]
        with log.open("w") as errors:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, text=True
            )
        applications.append(Application(screen_reader, process, log))
        return applications[-1]

    request.node.stash[_SEEN] = (screen, applications)
    yield start
    for application in applications:
        application.process.kill()
        application.process.wait()


_SEEN = pytest.StashKey[tuple[Screen, list[Application]]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test tells what was on the screen while it is still there."""
    report = yield
    if report.failed and call.when == "call" and _SEEN in item.stash:
        screen, applications = item.stash[_SEEN]
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture = PICTURES / (re.sub(r"[^\w.-]+", "-", item.name) + ".png")
        screen.photograph(picture)
        report.sections.append(("Screen", f"saved as {picture.relative_to(REPOSITORY)}"))
        for application in applications:
            report.sections.append(("Program's output", application.errors()))
            report.sections.append(("Screen reader's view", _view(application)))
    return report


def _view(application: Application) -> str:
    code = application.process.poll()
    if code is not None:
        return f"the program has ended, code {code}"
    try:
        return application.tree()
    except (AssertionError, RuntimeError) as error:
        return str(error)
