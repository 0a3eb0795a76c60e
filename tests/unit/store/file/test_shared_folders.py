"""Which folders are on other computers, or on file systems made by programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from whowas.store.file.shared_folders import kind_of_shared_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mountinfo is Linux's")

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:26 / {home}/nfs rw,relatime shared:2 master:1 - nfs4 server:/export rw,vers=4.2
31 22 0:27 / {home}/share\\040of\\040all rw - cifs //server/all rw
32 22 0:28 / {home}/remote rw - fuse.sshfs me@server:/ rw
33 22 0:29 / {home}/remote/local rw - tmpfs tmpfs rw
34 22 0:30 / {home}/stick rw - fuseblk /dev/sdb1 rw
35 22 0:31 / {home}/below rw - ext4 /dev/sdc1 rw
36 35 0:32 / {home}/below rw - fuse.rclone drive: rw
37 22 0:33 / {home}/nfs-not rw - xfs /dev/sdd1 rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("", None),
        ("nfs", "nfs4"),
        ("nfs/deep/er", "nfs4"),
        ("nfs-not", None),
        ("share of all", "cifs"),
        ("remote", "fuse.sshfs"),
        ("remote/local", None),
        ("stick", None),
        ("below", "fuse.rclone"),
        ("link", "nfs4"),
    ],
)
def test_the_kind_of_a_mount_is_told(tmp_path: Path, folder: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(home=tmp_path))
    (tmp_path / "nfs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nfs")
    assert kind_of_shared_folder(tmp_path / folder, mounts) == kind


def test_nothing_is_said_where_the_system_does_not_tell(tmp_path: Path) -> None:
    assert kind_of_shared_folder(tmp_path, tmp_path / "missing") is None
    (tmp_path / "odd").write_text("\n - \n1 2\nx - y\n")
    assert kind_of_shared_folder(tmp_path, tmp_path / "odd") is None


def test_a_real_mount_is_found_beside_the_others(tmp_path: Path) -> None:
    """A tmpfs below a folder with a blank in its name: local, but listed by the system like a network share."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("nothing can be mounted here")
    there = tmp_path / "with blank"
    there.mkdir()
    code = (
        "from pathlib import Path; from whowas.store.file import shared_folders as s; "
        f"kind = s._kind_of_mount(str(Path({str(there)!r})), Path('/proc/self/mountinfo').read_text()); "
        f"print(kind, s.kind_of_shared_folder(Path({str(there)!r})))"
    )
    script = f'mount -t tmpfs tmpfs "{there}" && exec "{sys.executable}" -c "{code}"'
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True)
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.stdout.split() == ["tmpfs", "None"]
