"""The table of ``whowas run``: every command of the domain is in it, and help and refusals follow from it."""

from __future__ import annotations

from typing import get_args

import pytest

from whowas.cli import main
from whowas.cli.running import run_requests
from whowas.cli.running.run_commands import FIELDS, RUN_COMMANDS
from whowas.domain.commands import Command, DescribeField, EraseUser, RecordListImport
from whowas.domain.errors import RefusedError

NOT_RUN = {EraseUser.__name__, RecordListImport.__name__, DescribeField.__name__}
"""What is for ever has a command of its own, which asks; that a list was imported is recorded by its import.

A custom field is described by DefineField.
"""


def test_every_command_there_is_can_be_run() -> None:
    """And one line that is several commands."""
    assert {command.__name__ for command in get_args(Command)} - NOT_RUN == RUN_COMMANDS.keys() - {"MergeGroups"}


def test_help_and_refusals_name_every_command() -> None:
    named = ", ".join(RUN_COMMANDS)
    assert f"Commands: {named}." in str(main.commands["run"].help)
    with pytest.raises(RefusedError) as refused:
        run_requests.read(b'{"command": "Dance"}', 1, FIELDS)
    assert str(refused.value) == f"“Dance” is not a command. Known: {named}."


@pytest.mark.parametrize("command", RUN_COMMANDS)
def test_a_field_that_a_command_does_not_have_is_refused(command: str) -> None:
    with pytest.raises(RefusedError, match=f"^{command} has no field “shoe size”.$"):
        run_requests.read(b'{"command": "%s", "shoe size": 1}' % command.encode(), 1, FIELDS)
