"""Certificates for servers that tests run, made by the system's ``openssl``."""

from __future__ import annotations

import subprocess
from pathlib import Path

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Authority:
    """Somebody who signs certificates; ``root`` is the file by which others know them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root, self._key = folder / "root.crt", folder / "root.key"
        _openssl("req", "-x509", *_NEW_KEY, "-subj", "/CN=Tests", "-keyout", self._key, "-out", self.root)

    def certificate(self, name: str, *, days: int = 2, subject: str | None = None) -> tuple[Path, Path]:
        """Return the files of a new certificate for a host or an account, valid for that many days, and of its key."""
        path = self._folder / f"{name}{days}.crt"
        key, request = path.with_suffix(".key"), path.with_suffix(".csr")
        names = ("-addext", f"subjectAltName=DNS:{name}")
        _openssl("req", *_NEW_KEY, "-subj", f"/CN={subject or name}", *names, "-keyout", key, "-out", request)
        signed = ("-CA", self.root, "-CAkey", self._key, "-days", str(days), "-copy_extensions", "copyall")
        _openssl("x509", "-req", "-in", request, *signed, "-out", path)
        key.chmod(0o600)
        return path, key


def self_signed(folder: Path, name: str) -> tuple[Path, Path]:
    """Return the files of a certificate that only vouches for itself, and of its key."""
    path, key = folder / "own.crt", folder / "own.key"
    names = ("-addext", f"subjectAltName=DNS:{name}")
    _openssl("req", "-x509", *_NEW_KEY, "-subj", f"/CN={name}", *names, "-keyout", key, "-out", path)
    key.chmod(0o600)
    return path, key


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
