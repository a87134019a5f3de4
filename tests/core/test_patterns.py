"""Patterns that are looked for in files of strangers, in the server's own threads or not, take time
by the length of the file and not by its square: a kilobyte, packed, would stop a server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("growing.py")
ROOT = SCRIPT.parents[2]
MODULES = (
    "talex.core.looking.archives", "talex.core.looking.pdfs",
    "talex.participants.importing.tables.workbook",
)  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_no_pattern_takes_the_square_of_a_files_length(module: str) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), module],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    last = done.stdout.strip().splitlines()[-1:]
    assert last == ["done"], (last, done.stderr[-500:])
