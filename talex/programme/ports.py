"""What must succeed or fail together with a change of the programme."""

from __future__ import annotations

from collections.abc import Callable

from talex.core.actor import Actor
from talex.programme.models import Hall

HallClosing = Callable[[Actor, Hall], int]
"""Called in the transaction that closes a hall; gives back what was booked, returns how many."""

hall_closing: list[HallClosing] = []
