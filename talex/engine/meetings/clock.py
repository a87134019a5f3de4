"""The budget, spent."""

from __future__ import annotations

import time
from threading import Event

from talex.engine.meetings.solution import Budget, Stop

#: What is kept back for the last look at every request, the reasons and the figures.
_LAST_SHARE, _LAST_EACH = 0.02, 2e-5


class Clock:
    """How much of a budget is left, and why the search ended.

    Args:
        budget: what may be spent.
        requests: of the problem; more of them need more time at the end.
    """

    def __init__(self, budget: Budget, requests: int) -> None:
        self.budget = budget
        self.started = time.monotonic()
        self.iterations = 0
        self.stop: Stop | None = None
        last = _LAST_SHARE * budget.seconds + _LAST_EACH * requests
        self._search = max(budget.seconds - last, budget.seconds / 2)
        self._told = 0.0
        #: Set once nobody wants more: for what runs beside the caller's thread.
        self.halted = Event()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def at(self, share: float) -> float:
        """``time.monotonic()`` at which a share of the time to search is over."""
        return self.started + self._search * share

    def cancelled(self) -> bool:
        if self.stop is None and self.budget.cancelled is not None and self.budget.cancelled():
            self.stop = Stop.CANCELLED
            self.halted.set()
        return self.stop == Stop.CANCELLED

    def late(self, share: float) -> bool:
        """Whether a share of the time is over, or all of it by the caller's wish."""
        return self.cancelled() or time.monotonic() >= self.at(share)

    def over(self, share: float = 1.0) -> bool:
        """Whether to stop searching now, a share of the time being allowed for it."""
        if self.cancelled():
            return True
        if time.monotonic() >= self.at(share):
            self.stop = self.stop or Stop.TIME
        elif self.budget.iterations is not None and self.iterations >= self.budget.iterations:
            self.stop = self.stop or Stop.ITERATIONS
        return self.stop is not None

    def tell(self, share: float) -> None:
        """Report progress; it never falls back."""
        self._told = max(self._told, min(1.0, share))
        if self.budget.progress is not None:
            self.budget.progress(self._told)
