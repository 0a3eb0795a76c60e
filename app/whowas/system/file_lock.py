"""Locks on files of ours, which end with the process that holds them, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

_FAR = 1 << 30
"""Where Windows locks a byte: it lets nobody else read one that is locked, so it is none that is ever written."""


def made_and_locked(path: Path) -> int:
    """Make a file (mode 0600) that was not there, lock it, and return its descriptor.

    It is not locked where the file system has no locks. Raises OSError; FileNotFoundError if, before it was locked,
    somebody took it for abandoned and removed it.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | _FLAGS, 0o600)
    try:
        try:
            _lock(descriptor)
        except BlockingIOError as error:  # whoever has locked it is about to remove it
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from error
        except OSError:  # as said
            pass
        path.lstat()
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def locked_if_abandoned(path: Path) -> int | None:
    """Lock a file that a process which has ended left locked; return its descriptor, or None while another holds it.

    Raises OSError where that cannot be found out, as on a file system without locks, and FileNotFoundError.
    """
    descriptor = os.open(path, os.O_RDWR | _FLAGS)
    try:
        _lock(descriptor)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


if sys.platform == "win32":
    import msvcrt

    _FLAGS = os.O_BINARY | os.O_NOINHERIT

    def _lock(descriptor: int) -> None:
        """Lock a file. Raises BlockingIOError while another has locked it, or OSError."""
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(errno.EWOULDBLOCK, "it is locked") from error
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    _FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW

    def _lock(descriptor: int) -> None:
        """Lock a file. Raises BlockingIOError while another has locked it, or OSError."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
