"""A whole conference through the command line, step by step: seconds and peak memory of each.

    python -m bench.pipeline [--scale city] [--seed 1] [--seconds 30] [--json] [--keep FOLDER]

Every step is a process of its own on an installation of its own (TALEX_HOME, a SQLite file, or
the database of TALEX_DATABASE_URL), so that its peak memory is its own. The files are written by
the rehearsal's generator as an organiser would have them, then go in through `talex import`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from talex.rehearsal import export_files, rehearse

SLUG = "bench"
TARGETS = {"organisations": "organisation", "talents": "talent", "openings": "opening"}


@dataclass(frozen=True)
class Step:
    """One command: what it took, and what it told (JSON)."""

    name: str
    seconds: float
    peak_mb: int
    told: dict[str, Any] = field(default_factory=dict)


def run(name: str, environment: dict[str, str], *arguments: str) -> Step:
    """Run `talex ARGUMENTS --json` and measure it as the system accounts for it."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            [sys.executable, "-m", "talex.cli.main", "--json", *arguments],
            env=environment, stdout=out, stderr=err,
        )  # fmt: skip
        _pid, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        out.seek(0)
        err.seek(0)
        text, fault = out.read().decode(), err.read().decode()
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{name} failed: {fault or text}")
    told = json.loads(text) if text.strip().startswith("{") else {}
    return Step(name, round(seconds, 1), usage.ru_maxrss // 1024, told)


def steps(scale: str, seed: int, seconds: float, folder: Path) -> Iterator[Step]:
    """From an empty installation to figures."""
    made = rehearse(scale, seed, date(2027, 4, 20))
    files = export_files(made, folder / "files")
    environment = os.environ | {
        "TALEX_HOME": str(folder / "home"),
        "TALEX_LOG_LEVEL": "ERROR",
        "TALEX_LANGUAGE": "en",
    }
    migrate = "import django; django.setup(); from django.core.management import call_command"
    subprocess.run(
        [sys.executable, "-c", f"{migrate}; call_command('migrate', verbosity=0)"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "talex.settings.production"}, check=True,
    )  # fmt: skip
    of = made.edition
    yield run(
        "edition", environment, "edition", "create", SLUG, "--name", f"en={of.title.en}",
        "--from", of.days[0].day.isoformat(), "--to", of.days[-1].day.isoformat(),
        "--time-zone", of.time_zone,
    )  # fmt: skip
    _programme(made, environment)
    for file in sorted(files, key=lambda f: list(TARGETS).index(f.path.stem.split("-")[0])):
        target = TARGETS[file.path.stem.split("-")[0]]
        yield run(
            f"import {file.path.name} ({file.rows:,} rows)", environment, "import",
            str(file.path), "--target", target, "--edition", SLUG, "--source", file.path.stem,
            "--exclude-faulty", "--merge-identical",
        )  # fmt: skip
    yield run("match", environment, "match", "--edition", SLUG, "--approve-above", "0.3")
    made = ("schedule", "--edition", SLUG, "--seconds", str(seconds), "--release", "")
    yield run("schedule", environment, *made)
    yield run("verify", environment, "verify", "--edition", SLUG)
    yield run("figures", environment, "figures", "--edition", SLUG)


def _programme(made: Any, environment: dict[str, str]) -> None:
    """Halls and days have no command of their own; the services set them up."""
    script = (
        "import django, sys; django.setup()\n"
        "from datetime import date\n"
        "from talex.core.actor import SYSTEM\n"
        "from talex.editions.queries import edition_by_slug\n"
        "from talex.rehearsal import rehearse\n"
        "from talex.rehearsing.load import Loaded, set_up_programme\n"
        "made = rehearse(sys.argv[1], int(sys.argv[2]), date(2027, 4, 20))\n"
        f"set_up_programme(SYSTEM, Loaded(made, edition_by_slug(SYSTEM, {SLUG!r})))\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, made.scale.name, str(made.seed)],
        env=environment | {"DJANGO_SETTINGS_MODULE": "talex.settings.production"}, check=True,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="city", choices=["small", "city", "province"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30, help="of the scheduler's search")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path, help="keep files and installation in this folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="talex-bench-") as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        done = []
        for step in steps(given.scale, given.seed, given.seconds, folder):
            done.append(step)
            print(f"{step.name}: {step.seconds} s, {step.peak_mb} MB", file=sys.stderr)
    if given.json:
        print(json.dumps([asdict(step) for step in done], ensure_ascii=False))
        return
    print("| step | seconds | peak MB |\n|---|---|---|")
    for step in done:
        print(f"| {step.name} | {step.seconds} | {step.peak_mb} |")


if __name__ == "__main__":
    main()
