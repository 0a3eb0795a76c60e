"""The connection to the accessibility bus: questions and answers, one at a time."""

from __future__ import annotations

import json
import select
import subprocess
from pathlib import Path
from typing import Any, Self

AGENT = Path(__file__).with_name("atspi_agent.py")
ANSWER_SECONDS = 60.0


class NotThere(AssertionError):
    """The control did not show, or did not become as expected, in time."""


class ScreenReader:
    """One connection to the accessibility bus, kept by a helper process under the system's Python."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._agent = subprocess.Popen(
            ["/usr/bin/python3", "-W", "ignore::DeprecationWarning", str(AGENT)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._agent.kill()
        self._agent.communicate()

    def ask(self, do: str, pid: int, **details: Any) -> Any:
        """One question, one answer; raises NotThere when it may help to wait, RuntimeError when it does not."""
        assert self._agent.stdin is not None
        assert self._agent.stdout is not None
        self._agent.stdin.write(json.dumps({"do": do, "pid": pid, **details}) + "\n")
        self._agent.stdin.flush()
        ready, _, _ = select.select([self._agent.stdout], [], [], ANSWER_SECONDS)
        line = self._agent.stdout.readline() if ready else ""
        if not line:
            raise RuntimeError("the accessibility agent does not answer")
        answer = json.loads(line)
        if "ok" in answer:
            return answer["ok"]
        raise (RuntimeError if answer["error"] == "failed" else NotThere)(f"{do}: {answer['message']}")
