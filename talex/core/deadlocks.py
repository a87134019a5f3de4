"""Two that wait for each other: PostgreSQL ends one of them, which may simply come again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection

from talex.core.errors import Conflict

logger = logging.getLogger("talex.refused")
P = ParamSpec("P")
T = TypeVar("T")
#: deadlock_detected, serialization_failure (PostgreSQL's error codes, class 40).
_CODES = frozenset({"40P01", "40001"})
_TIMES = 3


def is_deadlock(error: BaseException) -> bool:
    """Whether the database ended the transaction for the sake of another one."""
    return getattr(error.__cause__, "sqlstate", None) in _CODES


def at_once(error: IntegrityError | OperationalError, where: str) -> Conflict | None:
    """What two who did the same at once are told at `where`; None where it is another fault."""
    if isinstance(error, IntegrityError):
        # The rules that look before had nothing to see yet.
        logger.error("At once with another: %s", where, exc_info=error)
        return Conflict()
    return Conflict() if is_deadlock(error) else None


def again_after_deadlock(call: Callable[P, T]) -> Callable[P, T]:
    """A service that is one transaction is carried out again where it was ended for another's sake.

    Within somebody else's transaction it cannot be: what was done before is gone with it.
    """

    @wraps(call)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _time in range(_TIMES - 1):
            if connection.in_atomic_block:
                break
            try:
                return call(*args, **kwargs)
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
        return call(*args, **kwargs)

    return tried
