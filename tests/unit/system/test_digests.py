"""The SHA-256 that a start can afford."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from whowas.system.digests import sha256


@pytest.mark.parametrize("content", [b"", b"abc", bytes(range(256)) * 4_000])
def test_it_is_that_of_the_standard_library(content: bytes) -> None:
    assert sha256(content) == hashlib.sha256(content).digest()


def test_a_start_finds_the_folder_of_a_directory_without_openssl() -> None:
    program = (
        "import sys; from pathlib import Path; from whowas.system import folders;"
        "folders.read_side(Path('cache'), 'id', Path('staff.whowas')); sys.exit('_hashlib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
