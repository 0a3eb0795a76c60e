"""What is in the bundle and in the Debian package of it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from tests.conftest import REPOSITORY, isolated_home
from tests.distribution.conftest import Packages
from tests.end_to_end.application import Application
from tests.end_to_end.screen import Screen
from tests.end_to_end.screen_reader import ScreenReader
from whowas import __version__
from whowas.desktop.window.bundled_parts import LICENCES

sys.path.insert(0, str(REPOSITORY / "packaging"))

from bundle import carried


def test_the_bundle_holds_only_what_is_pinned_for_the_program(packages: Packages) -> None:
    libraries = packages.bundle / "_internal"
    found = {path.name.split(".")[0] for path in libraries.iterdir() if not path.name.startswith("lib")}
    pinned = set(re.findall(r"^([\w-]+)==", (REPOSITORY / "packaging" / "requirements.txt").read_text(), re.MULTILINE))
    told = {path.name for path in libraries.glob("*.dist-info")}
    assert {name.split("-")[0].lower().replace("_", "-") for name in told} <= pinned
    assert {name for name in found if "-" not in name} == {
        *("PySide6", "_argon2_cffi_bindings", "_cffi_backend", "apsw", "base_library", "msgspec", "numpy"),
        *("psycopg", "psycopg_binary", "python3", "shiboken6", "uuid_utils", "whowas"),
    }
    assert not [path for path in packages.bundle.rglob("*") if path.is_symlink() and not path.exists()]


def libraries_in(bundle: Path) -> list[Path]:
    """Every file with code in it, links left out."""
    files = [file for file in bundle.rglob("*") if file.is_file() and not file.is_symlink()]
    return [file for file in files if file.read_bytes()[:4] == b"\x7fELF"]


def test_the_about_dialog_names_everything_that_is_carried_with_its_licence(packages: Packages) -> None:
    libraries = packages.bundle / "_internal"
    texts = libraries / "whowas" / "resources" / "licences"
    told = carried.read(texts)
    named = {"Python", "Qt", "SQLite", *LICENCES, *(part.name for part in told)}
    owners = {carried.owner(str(file.relative_to(libraries))) for file in libraries_in(libraries)}
    assert len(owners) > 10
    assert owners <= named
    assert {carried.STARTER, "OpenBLAS", "ICU", "libffi", "libgfortran", "libquadmath", "libpq"} <= named
    folders = {"Python", "pyside6-essentials", *LICENCES, *(part.texts for part in told)}
    assert all(sum(file.stat().st_size for file in (texts / folder).iterdir()) > 500 for folder in folders)
    assert all(part.version and part.licence for part in told)


def test_the_debian_package_says_whose_everything_is(packages: Packages) -> None:
    text = (REPOSITORY / "packaging" / "linux" / "copyright").read_text(encoding="utf-8")
    stanzas = re.findall(r"^Files:((?:.|\n )*)", text, re.MULTILINE)[1:]
    patterns = [pattern for stanza in stanzas for pattern in stanza.split()]
    files = [*libraries_in(packages.bundle), *packages.bundle.rglob("*.dist-info/METADATA")]
    names = [f"usr/lib/whowas/{file.relative_to(packages.bundle)}" for file in files]
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern in patterns)] == []
    used = set(re.findall(r"^Files:(?:.|\n )*\nCopyright:(?:.|\n )*\nLicense: (.*)$", text, re.MULTILINE))
    assert used <= set(re.findall(r"^License: (.*)\n ", text, re.MULTILINE))


def test_no_library_is_looked_for_where_it_was_built(packages: Packages) -> None:
    for file in packages.bundle.rglob("*.so*"):
        if not file.is_symlink():
            told = subprocess.run(["patchelf", "--print-rpath", str(file)], capture_output=True, text=True, check=True)
            assert all(folder.startswith("$ORIGIN") for folder in told.stdout.strip().split(":") if folder), file


def test_every_module_that_the_program_imports_is_there(packages: Packages) -> None:
    from PyInstaller.archive.readers import CArchiveReader

    libraries = packages.bundle / "_internal"
    program = CArchiveReader(str(packages.bundle / "whowas"))
    (modules,) = (name for name in program.toc if name.startswith("PYZ"))
    # What the program's own start needs, such as struct, lies beside the other modules.
    there = {*sys.builtin_module_names, *program.toc, *program.open_embedded_archive(modules).toc}
    with ZipFile(libraries / "base_library.zip") as archive:
        there |= {name.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".") for name in archive.namelist()}
    compiled = [file.relative_to(libraries) for file in libraries.rglob("*") if file.suffix in (".so", ".pyc")]
    named = (".".join([*file.parts[:-1], file.name.split(".")[0]]) for file in compiled)
    there |= {name.rpartition("lib-dynload.")[2].removesuffix(".__init__") for name in named}
    elsewhere = {"PySide6.QtNetwork", "msvcrt"}  # on Windows
    of_one_python = {"_sha2", "_sha256"}
    assert len(of_one_python & there) == 1
    assert imported_modules(REPOSITORY / "app" / "whowas") - elsewhere - of_one_python - there == set()


def imported_modules(folder: Path) -> set[str]:
    nodes = [node for file in folder.rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return named | {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}


def test_the_window_goes_on_when_its_program_is_replaced(packages: Packages, home: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "whowas"
    shutil.copytree(packages.bundle, bundle, symlinks=True)
    # As whoever publishes a build of their own has it; nobody listens there.
    (bundle / "_internal" / "whowas" / "resources" / "updates.txt").write_text("https://127.0.0.1:9/newest\n")
    directory, log = str(tmp_path / "some.whowas"), tmp_path / "stderr.txt"
    subprocess.run([str(bundle / "whowas"), "sample", directory, "--people", "5"], check=True)
    with (
        TemporaryDirectory(prefix="screen-") as folder,
        Screen(Path(folder)) as screen,
        ScreenReader(screen.environment) as reader,
        log.open("w") as errors,
        ExitStack() as stack,
    ):
        environment = screen.environment | isolated_home(home)
        program = subprocess.Popen([str(bundle / "whowas"), directory], env=environment, stderr=errors, text=True)
        stack.callback(lambda: (program.kill(), program.wait()))
        app = Application(reader, program, log)
        assert app.table("Users").row_count == 5
        other = tmp_path / "other"
        other.write_bytes(b"another version")
        other.replace(bundle / "whowas")
        app.menu_item("About Whowas").press()
        # Its module is imported only now. Its table tells the version of every part.
        versions = app.table("Parts").column("Version")
        assert "unknown" not in versions
        assert app.label(pattern=f"Whowas {re.escape(__version__)}: .*").shows()
        assert "OpenBLAS" in app.table("Parts").column("Part")
        asks = app.control("check box", name="Check for updates")
        asks.press()
        app.eventually(lambda: "checked" in asks.states, "it is to ask")
        asked = app.label(pattern="The newest version could not be asked for. Are you connected.*")
        app.eventually(asked.shows, "it has asked, and nobody has answered")
        app.press_keys("Esc")
        app.eventually(lambda: len(app.windows) == 1, "the dialog is closed")
        app.menu_item("Quit").press()
        assert app.wait_closed() == 0


def test_lintian_finds_nothing_that_is_not_accounted_for(packages: Packages) -> None:
    command = ["lintian", "--allow-root", "--fail-on", "error,warning", str(packages.current)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "mismatched-override" not in done.stdout
