"""Timetables of meetings, measured. Which bench runs is said by what is given:

    python -m bench.meetings FILE…           a day that is decided and proved (bench/forum)
    python -m bench.meetings --scale …       up to 100,000 requests (bench/meetings_scale.py)
    python -m bench.meetings --city …        a city's conference (bench/city)

Each tells its own options with `--help` behind what selects it.
"""

from __future__ import annotations

import sys
from importlib import import_module

#: What the first argument selects, and the module with ``main(argv) -> int | None``.
BENCHES = {"--scale": "bench.meetings_scale", "--city": "bench.city.main"}


def main(argv: list[str]) -> int:
    """Hand over to the bench that is asked for."""
    if not argv or argv in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    chosen = next((argument for argument in argv if argument in BENCHES), None)
    if chosen is None:
        from bench.forum.main import main as forum

        return forum(argv)
    rest = list(argv)
    rest.remove(chosen)
    return import_module(BENCHES[chosen]).main(rest) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
