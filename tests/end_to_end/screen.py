"""A screen of its own for the tests: X server, session bus and accessibility bus, gone without trace afterwards."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from PySide6.QtGui import QImage

START_SECONDS = 20.0
SIZE = "1440x900x24"
# The usual session bus, in the screen's own folder. Root may listen in, which alone could look after another user.
BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <standard_session_servicedirs/>
  <policy context="default">
    <allow user="root"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Screen:
    """Starts everything on entering and stops it on leaving; ``environment`` makes a program appear on it.

    All of it lies in ``folder``. Root may start it as another ``user``, whose programs then appear on it.
    """

    def __init__(self, folder: Path, user: int | None = None) -> None:
        self._folder = folder
        self._user = user
        self._processes: list[subprocess.Popen[str]] = []
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._user is not None:
            os.chown(self._folder, self._user, self._user)
        # Nothing of the desktop that the tests were started from may be reached by mistake.
        unwanted = ("AT_SPI_", "DBUS_", "DESKTOP_", "DISPLAY", "GTK_", "KDE_", "QT_", "WAYLAND_", "XAUTH", "XDG_")
        own = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        own |= {"LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(self._folder), "HOME": str(self._folder)}
        try:
            own["DISPLAY"] = f":{self._start_server(own)}"
            own["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus(own)
        except BaseException:
            self._stop()
            raise
        self.environment = own | {"QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start_server(self, environment: dict[str, str]) -> str:
        """The server finds a free display itself and says which."""
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]
        command += ["-fbdir", str(self._folder)]
        self._spawn(command, environment, writing)
        os.close(writing)
        with os.fdopen(reading) as answer:
            return self._first_line(answer, "Xvfb")

    def _start_bus(self, environment: dict[str, str]) -> str:
        """The session bus starts the accessibility bus by itself when it is first asked for."""
        config = self._folder / "bus.conf"
        config.write_text(BUS.format(folder=self._folder), encoding="utf-8")
        command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"]
        bus = self._spawn(command, environment)
        assert bus.stdout is not None
        return self._first_line(bus.stdout, "dbus-daemon")

    def _spawn(self, command: list[str], environment: dict[str, str], *keep: int) -> subprocess.Popen[str]:
        with (self._folder / f"{command[0]}.log").open("w") as log:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=keep,
                text=True,
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
                # A group of its own, so that what the bus starts can be ended with it.
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def _first_line(self, answer: IO[str], program: str) -> str:
        ready, _, _ = select.select([answer], [], [], START_SECONDS)
        line = answer.readline().strip() if ready else ""
        if not line:
            log = (self._folder / f"{program}.log").read_text()
            raise RuntimeError(f"{program} did not start within {START_SECONDS:.0f} s: {log}")
        return line

    def _stop(self) -> None:
        for process in reversed(self._processes):
            try:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            except ProcessLookupError:
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._processes.clear()

    def photograph(self, file: Path) -> None:
        """Save what the screen shows as a PNG, straight from the server's memory (an XWD image)."""
        raw = (self._folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", raw[:100])
        size, width, height, stride, colours = header[0], header[4], header[5], header[12], header[19]
        start = size + colours * 12
        image = QImage(raw[start : start + stride * height], width, height, stride, QImage.Format.Format_RGB32)
        if not image.save(str(file)):
            raise OSError(f"the screenshot {file} could not be written")
