"""What the worker does between jobs, every so many seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tick:
    name: str
    seconds: float
    call: Callable[[], object]
    due: float = 0.0


_ticks: dict[str, Tick] = {}


def register_tick(name: str, seconds: float, call: Callable[[], object]) -> None:
    """The worker calls `call()` about every `seconds`; several workers may, at the same time.

    What it raises is logged and does not stop the worker.
    """
    _ticks[name] = Tick(name, seconds, call)


def run_ticks(*, all_of_them: bool = False) -> None:
    """Call every tick that is due."""
    for tick in list(_ticks.values()):
        if not all_of_them and time.monotonic() < tick.due:
            continue
        try:
            tick.call()
        except Exception:  # one room's fault must not stop the others
            log.exception("the tick %s failed", tick.name)
        tick.due = time.monotonic() + tick.seconds
