"""Rooms that do something of their own in the transaction of an event, before its block is written.

For what must stand or fall with the change and is the same whoever made it: telling the people it
concerns. It is called once a unit of work, with all that happened in it, so that one act is told
once however many changes it makes. What was taken back meanwhile (a savepoint) is not among it.
What so many do at once that it would make them wait is told by the worker instead (`after`).
"""

from __future__ import annotations

from collections.abc import Callable

from talex.core.work import Work
from talex.ledger.services import Pending

Within = Callable[[list[Pending]], None]
_registered: dict[str, tuple[frozenset[str], Within]] = {}


def register_within(name: str, events: frozenset[str], call: Within) -> None:
    """`call(entries)` gets the entries of these events, in order. What it raises ends the work."""
    _registered[name] = (events, call)


def run(unit: Work) -> None:
    """Right before the ledger writes its block (ledger/apps.py)."""
    happened = list(unit.entries)
    if not happened:
        return
    names = {entry.event for entry in happened}
    for events, call in list(_registered.values()):
        if names & events:
            call([entry for entry in happened if entry.event in events])
