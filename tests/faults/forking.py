"""Run as a program: start the real program again and again, each time as a process of its own that may be struck.

What takes long, to import everything, is done once; then each line of JSON on stdin says what is to be run, see
``machine.Machine``, in a process forked from this one, and is answered with a line about how that ended.
"""

from __future__ import annotations

import atexit
import ctypes
import faulthandler
import gc
import importlib
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.command_line import whowas
from tests.conftest import isolated_home

HANGS_AFTER_S = 180.0
"""A program that has not ended by then tells where each of its threads is, and is ended."""

FILES = {"stdin": os.O_RDONLY, "stdout": os.O_WRONLY, "stderr": os.O_WRONLY}


def main() -> None:
    """Answer every line, until there is none; a child leaves by ``become``."""
    orders, answers = os.dup(0), os.dup(1)
    warm_up()
    gc.collect()
    gc.freeze()
    with os.fdopen(orders, "rb", buffering=0) as lines, os.fdopen(answers, "wb", buffering=0) as out:
        for line in lines:
            order = json.loads(line)
            child = os.fork()
            if child == 0:
                break
            if order["killed_after"] is not None:
                time.sleep(order["killed_after"])
                os.kill(child, 9)
            _, status = os.waitpid(child, 0)
            out.write(json.dumps(os.waitstatus_to_exitcode(status)).encode() + b"\n")
        else:
            return
    become(order)


def warm_up() -> None:
    """Import whatever is imported only where it is needed, by using it."""
    for module in ("whowas.main", "whowas.sample", "whowas.desktop.start.application", "tests.faults.looking"):
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(isolated_home(Path(folder)))
        file = Path(folder) / "staff.whowas"
        ada = b'{"command": "CreateUser", "external_id": "ada"}'
        for arguments in (
            *(("run", file), ("list", file, "--json"), ("history", file), ("export", file, "-", "--format", "csv")),
            *(("export", file, "-", "--format", "log"), ("rebuild", file), ("verify", file)),
            *(("backup", file, f"{file}.copy"), ("erase", file, "ada", "--yes")),
        ):
            answer = whowas(*arguments, stdin=ada)
            assert answer.code == 0, answer


def become(order: dict[str, Any]) -> None:
    """Be the program that was ordered, with its own streams and environment, to the end of the process."""
    os.environ.update(order["environment"])
    for number, (name, flags) in enumerate(FILES.items()):
        if order[name] is None:
            os.close(number)
            setattr(sys, name, None)
            continue
        opened = os.open(order[name], flags | (os.O_CREAT | os.O_TRUNC if number else 0), 0o600)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        stream = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        if name == "stderr":
            stream.reconfigure(line_buffering=True, write_through=True)  # type: ignore[union-attr]
        setattr(sys, name, stream)
    if order["closed_pipe"]:
        reader, writer = os.pipe()
        os.close(reader)
        os.dup2(writer, 1)
        os.close(writer)
    module, _, function = order["call"].partition(":")
    called = getattr(importlib.import_module(module), function)
    if sys.stderr is not None:
        faulthandler.dump_traceback_later(HANGS_AFTER_S, exit=True, file=2)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if order["log"] else -1
    begin = ctypes.CDLL(None).faults_begin
    begin.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_long, ctypes.c_long, ctypes.c_int, ctypes.c_int]
    sys.argv = ["whowas", *order["arguments"]]
    place = str(Path(order["below"]))
    begin(place.encode(), order["kinds"], order["first"], order["last"], order["what"], log)
    leave(called)


def leave(called: Callable[[], None]) -> None:
    """Do the work and end as Python does, but for taking every module apart, which takes longer than all else."""
    code: object = 0
    try:
        called()
    except SystemExit as asked:
        code = asked.code
    except BaseException:  # noqa: BLE001 - as Python itself
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            code = 120
    os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
