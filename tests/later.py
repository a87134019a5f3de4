"""`python -m tests.later DAYS serve ...`: the command line as on a later day, for journeys."""

from __future__ import annotations

import sys
from datetime import timedelta

from talex.core import clock


def main() -> None:
    """Take the days off the arguments and go on as `talex`."""
    clock.run_ahead(timedelta(days=float(sys.argv.pop(1))))
    from talex.cli.main import main as talex

    talex()


if __name__ == "__main__":
    main()
