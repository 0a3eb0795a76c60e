"""What is struck by faults, and how to tell whether what was said of it is true."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.command_line import json_lines
from tests.faults.machine import UNHARMED, WRITING, Ended, Fault, Machine
from tests.leftovers_of import Person, as_of_the_first_version, files_with

ADA = Person()
EMAIL = ADA.fields()["email"]
EARLIER = ("p1", "p2", "p3")
NEW = ("n1", "n2", "n3")
AFTERWARDS = "afterwards"
OLD_EXPORT = "what was exported last month\n"
HUNG = "Timeout ("
"""What ``faulthandler`` begins with where a program was ended because it did not end."""

Said = dict[str, tuple[int, str, str]]
Judge = Callable[[Machine, Ended, Said], list[str]]


@dataclass(frozen=True)
class Scenario:
    """A command on the file that was ``prepared``; ``judged`` says what is untrue of what it said."""

    name: str
    prepared: Callable[[Machine], None]
    arguments: Callable[[Path], tuple[object, ...]]
    judged: Judge
    stdin: bytes = b""
    call: str = "whowas.main:main"
    file: Callable[[Machine], Path] = lambda machine: file_of(machine)

    def prepare(self, machine: Machine) -> None:
        """Lay the disk, once, and remember how it was."""
        if self._kept(machine).exists():
            return
        machine.emptied()
        self.prepared(machine)
        shutil.copytree(machine.disk, self._kept(machine), symlinks=True)

    def lay(self, machine: Machine) -> None:
        """Lay the disk as it was prepared."""
        machine.emptied()
        shutil.copytree(self._kept(machine), machine.disk, symlinks=True, dirs_exist_ok=True)

    def _kept(self, machine: Machine) -> Path:
        return machine.scratch / "disks" / self.name

    def calls(self, machine: Machine, kinds: int = WRITING) -> tuple[str, ...]:
        """Return the disk calls of these kinds that the command makes where nothing strikes it."""
        asked = (self.name, kinds)
        if asked not in machine.counted:
            machine.counted[asked] = self.run(machine, Fault(kinds=kinds)).calls
        return machine.counted[asked]

    def start(self, machine: Machine, fault: Fault = UNHARMED) -> Ended:
        """Run the command, struck by a fault."""
        return machine.run(*self.arguments(file_of(machine)), stdin=self.stdin, fault=fault, call=self.call)

    def run(self, machine: Machine, fault: Fault) -> Ended:
        """Lay the disk and run the command."""
        self.lay(machine)
        return self.start(machine, fault)

    def found(self, machine: Machine, ended: Ended) -> list[str]:
        """Return what is wrong after a run: each begins with ``lost:``, ``refused:`` or ``untrue:``."""
        left = leftovers(machine, ended)  # before any other command sweeps
        said = looked(machine, self.file(machine))
        codes = {name: (code, err) for name, (code, _, err) in said.items() if code != 0}
        found = [f"refused: {name} answers {code}: {err.strip()}" for name, (code, err) in codes.items()]
        found += [*left, *(f"untrue: {path} is left after other commands" for path in half_made(machine))]
        if not found and re.search(r"\bis damaged[.:]", ended.out + ended.err):
            found.append(f"untrue: nothing is damaged, but {ended.out.strip()} {ended.err.strip()}")
        if HUNG in ended.err:
            found.append(f"untrue: it never ended: {ended.out.strip()} {ended.err.strip()}")
        if "Traceback" in ended.err or "Something went wrong" in ended.out + ended.err:
            found.append(f"untrue: {ended.out.strip()} {ended.err.strip()}")
        if not found:
            found += self.judged(machine, ended, said)
        return found


def file_of(machine: Machine) -> Path:
    """Return the directory file of every scenario."""
    return machine.disk / "files" / "staff.whowas"


def looked(machine: Machine, file: Path) -> Said:
    """Return what every command says of the file in a process that nothing strikes."""
    answer = machine.run(file, AFTERWARDS, call="tests.faults.looking:look")
    assert answer.code == 0, answer
    said: Said = {name: (code, out, err) for name, (code, out, err) in json.loads(answer.out).items()}
    return said


def held(said: Said) -> set[str]:
    """Return the external ids of everybody in the file, as it was found."""
    if not said:
        return set()
    return {json.loads(line)["external_id"] for line in said["list"][1].splitlines()}


def nothing(machine: Machine) -> None:
    """Prepare a folder without a file."""
    file_of(machine).parent.mkdir()


def staff(machine: Machine) -> None:
    """Prepare a file that others were saved to, with its cache."""
    nothing(machine)
    lines = [{"command": "CreateUser", "external_id": who, "first_name": who} for who in EARLIER]
    assert machine.run("run", file_of(machine), stdin=json_lines(*lines).encode()).code == 0
    assert machine.run("list", file_of(machine)).code == 0


def after_a_power_cut(machine: Machine) -> None:
    """Prepare a file whose last change stands in its write-ahead log, as the program that saved it was killed."""
    staff(machine)
    (told,) = machine.run(file_of(machine), call="tests.faults.dying:save_and_die").answers
    assert told == {"error": "", "message": ""}


def with_ada(machine: Machine) -> None:
    """Prepare a file with somebody who is to be erased, and a draft for them."""
    staff(machine)
    ada = {"command": "CreateUser", **ADA.fields()}
    assert machine.run("run", file_of(machine), stdin=json_lines(ada).encode()).code == 0
    (entry,) = machine.run("list", file_of(machine), "--search", ADA.fields()["first_name"], "--json").answers
    (read_side,) = (Path(machine.environment["XDG_CACHE_HOME"]) / "whowas").iterdir()
    directory_id = read_side.name.rpartition("-")[0]
    drafts = Path(machine.environment["XDG_STATE_HOME"]) / "whowas" / "drafts"
    drafts.mkdir(parents=True)
    (drafts / f"{directory_id}.json").write_text(json.dumps({entry["id"]: ADA.fields()}))


def first_version(machine: Machine) -> None:
    """Prepare a file as the first version wrote them, which is migrated when somebody is erased."""
    with_ada(machine)
    as_of_the_first_version(file_of(machine))


def to_import(machine: Machine) -> None:
    """Prepare a file, and a CSV to take into it."""
    staff(machine)
    rows = "".join(f"{who},{who}\n" for who in NEW)
    (machine.disk / "new.csv").write_text("external_id,first_name\n" + rows)


def exported(machine: Machine) -> None:
    """Prepare a file, and an older export of it."""
    staff(machine)
    (machine.disk / "staff.csv").write_text(OLD_EXPORT)


def commands(*who: str) -> bytes:
    """Return lines for ``run`` that create users with these external ids."""
    return json_lines(*({"command": "CreateUser", "external_id": one, "first_name": one} for one in who)).encode()


def of_saves(_machine: Machine, ended: Ended, said: Said) -> list[str]:
    """Every answer of ``run`` is true: what was taken is there, what was refused is not, and no more is."""
    there = held(said)
    answers = dict(zip(NEW, ended.answers, strict=False))
    found = [f"lost: {who} was saved" for who, answer in answers.items() if answer["ok"] and who not in there]
    found += [f"untrue: {who} is there, but {answers[who]['message']}" for who in refused(answers) if who in there]
    answered = len(ended.answers)
    beyond = [who for who in NEW[answered + 1 :] if who in there]
    found += [f"untrue: {who} was carried out after an answer that could not be written" for who in beyond]
    if ended.code >= 0:
        if ended.code == 2 and not ended.answers and NEW[0] in there:
            found.append(f"untrue: {NEW[0]} is there, but it was refused: {ended.err.strip()}")
        if ended.code == 0 and there & set(NEW) != set(NEW):
            found.append(f"untrue: it went well, but there is only {sorted(there)}")
        if ended.code != 0 and all(answer["ok"] for answer in answers.values()) and not ended.err:
            found.append(f"untrue: nothing is said, the code is {ended.code}")
    return found


def refused(answers: dict[str, dict[str, Any]]) -> list[str]:
    """Return who was said not to be saved; an uncertain answer says neither."""
    return [who for who, answer in answers.items() if not answer["ok"] and answer["error"] != "UncertainError"]


def whole_or_not(ended: Ended, *, done: bool, partly: bool = False) -> list[str]:
    """Say what is wrong where a command did one thing that is ``done`` now, or is not."""
    if partly:
        return [f"lost: only a part was done; {ended.err.strip()}"]
    if "Whether this was saved will be seen" in ended.err and ended.code == 1:
        return []
    match ended.code:
        case 0 if not done:
            return [f"untrue: it went well, but was not done: {ended.out.strip()} {ended.err.strip()}"]
        case 1 | 2 if done:
            return [f"untrue: it was done, but the code is {ended.code}: {ended.err.strip()}"]
        case 1 | 2 if not ended.err:
            return [f"untrue: nothing is said, the code is {ended.code}"]
    return []


def of_import(_machine: Machine, ended: Ended, said: Said) -> list[str]:
    """An import is there whole, or nothing of it is."""
    there = held(said) & set(NEW)
    return whole_or_not(ended, done=there == set(NEW), partly=there not in (set(), set(NEW)))


def of_erasing(machine: Machine, ended: Ended, said: Said) -> list[str]:
    """Who was erased has left no trace once the directory was opened again; who was not is there."""
    erased = ADA.fields()["external_id"] not in held(said)
    found = whole_or_not(ended, done=erased)
    if erased and (traces := files_with(machine.disk, ADA)):
        found.append(f"untrue: erased, and found in {', '.join(map(str, traces))}")
    return found


def of_reading(_machine: Machine, ended: Ended, said: Said) -> list[str]:
    """What is said to be everybody is everybody, and a failure is told in a sentence."""
    if ended.code == 0 and {line.split()[0] for line in ended.out.splitlines()[1:]} != set(EARLIER):
        return [f"untrue: it lists {ended.out!r}"]
    return [f"untrue: nothing is said, the code is {ended.code}"] if ended.code > 0 and not ended.err else []


def of_recovery(machine: Machine, ended: Ended, said: Said) -> list[str]:
    """What was saved before the power cut is listed, or a sentence says why not; and it is there afterwards."""
    everybody = {*EARLIER, NEW[0]}
    found = [] if held(said) == everybody else [f"lost: there is only {sorted(held(said))}; {ended.err.strip()}"]
    if ended.code == 0 and {line.split()[0] for line in ended.out.splitlines()[1:]} != everybody:
        found.append(f"untrue: it lists {ended.out!r}")
    return found + ([f"untrue: nothing is said, the code is {ended.code}"] if ended.code > 0 and not ended.err else [])


def of_rebuild(_machine: Machine, ended: Ended, said: Said) -> list[str]:
    """Everybody is there afterwards, whatever was said."""
    found = [] if held(said) == set(EARLIER) else [f"lost: there is only {sorted(held(said))}"]
    return found + ([f"untrue: nothing is said, the code is {ended.code}"] if ended.code > 0 and not ended.err else [])


def of_backup(machine: Machine, ended: Ended, _said: Said) -> list[str]:
    """A backup is whole or is not there; the file is not said to be damaged."""
    copy = machine.disk / "copy.whowas"
    verified = machine.run("verify", copy) if copy.exists() else None
    if verified is not None and verified.code != 0:
        return [f"untrue: the copy is not whole: {verified.err.strip()}"]
    return whole_or_not(ended, done=verified is not None)


def of_export(machine: Machine, ended: Ended, said: Said) -> list[str]:
    """An export is the new one, whole, or the old one."""
    text = (machine.disk / "staff.csv").read_text()
    new = text != OLD_EXPORT
    whole = text.count("\n") == len(EARLIER) + 1 and all(who in text for who in EARLIER)
    return whole_or_not(ended, done=new, partly=new and not whole)


def of_sample(machine: Machine, ended: Ended, said: Said) -> list[str]:
    """A sample is whole or is not there."""
    count = len(said["list"][1].splitlines()) if said else 0
    return whole_or_not(ended, done=count == SAMPLED, partly=ended.code >= 0 and count not in (0, SAMPLED))


def of_undoing(_machine: Machine, ended: Ended, said: Said) -> list[str]:
    """What the window said to be saved is there, and what it said to be undone is undone."""
    done = {word for answer in ended.answers for word in answer}
    status = {user["external_id"]: user["status"] for user in map(json.loads, said["list"][1].splitlines())}
    found = ["lost: the window had saved somebody"] if "saved" in done and "n1" not in status else []
    if "undone" in done and status.get("n1") != "deleted":
        found.append("lost: the window had undone a change")
    return found


def of_first_start(machine: Machine, ended: Ended, said: Said) -> list[str]:
    """The window opened what it said, or told what is wrong; the next start goes as a first one should."""
    told = {word: text for answer in ended.answers for word, text in answer.items()}
    found = ["untrue: it was opened, and is not there"] if "opened" in told and not said else []
    if ended.code != 0 or ("opened" not in told and not told.get("message") and not ended.err):
        found.append(f"untrue: nothing is said, the code is {ended.code}: {ended.out.strip()} {ended.err.strip()}")
    again = machine.run(call="tests.faults.in_the_window:first_start")
    if again.code != 0 or "opened" not in again.out or "message" in again.out:
        found.append(f"refused: the next start: {again.code} {again.out.strip()} {again.err.strip()}")
    return found


def leftovers(machine: Machine, ended: Ended) -> list[str]:
    """Say what half-made files are left by a program that was not killed."""
    left = half_made(machine) if ended.code >= 0 else []
    # What cannot be removed because the disk fails is nobody's fault.
    return [] if "unlink" in str(ended.calls[-6:]) else [f"untrue: {path} is left" for path in left]


def half_made(machine: Machine) -> list[Path]:
    """Return what is there of files that were still being made, and the entries of the register that name them."""
    register = Path(machine.environment["XDG_STATE_HOME"]) / "whowas" / "unfinished"
    temporary = Path(machine.environment["TMPDIR"])
    return [
        *machine.disk.rglob(".*.new*"),
        *register.glob("*"),
        *temporary.glob("whowas-*-*"),
    ]


SAMPLED = 12
SAVE = Scenario("save", staff, lambda file: ("run", file), of_saves, commands(*NEW))
NEW_FILE = Scenario("new file", nothing, lambda file: ("run", file), of_saves, commands(*NEW))
IMPORT = Scenario("import", to_import, lambda file: ("import", file, file.parent.parent / "new.csv"), of_import)
ERASE = Scenario("erase", with_ada, lambda file: ("erase", file, EMAIL, "--yes"), of_erasing)
MIGRATION = Scenario("migration", first_version, lambda file: ("erase", file, EMAIL, "--yes"), of_erasing)
REBUILD = Scenario("rebuild", staff, lambda file: ("rebuild", file), of_rebuild)
BACKUP = Scenario("backup", staff, lambda file: ("backup", file, file.parent.parent / "copy.whowas"), of_backup)
EXPORT = Scenario(
    "export", exported, lambda file: ("export", file, file.parent.parent / "staff.csv", "--format", "csv"), of_export
)
LIST = Scenario("list", staff, lambda file: ("list", file), of_reading)
RECOVERY = Scenario("list after a power cut", after_a_power_cut, lambda file: ("list", file), of_recovery)
FIRST_LIST = Scenario(
    "list without a cache",
    lambda machine: (staff(machine), shutil.rmtree(machine.environment["XDG_CACHE_HOME"]), None)[-1],
    lambda file: ("list", file),
    of_reading,
)
SAMPLE = Scenario(
    "sample",
    nothing,
    lambda file: ("sample", file, "--people", SAMPLED, "--changes", 20),
    of_sample,
)
UNDO = Scenario("undo in the window", staff, lambda file: (file,), of_undoing, call="tests.faults.in_the_window:undo")
FIRST_START = Scenario(
    "first start",
    nothing,
    lambda file: (),
    of_first_start,
    call="tests.faults.in_the_window:first_start",
    file=lambda machine: Path(machine.environment["XDG_DATA_HOME"]) / "whowas" / "sample.whowas",
)
EVERY = os.environ.get("EVERY_FAULT") == "1"
"""Whether every case is to be tried, as ``make test-faults`` does; otherwise a few of each kind are."""
