"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from talex.core.errors import Message

if TYPE_CHECKING:
    from talex.core.jobs.context import JobContext

Handler = Callable[..., "dict[str, Any] | None"]
"""`run(ctx, **params)`; what it returns is kept as the job's result (JSON)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its function and what people call it."""

    name: str
    run: Handler
    title: Message


_kinds: dict[str, Kind] = {}


def handler(kind: str, *, title: Message = "") -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind (`room.what`).

    It is called as `run(ctx, **params)` and may be called twice for one job (after a kill), also
    while a first, stalled call still ends: it must do no harm then. Put it in a module that
    `AppConfig.ready()` imports (`tasks.py`).
    """

    def register(run: Handler) -> Handler:
        _kinds[kind] = Kind(kind, run, title or kind)
        return run

    return register


def kind_of(name: str) -> Kind | None:
    return _kinds.get(name)


def title_of(name: str) -> Message:
    """What people call this kind of job."""
    found = _kinds.get(name)
    return found.title if found else name


__all__ = ["Handler", "JobContext", "Kind", "handler", "kind_of", "title_of"]
