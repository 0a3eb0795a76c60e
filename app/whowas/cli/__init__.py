"""The command line: a module for each group of commands, which use the same bus and read side as the window."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from contextlib import suppress

import click
from click.shell_completion import CompletionItem, shell_complete

from whowas import __version__
from whowas.cli.backups import backups
from whowas.cli.committing import Done
from whowas.cli.erase import erase
from whowas.cli.exit_codes import NO, REFUSED, UNFINISHED
from whowas.cli.file_export import backup, export, head, rebuild
from whowas.cli.history_diff import diff, history
from whowas.cli.importing.file_import import import_
from whowas.cli.list_show import list_users, show
from whowas.cli.opening import ShownInPartError
from whowas.cli.printing import flush_or_give_up, notify, prepare_streams
from whowas.cli.running.run_lines import run_commands
from whowas.cli.salvage import salvage
from whowas.cli.sample import sample
from whowas.cli.team import team
from whowas.cli.verify import verify
from whowas.domain.errors import UncertainError, UnfinishedError, WhowasError
from whowas.safekeeping.sweeper import sweep_register
from whowas.system import folders


def _stands_alone(_context: click.Context, option: click.Parameter, given: bool) -> None:
    """Refuse an option that the entry point takes only as the sole argument."""
    if given:
        raise click.UsageError(f"{option.opts[0]} stands alone.")


class _Commands(click.Group):
    """The commands; instead of one there may be the path of a directory, to be opened in the window."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """See click.Group; files are offered only where no command fits, as bash drops all else beside a file."""
        return super().shell_complete(ctx, incomplete) or [CompletionItem(incomplete, type="file")]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="whowas")
@click.option(
    "--self-check",
    is_flag=True,
    expose_value=False,
    callback=_stands_alone,
    help="Try every part of the program, without a display and leaving nothing behind, and exit.",
)
@click.option(
    "--new", is_flag=True, expose_value=False, callback=_stands_alone, help="Open the window to begin a new directory."
)
@click.option(
    "--open-recent",
    is_flag=True,
    expose_value=False,
    callback=_stands_alone,
    help="Open the window with the directories used last.",
)
def main() -> None:
    """A user directory that remembers.

    \b
    whowas [FILE] opens the window, on FILE or on the directory used last.
    The commands below work on a directory without a window, for example:
      whowas list staff.whowas --at 2020-03-03
    One that is shared is FILE too: NAME.whowas-team, or postgresql://…
    Data goes to stdout, messages to stderr. Exit codes: 0 fine, 1 the answer
    is "no" or "damaged", 2 wrong usage or refused.
    """
    sweep_register()


for _command in (
    *(list_users, show, history, diff, run_commands, import_, export, verify, head, rebuild, sample),
    *(backup, backups, erase, salvage, team),
):
    main.add_command(_command)


def complete(variable: str, instruction: str) -> int:
    """Print completions for the shell that set the environment variable ``variable``; return the exit code."""
    return shell_complete(main, {}, "whowas", variable, instruction)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    prepare_streams()
    done = Done()
    try:
        # Not main(), which treats a closed pipe as a failure.
        code = _invoked(arguments, done)
        sys.stdout.flush()
    except click.ClickException as error:
        with suppress(OSError):  # stderr is gone
            error.show()
        code = REFUSED
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _failed("Stopped.", done)
    except UnfinishedError as error:
        notify(str(error))
        code = UNFINISHED
    except (UncertainError, ShownInPartError) as error:
        notify(str(error))
        code = NO
    except WhowasError as error:
        code = _failed(str(error), done)
    except BrokenPipeError:
        code = _failed("", done) if done.sentence else 0
    except OSError as error:
        code = _failed(f"{error.filename or 'The output'} cannot be written: {error.strerror or error}.", done)
    except Exception as error:  # noqa: BLE001 - the last resort: never a traceback on the terminal
        code = _failed(_bug(error), done)
    flush_or_give_up()
    return code


def _failed(sentence: str, done: Done) -> int:
    """Print what was done for good and what failed after it, and return the exit code."""
    notify(f"{done.sentence} {sentence}".strip())
    return 0 if done.sentence else REFUSED


def _invoked(arguments: Sequence[str], done: Done) -> int:
    try:
        with main.make_context("whowas", list(arguments), obj=done) as context:
            code = main.invoke(context)
    except click.exceptions.Exit as ended:  # after --help and --version
        return ended.exit_code
    return code if isinstance(code, int) else 0


def _bug(error: Exception) -> str:
    """Write an unforeseen error to the log file, and return a sentence about it."""
    log_file = folders.state() / "whowas.log"
    with suppress(OSError):
        folders.private_folder(log_file.parent)
        folders.private_file(log_file)
        logging.basicConfig(filename=log_file, encoding="utf-8", force=True)
        logging.getLogger("whowas").error("Uncaught exception", exc_info=error)
        logging.shutdown()
    return f"Something went wrong that should not have; {log_file} says more."
