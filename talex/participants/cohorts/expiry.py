"""What is kept of people who were named or asked, and did not come, goes after a while."""

from __future__ import annotations

from datetime import timedelta

from talex.core import clock
from talex.core.work import work
from talex.participants.cohorts.models import PendingJoin, RollDraft, RollEntry

#: A list that nobody sent.
LIST_LASTS = timedelta(days=7)
#: Graduates who did not come, and joins without a registration, after the cohort's end.
NAMED_LASTS = timedelta(days=90)


def expire() -> int:
    """Delete what is over its time; called by the worker every hour."""
    now = clock.now()
    with work():
        gone = RollDraft.objects.filter(created_at__lt=now - LIST_LASTS).delete()[0]
        ended = now - NAMED_LASTS
        gone += RollEntry.objects.filter(cohort__closes_at__lt=ended, member__isnull=True).delete()[
            0
        ]
        gone += PendingJoin.objects.filter(cohort__closes_at__lt=ended).delete()[0]
    return gone
