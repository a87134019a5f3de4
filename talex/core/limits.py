"""How often something may be done: by an account, by a network address, towards one person.

Counts are kept in the shared cache where Redis is configured, else in the database, so that several
processes count together. A key is a keyed hash: no address is kept. Windows are fixed; a count
is written outside of the transaction of what is counted, so a refusal counts as well.
"""

from __future__ import annotations

import hmac
import logging
import time
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection, transaction

from talex.core.errors import TooMany
from talex.core.models import RateCount

log = logging.getLogger(__name__)
#: Seconds to wait where the database was busy all the while.
_BUSY = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` in `seconds`, by one of: account, address, target (who it is done to)."""

    name: str
    by: str
    amount: int
    seconds: int

    @property
    def key(self) -> str:
        """As TALEX_RATES names it."""
        return f"{self.name}.{self.by}"


_rates: dict[str, Rate] = {}


def register(name: str, **by: tuple[int, int]) -> None:
    """Declare `name` with (amount, seconds) by account, address or target; a room calls it once."""
    for kind, (amount, seconds) in by.items():
        rate = Rate(name, kind, amount, seconds)
        _rates[rate.key] = rate


def rates_of(name: str) -> list[Rate]:
    """What holds for `name`, with what the operator said in TALEX_RATES."""
    found = [rate for rate in _rates.values() if rate.name == name]
    told: dict[str, tuple[int, int]] = settings.TALEX_RATES
    return [
        Rate(rate.name, rate.by, *told[rate.key]) if rate.key in told else rate for rate in found
    ]


def known() -> list[str]:
    """The keys of all limits (`talex doctor`)."""
    return sorted(_rates)


def _now() -> float:
    return time.time()


def count(rate: Rate, who: str) -> float:
    """Count one; returns the seconds to wait, 0 where it is within the limit."""
    now = _now()
    window = int(now // rate.seconds)
    secret = settings.SECRET_KEY.encode()
    told = hmac.new(secret, f"{rate.key}|{who}".encode(), sha256).hexdigest()
    seen = (_in_cache if settings.TALEX_REDIS_URL else _in_database)(told, window, rate)
    return (window + 1) * rate.seconds - now if seen > rate.amount else 0.0


def _in_cache(told: str, window: int, rate: Rate) -> int:
    key = f"rate:{told}:{window}"
    cache.add(key, 0, timeout=rate.seconds + 5)
    try:
        return int(cache.incr(key))
    except ValueError:  # ran out between the two
        return 1


#: One statement, so that processes count together. Beyond the limit nothing is written any more:
#: the row is left as it is and none comes back.
_COUNT = (
    'INSERT INTO core_ratecount AS kept (id, key, "window", count, ends) '
    "VALUES (%s, %s, %s, 1, %s) "
    'ON CONFLICT (key, "window") DO UPDATE SET count = kept.count + 1 WHERE kept.count <= %s '
    "RETURNING count"
)


def _in_database(told: str, window: int, rate: Rate) -> int:
    """The count so far. Of SQLite under load it is tried twice: what cannot be counted may not be
    done, but is no failure of ours either. Raises TooMany."""
    try:
        return _counted(told, window, rate)
    except OperationalError as error:
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            raise
        log.warning("the limit %s waits: %s", rate.key, error)
    try:
        return _counted(told, window, rate)
    except OperationalError as error:
        raise TooMany(seconds=_BUSY) from error


def _counted(told: str, window: int, rate: Rate) -> int:
    made = RateCount(key=told, window=window, ends=int((window + 1) * rate.seconds))
    column = RateCount._meta.pk.get_db_prep_value(made.pk, connection)
    # On SQLite a transaction of its own begins as a writer's (BEGIN IMMEDIATE) and waits for its
    # turn; a statement alone fails at once where the connection still reads. Elsewhere a statement
    # is one by itself.
    one = transaction.atomic() if connection.vendor == "sqlite" else nullcontext()
    with one, connection.cursor() as cursor:
        cursor.execute(_COUNT, [column, told, window, made.ends, rate.amount])
        row = cursor.fetchone()
    return int(row[0]) if row else rate.amount + 1


def check(name: str, *, account: object = None, address: str = "", target: str = "") -> None:
    """Count one `name` for each who is given. Raises TooMany with the seconds to wait."""
    if not settings.TALEX_RATES_ON:
        return
    given = {"account": str(account or ""), "address": address, "target": target}
    waits = [count(rate, given[rate.by]) for rate in rates_of(name) if given.get(rate.by)]
    longest = max(waits, default=0.0)
    if longest > 0:
        raise TooMany(seconds=max(1, int(longest + 0.999)))


def sweep() -> int:
    """Forget windows that are over; called by the worker now and then."""
    return RateCount.objects.filter(ends__lt=int(_now())).delete()[0]
