"""Writes the completion files and the manual page, from the command line itself.

``python packaging/command_files.py`` after a command or an option was altered; the files are kept in the repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from whowas import __version__
from whowas.cli import main
from whowas.main import COMPLETION

PACKAGING = Path(__file__).resolve().parent
RESOURCES = PACKAGING.parent / "resources"
MAN_PAGE = RESOURCES / "man" / "whowas.1"
SHELLS: dict[str, type[ShellComplete]] = {
    "whowas.bash": BashComplete,
    "_whowas": ZshComplete,
    "whowas.fish": FishComplete,
}

_SURROUNDINGS = r""".SH MOMENT
Wherever a MOMENT is asked for it may be
.TP
.B now
the present;
.TP
.I ISO 8601
a date (its beginning) or a date and time, local where it names no zone: 2020\-03\-03, 2020\-03\-03T14:05,
2020\-03\-03T14:05:00Z;
.TP
.BI # POSITION
right after the event of that number in the log;
.TP
.I name
a moment that was given a name.
.SH EXIT STATUS
.TP
.B 0
All is well.
.TP
.B 1
The answer is \(lqno\(rq or \(lqdamaged\(rq.
.TP
.B 2
Wrong usage, or refused; one sentence on stderr says why, and nothing was written.
.SH FILES
.TP
.I *.whowas
A directory: an SQLite file that holds every change ever made. It is all there is to back up.
.TP
.I *.whowas\-team
Where a directory is that several people share: a text that names a PostgreSQL server, and holds no secret. Wherever a
command asks for a FILE, this will do, and so will an address that begins with postgresql://.
.TP
.I $XDG_DATA_HOME/whowas
Directories that were given no other place (~/.local/share/whowas).
.TP
.I $XDG_CONFIG_HOME/whowas
What the window remembers (~/.config/whowas).
.TP
.I $XDG_STATE_HOME/whowas
Drafts, the copies of shared directories that commands read from without their server, and the log of what should not
have happened (~/.local/state/whowas).
.TP
.I $XDG_CACHE_HOME/whowas
What is derived from the directories and may be thrown away (~/.cache/whowas).
.TP
.I ~/.pgpass
Passwords for servers, see ENVIRONMENT.
.SH ENVIRONMENT
.TP
.BR PGUSER ", " PGPASSWORD ", " PGSERVICE ", " PGPASSFILE " and others that begin with PG"
How to reach a shared directory, as for every program that speaks to PostgreSQL: its manual explains them and
~/.pgpass under \(lqlibpq\(rq.
.SH EXAMPLES
Look around in a made\-up directory:
.PP
.RS
.nf
whowas sample sample.whowas
whowas sample.whowas
.fi
.RE
.PP
See who there was on a day, and what has changed since:
.PP
.RS
.nf
whowas list staff.whowas \-\-at 2020\-03\-03
whowas diff staff.whowas 2020\-03\-03 now
.fi
.RE
"""


def completion(name: str) -> str:
    """Return the completion file of a shell, by its name in SHELLS."""
    return SHELLS[name](main, {}, "whowas", COMPLETION).source().strip() + "\n"


def man_page() -> str:
    """Return the manual page, in section 1."""
    about = main.help or ""
    lines = [
        f'.TH WHOWAS 1 "{_released()}" "Whowas {__version__}" "User commands"',
        ".SH NAME",
        rf"whowas \- {_line(about)[0].lower()}{_line(about)[1:].rstrip('.')}",
        ".SH SYNOPSIS",
        ".B whowas",
        ".RI [ FILE ]",
        ".br",
        ".B whowas",
        r".RB [ \-\-new | \-\-open\-recent | \-\-self\-check | \-\-version | \-\-help ]",
        *(
            part
            for context in _contexts()
            if not isinstance(context.command, click.Group)
            for part in _synopsis(context)
        ),
        ".SH DESCRIPTION",
        "Keeps the list of users of an organisation, with everything it ever was: who somebody is, who they were on",
        "any day, and who changed it. Without a command it opens a window, on",
        ".I FILE",
        "or on the directory that was open last. The commands answer on stdout and say on stderr what is to be said.",
        ".SH OPTIONS",
        *_options(main, _context()),
        ".SH COMMANDS",
    ]
    for context in _contexts():
        lines += [f".SS whowas {_usage(context)}", *_paragraphs(context.command.help or "")]
        lines += _options(context.command, context)
    return "\n".join(lines) + "\n" + _SURROUNDINGS


def _released() -> str:
    """Return the day of the newest release, as the changelog has it."""
    text = (PACKAGING / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## \S+ - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    if found is None:
        raise ValueError("packaging/CHANGELOG.md names no release")
    return found[1]


def _context() -> click.Context:
    """Return what the program is asked in; an option of help is made in the first one and kept."""
    return click.Context(main, info_name="whowas", **main.context_settings)


def _contexts() -> Iterator[click.Context]:
    """Yield what each command is asked in, by name, those of a group after the group."""
    for name, command in sorted(main.commands.items()):
        context = click.Context(command, info_name=name, parent=_context())
        yield context
        if isinstance(command, click.Group):
            for each in sorted(command.commands):
                yield click.Context(command.commands[each], info_name=f"{name} {each}", parent=_context())


def _synopsis(context: click.Context) -> list[str]:
    name = context.info_name or ""
    return [".br", rf".B whowas {_escaped(name)}", rf".I {_usage(context).removeprefix(_escaped(name)).strip()}"]


def _usage(context: click.Context) -> str:
    parts = context.command.collect_usage_pieces(context)
    return _escaped(" ".join([context.info_name or "", *(part.replace("...", "") for part in parts)]))


def _options(command: click.Command, context: click.Context) -> list[str]:
    lines: list[str] = []
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context)) is not None:
            lines += [".TP", rf".B {_escaped(record[0])}", _escaped(record[1])]
    return lines


def _paragraphs(text: str) -> list[str]:
    paragraphs = [_escaped(_line(part)) for part in text.replace("\b\n", "").split("\n\n")]
    return [line for part in paragraphs for line in (".PP", part)][1:]


def _line(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def _escaped(text: str) -> str:
    """Return text as roff prints it to the letter; a line never begins with what would be a request."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq").replace("'", r"\(aq")
    return rf"\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    (RESOURCES / "completion").mkdir(parents=True, exist_ok=True)
    MAN_PAGE.parent.mkdir(parents=True, exist_ok=True)
    for _name in SHELLS:
        (RESOURCES / "completion" / _name).write_text(completion(_name), encoding="utf-8")
    MAN_PAGE.write_text(man_page(), encoding="utf-8")
