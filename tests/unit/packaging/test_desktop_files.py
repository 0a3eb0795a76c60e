"""What desktops, shells and ``man`` are told about the program, asked of their own tools."""

from __future__ import annotations

import importlib.util
import os
import plistlib
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QImage

from tests.command_line import PROGRAM, whowas
from tests.conftest import REPOSITORY
from whowas import __version__
from whowas.cli import main
from whowas.store.server.address import ServerAddress
from whowas.store.server.team_file import write_team_file

DESKTOP = REPOSITORY / "resources" / "desktop"
COMPLETION = REPOSITORY / "resources" / "completion"
MAN_PAGE = REPOSITORY / "resources" / "man" / "whowas.1"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


draw_icons = script("draw_icons")
PICTURES = [(icon, size) for icon in draw_icons.ICONS for size in draw_icons.SIZES]


def asked(*command: str | Path, **environment: str) -> str:
    """Run a tool, which must be content; skip where it is not there."""
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=os.environ | environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_desktop_entry_is_valid() -> None:
    assert asked("desktop-file-validate", DESKTOP / "whowas.desktop") == ""


def test_every_action_of_the_desktop_entry_starts_the_program() -> None:
    text = (DESKTOP / "whowas.desktop").read_text(encoding="utf-8")
    started = {line.split()[1] for line in re.findall(r"^Exec=(.* --.*)$", text, re.MULTILINE)}
    options = {option for parameter in main.params for option in parameter.opts}
    assert started == {"--new", "--open-recent"} <= options


def test_the_metainfo_is_valid() -> None:
    told = asked("appstreamcli", "validate", "--no-net", "--pedantic", "--no-color", DESKTOP / "whowas.metainfo.xml")
    hints = [line.split(": ")[-1] for line in told.splitlines() if re.match("[EWIP]: ", line)]
    # The id ends like the program's name; what is newer than Debian 12 wants the newer tag.
    known = {"cid-contains-uppercase-letter", "developer-name-tag-deprecated", "developer-info-missing"}
    assert [hint for hint in hints if not any(each in hint for each in known)] == []


def test_the_metainfo_names_the_releases_of_the_changelog() -> None:
    root = ET.parse(DESKTOP / "whowas.metainfo.xml").getroot()
    changelog = (REPOSITORY / "packaging" / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\S+) - (\S+)\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    releases = list(root.iter("release"))
    assert [(one.attrib["version"], one.attrib["date"]) for one in releases] == [told[:2] for told in released]
    assert released[0][0] == __version__
    for release, (*_, text) in zip(releases, released, strict=True):
        parts = [one for one in release.iter() if one.tag in ("p", "li")]
        # The same sentences, one a paragraph or item, however either file breaks its lines.
        assert [" ".join((one.text or "").split()) for one in parts] == [
            " ".join(part.removeprefix("- ").split()) for part in re.split(r"\n\n|\n(?=- )", text.strip())
        ]


def test_the_metainfo_shows_pictures_that_there_are() -> None:
    root = ET.parse(DESKTOP / "whowas.metainfo.xml").getroot()
    pictures = list(root.iter("image"))
    assert pictures
    for picture in pictures:
        image = QImage(str(REPOSITORY / "resources" / "screenshots" / Path(picture.text or "").name))
        assert (str(image.width()), str(image.height())) == (picture.attrib["width"], picture.attrib["height"])


@pytest.fixture(scope="module")
def mime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a desktop's data in which the file type is known."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "mime" / "packages").mkdir(parents=True)
    shutil.copy(DESKTOP / "whowas-mime.xml", folder / "mime" / "packages")
    assert "rror" not in asked("update-mime-database", folder / "mime")
    return folder


@pytest.mark.parametrize("name", ["staff.whowas", "whatever"])
def test_a_directory_is_known_by_its_name_and_by_what_is_in_it(tmp_path: Path, mime: Path, name: str) -> None:
    assert whowas("sample", tmp_path / name, "--people", "3", "--changes", "5").code == 0
    # What looks into a file without knowing the type sees SQLite, and the program's own number in it.
    assert f"application id {0x57484F57}" in asked("file", tmp_path / name)
    assert media_types(tmp_path / name, mime) == {"application/x-whowas"}


def test_a_shared_directory_is_known_by_its_name_and_is_a_text(tmp_path: Path, mime: Path) -> None:
    file = tmp_path / "staff.whowas-team"
    write_team_file(file, ServerAddress(host="db.example.org", dbname="staff"))
    assert media_types(file, mime) == {"application/x-whowas-team"}
    # An editor opens it too.
    assert "application/x-whowas-team text/plain" in (mime / "mime" / "subclasses").read_text().splitlines()


def test_every_system_is_told_of_every_type_of_file() -> None:
    told = ET.parse(DESKTOP / "whowas-mime.xml").getroot()
    of_mime = {ending: one.attrib["type"] for ending, one in _types(told)}
    assert of_mime == {"whowas": "application/x-whowas", "whowas-team": "application/x-whowas-team"}
    opened = re.findall(r"^MimeType=(.*);$", (DESKTOP / "whowas.desktop").read_text(), re.MULTILINE)[0].split(";")
    assert set(opened) == set(of_mime.values())
    icons = {Path(icon).name for icon in draw_icons.ICONS if icon.startswith("mimetypes/")}
    assert icons == {name.replace("/", "-") for name in opened}

    plist = plistlib.loads((REPOSITORY / "packaging" / "macos" / "Info.plist").read_bytes())
    exported = {one["UTTypeIdentifier"]: one["UTTypeTagSpecification"] for one in plist["UTExportedTypeDeclarations"]}
    of_mac = {tags["public.filename-extension"][0]: tags["public.mime-type"][0] for tags in exported.values()}
    assert of_mac == of_mime
    assert {name for one in plist["CFBundleDocumentTypes"] for name in one["LSItemContentTypes"]} == set(exported)

    script = (REPOSITORY / "packaging" / "windows" / "installer.nsi").read_text()
    written = re.findall(r'WriteRegStr HKCU "\$\{CLASSES\}\\\.([\w-]+)" "Content Type" "(.*)"', script)
    assert dict(written) == of_mime
    made = set(re.findall(r'WriteRegStr HKCU "\$\{CLASSES\}\\([\w.-]+)', script))
    assert set(re.findall(r'DeleteRegKey HKCU "\$\{CLASSES\}\\([\w.-]+)', script)) == made


def _types(root: ET.Element) -> list[tuple[str, ET.Element]]:
    """Each type of file with the ending that it is known by."""
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    return [
        (glob.attrib["pattern"].removeprefix("*."), one)
        for one in root.iter(f"{space}mime-type")
        for glob in one.iter(f"{space}glob")
    ]


def test_another_database_is_not_taken_for_a_directory(tmp_path: Path, mime: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as database:
        database.execute("CREATE TABLE users (name)")
    assert media_types(tmp_path / "other", mime) == {"application/vnd.sqlite3"}


def media_types(file: Path, mime: Path) -> set[str]:
    """What the programs that are here, and that desktops ask, take a file for."""
    environment = {"XDG_DATA_HOME": str(mime), "XDG_CURRENT_DESKTOP": ""}
    found = set()
    if shutil.which("gio"):
        told = asked("gio", "info", "-a", "standard::content-type", file, **environment)
        found.add(told.rpartition("content-type: ")[2].strip())
    if shutil.which("mimetype"):  # what xdg-mime asks; without it, it asks file
        found.add(asked("xdg-mime", "query", "filetype", file, **environment).strip())
    return found or pytest.skip("there is nobody to ask")


@pytest.mark.parametrize(("icon", "size"), PICTURES)
@pytest.mark.usefixtures("qapp")
def test_each_picture_is_what_its_drawing_gives(icon: str, size: int) -> None:
    kept = QImage(str(draw_icons.picture(icon, size))).convertToFormat(QImage.Format.Format_ARGB32)
    assert (kept.width(), kept.height()) == (size, size)
    drawn = draw_icons.drawn(icon, size)
    pixels = [(kept.pixelColor(x, y), drawn.pixelColor(x, y)) for x in range(0, size, 3) for y in range(0, size, 3)]
    # Another version of Qt may round an edge otherwise.
    assert all(abs(one.red() - other.red()) + abs(one.alpha() - other.alpha()) < 24 for one, other in pixels)
    assert len({one.rgba() for one, _ in pixels}) > 3


@pytest.mark.parametrize("icon", draw_icons.ICONS)
@pytest.mark.usefixtures("qapp")
def test_at_16_pixels_the_dot_of_the_timeline_is_seen(icon: str) -> None:
    image = QImage(str(draw_icons.picture(icon, 16)))
    colours = [image.pixelColor(x, y) for x in range(16) for y in range(16)]
    assert sum(colour.red() > 200 and colour.blue() < 120 for colour in colours) >= 4


@pytest.mark.parametrize("name", ["whowas.bash", "_whowas", "whowas.fish"])
def test_completion_is_what_the_command_line_gives(name: str) -> None:
    assert (COMPLETION / name).read_text(encoding="utf-8") == script("command_files").completion(name)


def test_the_manual_is_what_the_command_line_gives() -> None:
    assert MAN_PAGE.read_text(encoding="utf-8") == script("command_files").man_page()


def test_the_manual_is_shown_without_a_warning() -> None:
    shown = asked("man", "--warnings", "-E", "UTF-8", "-l", MAN_PAGE, LC_ALL="C.UTF-8", MANWIDTH="90", MANPAGER="cat")
    assert "warning" not in shown
    for command in main.commands.values():
        for parameter in command.params:
            assert all(option in shown for option in parameter.opts if option.startswith("--"))


@pytest.mark.parametrize(("shell", "name"), [("bash", "whowas.bash"), ("zsh", "_whowas"), ("fish", "whowas.fish")])
def test_shells_can_read_it(shell: str, name: str) -> None:
    asked(shell, "-n", COMPLETION / name)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["whowas", "ex"], {"export"}),
        (["whowas", "list", "staff.whowas", "--st"], {"--status"}),
        (["whowas", "list", "staff.whowas", "--status", "a"], {"active", "any"}),
    ],
)
def test_bash_completes(words: list[str], offered: set[str]) -> None:
    line = f"""
        source {COMPLETION / "whowas.bash"}
        COMP_WORDS=({" ".join(words)}) COMP_CWORD={len(words) - 1}
        _whowas_completion whowas
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    assert set(asked("bash", "-c", line, PATH=path).split()) == offered


def test_a_shell_that_asks_for_the_first_word_gets_no_window() -> None:
    environment = {"_WHOWAS_COMPLETE": "bash_complete", "COMP_WORDS": "whowas staff", "COMP_CWORD": "1"}
    assert asked(PROGRAM, **environment) == "file,staff\n"
