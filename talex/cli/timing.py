"""Steps of a long command, told as they pass."""

from __future__ import annotations

import time

from talex.cli.output import voice


class Steps:
    """Says each step once with the seconds it took, on standard error."""

    def __init__(self) -> None:
        self._step = ""
        self._since = time.monotonic()
        self.seconds: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self.end()
            self._step, self._since = step, time.monotonic()
            voice().note(f"{step} …")

    def end(self) -> None:
        """Close the step that is open."""
        if self._step:
            took = time.monotonic() - self._since
            self.seconds[self._step] = round(self.seconds.get(self._step, 0) + took, 2)
            voice().note(f"{self._step}: {took:.1f} s")
        self._step = ""
