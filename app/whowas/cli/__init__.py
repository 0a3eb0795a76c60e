"""The command line: the same bus and projections as the window."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Sequence

import click

from whowas import __version__, places
from whowas.cli.asking import diff, export, head, history, list_users, rebuild, show, verify
from whowas.cli.telling import import_, run_commands, sample
from whowas.domain.errors import WhowasError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="whowas")
def main() -> None:
    """A user directory that remembers.

    \b
    whowas [FILE] opens the window, on FILE or on the directory used last.
    The commands below work on a directory file without a window, for example:
      whowas list staff.whowas --at 2020-03-03
    """


for _command in (list_users, show, history, diff, run_commands, import_, export, verify, head, rebuild, sample):
    main.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code: 0 fine, 1 the answer is "no" or "damaged", 2 refused or misused."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Refused text may hold what no encoding knows; escaped like this, JSON stays JSON.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = main.main(list(arguments), prog_name="whowas", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except click.exceptions.Abort:
        return 2
    except WhowasError as error:
        click.echo(str(error), err=True)
        return 2
    except BrokenPipeError:
        # Whoever read the output has enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: never a traceback on the terminal
        return _bug(error)
    return code if isinstance(code, int) else 0


def _bug(error: Exception) -> int:
    folder = places.state()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log_file = folder / "whowas.log"
    log_file.touch(mode=0o600)
    logging.basicConfig(filename=log_file, encoding="utf-8", force=True)
    logging.getLogger("whowas").error("Uncaught exception", exc_info=error)
    logging.shutdown()
    click.echo(f"Something went wrong that should not have; it is written to {log_file}.", err=True)
    return 2
