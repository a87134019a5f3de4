"""Real files from import to a timetable, by the command line: what each step takes.

    python -m bench.files --openings FILE ... --talents FILE ... [--seconds 10] [--json]

The files go in as they are: identical people are merged, openings that lack something are taken
as they stand. Then `match`, `schedule` (forty tables, two days) and `verify`. Every step is a
process of its own, so that its peak memory is its own; seconds on the clock and of the processor.
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
from pathlib import Path
from typing import Any

_SET_UP = """
import django; django.setup()
from datetime import date, time
from django.core.management import call_command
from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.programme import services
call_command("migrate", verbosity=0)
edition = Edition.objects.create(
    slug="bench", name=TranslatedText.of("Bench"), city=TranslatedText.of("Bench"),
    starts_on=date(2037, 4, 20), ends_on=date(2037, 4, 21),
)
services.save_hall(SYSTEM, edition, services.SaveHall("A1", TranslatedText.of("A1"), 40))
for day in (20, 21):
    services.save_day(SYSTEM, edition, services.SaveDay(date(2037, 4, day), time(9), time(17)))
"""


def steps(openings: list[Path], talents: list[Path], seconds: float) -> Iterator[dict[str, Any]]:
    """What each command took and told."""
    with tempfile.TemporaryDirectory(prefix="talex-bench-") as home:
        environment = os.environ | {
            "TALEX_HOME": home,
            "TALEX_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "talex.settings.production",
        }
        subprocess.run([sys.executable, "-c", _SET_UP], env=environment, check=True)
        here = ("--edition", "bench")
        for target, files in (("opening", openings), ("talent", talents)):
            for path in files:
                told = _run(environment, "import", str(path), "--target", target, *here,
                            "--accept-faulty", "--keep-identical" if target == "opening"
                            else "--merge-identical")  # fmt: skip
                yield {"step": f"import {path.name}"} | told
        yield {"step": "match"} | _run(environment, "match", *here, "--approve-above", "0.3")
        yield {"step": "schedule"} | _run(environment, "schedule", *here, "--seconds", str(seconds))
        yield {"step": "verify"} | _run(environment, "verify", *here)


def _run(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            [sys.executable, "-m", "talex.cli.main", "--json", *arguments],
            env=environment, stdout=out, stderr=err,
        )  # fmt: skip
        _pid, status, usage = os.wait4(child.pid, 0)
        took = time.monotonic() - began
        out.seek(0)
        err.seek(0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise SystemExit(f"{arguments}: {err.read().decode()}")
        told = json.loads(out.read())
    return {
        "seconds": round(took, 1),
        "processor seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak MB": usage.ru_maxrss // 1024,
        "told": told,
    }


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--openings", type=Path, nargs="*", default=[])
    given.add_argument("--talents", type=Path, nargs="*", default=[])
    given.add_argument("--seconds", type=float, default=10, help="of the scheduler's search")
    given.add_argument("--json", action="store_true")
    options = given.parse_args()
    if not options.openings and not options.talents:
        print("Name files: --openings FILE ... --talents FILE ...")
        return
    done = list(steps(options.openings, options.talents, options.seconds))
    if options.json:
        print(json.dumps(done, ensure_ascii=False))
        return
    print("| step | seconds | processor seconds | peak MB |\n|---|---|---|---|")
    for one in done:
        print(f"| {one['step']} | {one['seconds']} | {one['processor seconds']} "
              f"| {one['peak MB']} |")  # fmt: skip


if __name__ == "__main__":
    main()
