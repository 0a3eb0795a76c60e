"""Detecting folders that other computers or programs may change too: network shares and FUSE file systems."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")

_NETWORK = frozenset(
    {
        *(
            "9p",
            "afs",
            "beegfs",
            "ceph",
            "cifs",
            "coda",
            "davfs",
            "gfs2",
            "glusterfs",
            "lustre",
            "ncpfs",
            "nfs",
            "nfs4",
        ),
        *("ocfs2", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs", "webdav", "afpfs", "acfs", "ftp"),
    }
)
"""File system types that are shared with other computers, as Linux and macOS call them."""

_DRIVE_REMOTE = 4
"""What Windows returns for a network drive."""

_LOCAL_FUSE = frozenset({"fuseblk", "fuse.portal", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs"})
"""FUSE file systems over a local disk; ``fuse.portal`` shows a sandboxed program the person's own files."""


def kind_of_shared_folder(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the system's name for the network share or FUSE file system that a folder is on; None for a local disk.

    Also None when the system gives no answer.
    """
    try:
        if sys.platform == "win32":
            from ctypes import windll

            return "network drive" if windll.kernel32.GetDriveTypeW(folder.resolve().anchor) == _DRIVE_REMOTE else None
        if sys.platform == "darwin":
            return _on_macos(folder)
        kind = _kind_of_mount(os.path.realpath(folder), mounts.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return None
    is_fuse = kind == "fuse" or kind.startswith("fuse.")
    return kind if kind in _NETWORK or (is_fuse and kind not in _LOCAL_FUSE) else None


def _kind_of_mount(folder: str, mounts: str) -> str:
    """Return the type of the file system that a folder is on, from the text of /proc/self/mountinfo; "" if unknown."""
    found, kind = "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, further = before.split(" "), after.split(" ")
        if len(fields) > 4 and further:
            point = _unescaped(fields[4])
            is_above = folder == point or folder.startswith(point.rstrip("/") + "/")
            # Of several mounts at one point the last is on top.
            if is_above and len(point) >= len(found):
                found, kind = point, further[0]
    return kind


def _unescaped(text: str) -> str:
    """Return a path of mountinfo with its octal escapes for white space and backslashes decoded."""
    for escaped, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(escaped, character)
    return text


def _on_macos(folder: Path) -> str | None:
    """Call statfs through ctypes, as Python does not offer it; its flags tell whether the disk is local."""
    import ctypes

    flags_at, kind_at, kind_bytes, is_local = 64, 72, 16, 0x1000
    answer = ctypes.create_string_buffer(4096)
    if ctypes.CDLL(None).statfs(os.fsencode(folder), answer) != 0:
        return None
    flags = int.from_bytes(answer.raw[flags_at : flags_at + 4], "little")
    kind = answer.raw[kind_at : kind_at + kind_bytes].split(b"\0")[0].decode("ascii", "replace")
    return None if flags & is_local else kind or "network"
