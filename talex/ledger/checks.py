"""What `talex doctor` asks the ledger: the triggers, and SQLite's way with REPLACE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Min
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.core import clock, registries
from talex.core.registries import Finding, Level
from talex.ledger import triggers
from talex.ledger.models import Aside, Consumer


@dataclass(frozen=True)
class Triggers:
    """The database refuses to change what is append-only."""

    name: str = "ledger.triggers"

    def check(self) -> Iterable[Finding]:
        gone = triggers.missing(connection)
        if gone:
            yield Finding(
                Level.FAULT,
                _("The database does not guard the ledger: %(names)s.")
                % {"names": ", ".join(gone)},
                _("Find out who took the triggers away. They come back with: talex migrate."),
            )
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA recursive_triggers")
                if not cursor.fetchone()[0]:
                    yield Finding(
                        Level.FAULT,
                        _("Rows of the ledger could be replaced (recursive_triggers is off)."),
                        _("Start Talex with the database settings it comes with."),
                    )
                    return
        if not gone:
            yield Finding(Level.FINE, _("The database guards the ledger."))


@dataclass(frozen=True)
class Followers:
    """Nobody who follows the ledger is stuck."""

    name: str = "ledger.followers"

    def check(self) -> Iterable[Finding]:
        stuck = Consumer.objects.filter(
            failures__gte=5, retry_at__gte=clock.now() - timedelta(days=1)
        )
        for consumer in stuck:
            yield Finding(
                Level.WARNING,
                _("%(name)s has failed %(count)s times at block %(block)s.")
                % {
                    "name": consumer.name,
                    "count": consumer.failures,
                    "block": consumer.cursor + 1,
                },
                _("The log of the worker says why."),
            )
        aside = Aside.objects.values_list("name").annotate(Count("pk"), Min("put_at"))
        for name, count, since in aside.order_by("name"):
            yield Finding(
                Level.WARNING,
                ngettext(
                    "%(name)s could not take %(count)s unit of work, since %(since)s; what came "
                    "after it goes on.",
                    "%(name)s could not take %(count)s units of work, since %(since)s; what came "
                    "after them goes on.",
                    count,
                )
                % {
                    "name": name,
                    "count": count,
                    "since": date_format(localtime(since), "SHORT_DATETIME_FORMAT"),
                },
                _(
                    "talex ledger aside lists them, the log of the worker says why. It tries again "
                    "every hour; at once with: talex ledger again."
                ),
            )
        if not stuck and not aside:
            yield Finding(Level.FINE, _("Everybody who follows the ledger keeps up."))


def register() -> None:
    registries.doctor.register(Triggers())
    registries.doctor.register(Followers())
