"""What the bundle weighs beside an empty window bundled by the same rules, and how it starts and ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Bound, Figure, ratio
from tests.benchmarks.launching import Launch, launch, made_directory, open_and_quit, platforms
from tests.conftest import REPOSITORY, isolated_home
from tests.end_to_end.application import Application
from tests.end_to_end.screen import Screen
from tests.end_to_end.screen_reader import ScreenReader

USERS = 10_000
STARTS = 20


def bundled(folder: Path, *, rounds: int = 9) -> list[Figure]:
    """Build what is measured, as ``make dist`` does, and return its sizes, its launch and its exits."""
    build = [sys.executable, str(REPOSITORY / "packaging" / "dist.py"), "--into", str(folder)]
    subprocess.run([*build, "bundle", "empty", "first-paint", "deb"], check=True, stdout=subprocess.DEVNULL)
    home = folder / "home"
    directory = made_directory(folder, USERS, home)
    figures = [_size(folder), _package(folder)]
    with platforms(folder, home) as found:
        platform = next(iter(found))  # the screen, where there is one
        figures.extend(_launch_vs_source(folder, found[platform], directory, platform, rounds))
    if shutil.which("Xvfb") is not None:
        figures.append(_exits(folder, directory))
    return figures


def _size(folder: Path) -> Figure:
    ours, empty = (sum(_bytes(file) for file in (folder / name).rglob("*")) for name in ("whowas", "empty"))
    details = {"ours_mb": ours / 1e6, "peer_mb": empty / 1e6}
    note = "bytes of the bundle ÷ of an empty PySide6 window bundled by the same spec"
    return Figure("bundle_vs_minimal", ours / empty, "x", [ours / empty], note, Bound(most=1.6), details)


def _bytes(file: Path) -> int:
    return file.stat().st_size if file.is_file() and not file.is_symlink() else 0


def _package(folder: Path) -> Figure:
    (package,) = folder.glob("*.deb")
    megabytes = package.stat().st_size / 1e6
    return Figure("deb_mb", megabytes, "MB", [megabytes], "the Debian package")


def _launch_vs_source(
    folder: Path, environment: dict[str, str], directory: Path, platform: str, rounds: int
) -> Iterator[Figure]:
    program = [str(folder / "first-paint" / "first-paint")]
    open_and_quit(environment, directory, program=program)
    # What either of them kept, the other one shows: they are of one version.
    open_and_quit(environment, directory)
    bundle: list[Launch] = []
    source: list[Launch] = []
    for _ in range(rounds):
        bundle.append(launch(environment, "whowas", str(directory), program=program))
        source.append(launch(environment, "whowas", str(directory)))
    until = {"": "the first painted window on", "_filled": "the window painted with the users in its table, of"}
    for name, what in until.items():
        ours, peer = ([one.filled if name else one.painted for one in starts] for starts in (bundle, source))
        note = f"{platform}: process start to {what} {USERS:,} users, bundle ÷ source"
        details = {"ours_ms": median(ours), "peer_ms": median(peer)}
        yield ratio(f"bundle_launch{name}_vs_source", ours, peer, note, Bound(most=1.1), details)


def _exits(folder: Path, directory: Path) -> Figure:
    """Start the bundle and quit it by its menu, again and again."""
    codes: list[int] = []
    with Screen(folder / "desk") as screen, ScreenReader(screen.environment) as reader:
        environment = screen.environment | isolated_home(folder / "home")
        for _ in range(STARTS):
            log = folder / "stderr.txt"
            with log.open("w") as errors:
                program = [str(folder / "whowas" / "whowas"), str(directory)]
                process = subprocess.Popen(program, env=environment, stderr=errors, text=True)
            app = Application(reader, process, log)
            app.table("Users").column("Name", 1)
            app.menu_item("Quit").press()
            codes.append(app.wait_closed())
    clean = codes.count(0)
    note = f"starts and quits of the bundle that exit with 0, of {STARTS}"
    return Figure("bundle_clean_exits", float(clean), "", [float(code) for code in codes], note, Bound(least=STARTS))
