"""The unit of work: one outermost transaction, whose last statement is the ledger's.

A service opens it with `with work():`. Inner services join the outer one as savepoints: where an
inner one fails and the outer one catches it, what the inner one buffered is dropped as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction


@dataclass
class Work:
    """What is buffered until the commit: entries of the ledger, in order."""

    entries: list[Any] = field(default_factory=list)


_current: ContextVar[Work | None] = ContextVar("talex_work", default=None)
_before_commit: list[Callable[[Work], None]] = []


def before_commit(hook: Callable[[Work], None]) -> None:
    """Register what runs last inside the outermost transaction (the ledger's block)."""
    if hook not in _before_commit:
        _before_commit.append(hook)


def current() -> Work:
    """The unit of work that is open; a write outside of one is a fault of the programme."""
    found = _current.get()
    if found is None:
        raise RuntimeError("a state is changed outside of `with work():`")
    return found


@contextmanager
def work() -> Iterator[Work]:
    outer = _current.get()
    if outer is not None:
        mark = len(outer.entries)
        try:
            with transaction.atomic():
                yield outer
        except BaseException:
            del outer.entries[mark:]
            raise
        return
    mine = Work()
    token = _current.set(mine)
    try:
        with transaction.atomic():
            yield mine
            for hook in _before_commit:
                hook(mine)
    finally:
        _current.reset(token)
