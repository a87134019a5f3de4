"""Kernels compiled in another process are there for this one, and no process is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from talex.engine.meetings import warming


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started."""
    known: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*given: object, **more: object) -> subprocess.Popen[bytes]:
        known.append(real(*given, **more))  # type: ignore[call-overload]
        return known[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return known


def test_who_leaves_early_leaves_no_process_behind(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))  # nothing is there: it takes long
    with pytest.raises(KeyboardInterrupt), warming.warming():
        raise KeyboardInterrupt
    (child,) = started
    assert not _alive(child.pid)


def test_the_process_compiles_what_the_solver_needs(
    started: list[subprocess.Popen[bytes]],
) -> None:
    with warming.warming() as wait:
        wait()
    (child,) = started
    assert child.returncode == 0
    assert child.args == [sys.executable, "-P", "-m", "talex.engine.meetings.warming"]


def test_kernels_count_references_only_where_they_make_arrays() -> None:
    """To count those of seventy arrays at each call takes a third of the time to compile."""
    from talex.engine.meetings import chains, kernel, places, polish, search

    makes_arrays = {"note_weak"}
    counting = {
        name
        for module in (chains, kernel, places, polish, search)
        for name, thing in vars(module).items()
        if getattr(thing, "targetoptions", {}).get("_nrt", True) and hasattr(thing, "targetoptions")
    }
    assert counting == makes_arrays
