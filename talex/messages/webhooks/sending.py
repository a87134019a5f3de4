"""Sending what waits for other systems: at least once, always with the same webhook-id.

    queued -> claimed -> sent
       ^---------'--- not arrived, later; after the last pause: failed

A worker claims a delivery with a lease. Where it dies, the delivery goes back and is sent again:
the other side knows a repetition by its id, as Standard Webhooks ask of it. An endpoint that does
not answer is left alone for a while, so that it does not hold up the others.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID, uuid4

import requests
from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from talex.core import clock
from talex.messages.webhooks import transport
from talex.messages.webhooks.models import Delivery, Endpoint, Off, State
from talex.messages.webhooks.switching import switch_off

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
#: Seconds until the next attempt, as Standard Webhooks recommend; after the last one it failed.
PAUSES = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
#: An endpoint that failed so often in a row is left alone at most so long (seconds).
_LONGEST_REST = 1800
_DAY = 86400
#: Deliveries of one endpoint in a round, so that one with many does not hold up the others.
_A_ROUND = 50
_chance = random.SystemRandom()


def deliver(seconds: float = 30.0) -> int:
    """Send what is due, for about so long at most; returns how many arrived."""
    sweep()
    until, sent, now = time.monotonic() + seconds, 0, clock.now()
    due = Q(deliveries__state=State.QUEUED, deliveries__due_at__lte=now)
    rested = Q(resume_at__isnull=True) | Q(resume_at__lte=now)
    endpoints = Endpoint.objects.filter(due, rested, off="").distinct()
    for endpoint in endpoints.order_by(F("resume_at").asc(nulls_first=True), "id"):
        waiting = endpoint.deliveries.filter(state=State.QUEUED, due_at__lte=now)
        for pk in waiting.order_by("due_at", "created_at", "id").values_list("pk", flat=True)[
            :_A_ROUND
        ]:
            if time.monotonic() > until:
                return sent
            arrived = attempt(pk)
            if arrived is False:
                break
            sent += bool(arrived)
    return sent


def sweep() -> int:
    """What attempts that died left behind goes back; returns how many."""
    left = Delivery.objects.filter(state=State.CLAIMED, claimed_until__lt=clock.now())
    return left.update(state=State.QUEUED, claim=None, claimed_until=None)


def prune() -> int:
    """Delete what ended longer ago than the term of the log; returns how many."""
    before = clock.now() - timedelta(days=settings.TALEX_MESSAGES_KEPT_DAYS)
    over = Delivery.objects.filter(state__in=[State.SENT, State.FAILED], ended_at__lt=before)
    return over.delete()[0]


def attempt(pk: UUID) -> bool | None:
    """Send one; whether it arrived, None where there was nothing to do."""
    claim, now = uuid4(), clock.now()
    mine = Delivery.objects.filter(pk=pk, claim=claim)
    if not Delivery.objects.filter(
        pk=pk, state=State.QUEUED, due_at__lte=now, endpoint__off=""
    ).update(state=State.CLAIMED, claim=claim, claimed_until=now + LEASE):
        return None
    delivery = mine.select_related("endpoint").first()
    if delivery is None:  # the endpoint was removed in this moment
        return None
    endpoint = delivery.endpoint
    headers = transport.signed_headers(delivery.message_id, now, delivery.body, endpoint.secrets())
    try:
        answer = transport.post(endpoint.url, delivery.body.encode(), headers)
    except (transport.Unsuitable, requests.RequestException, OSError) as error:
        _not_arrived(delivery, None, str(error) or type(error).__name__)
        return False
    if 200 <= answer.status < 300:
        if mine.update(
            state=State.SENT, claim=None, claimed_until=None, attempts=F("attempts") + 1,
            status=answer.status, error="", ended_at=clock.now(),
        ):  # fmt: skip
            Endpoint.objects.filter(pk=endpoint.pk).exclude(failures=0).update(
                failures=0, failing_since=None, resume_at=None
            )
        return True
    _not_arrived(delivery, answer.status, answer.text, after=_wish(answer.retry_after))
    if answer.status == 410:
        switch_off(endpoint.pk, Off.GONE)
    return False


def _wish(retry_after: str) -> float:
    """How long the other side wants to be left alone (seconds), at most a day."""
    given = retry_after.strip()
    try:
        seconds = (
            float(given)
            if given.isdecimal()
            else (parsedate_to_datetime(given) - clock.now()).total_seconds()
        )
    except (TypeError, ValueError):
        return 0.0
    return min(max(seconds, 0.0), _DAY)


def _not_arrived(delivery: Delivery, status: int | None, said: str, after: float = 0.0) -> None:
    now, done = clock.now(), delivery.attempts
    last = done >= len(PAUSES)
    pause = 0.0 if last else max(PAUSES[done] * _chance.uniform(1.0, 1.2), after)
    if not Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(
        state=State.FAILED if last else State.QUEUED,
        claim=None,
        claimed_until=None,
        attempts=done + 1,
        due_at=now + timedelta(seconds=pause),
        ended_at=now if last else None,
        status=status,
        error=" ".join(said.replace("\0", "").split())[:300],
    ):
        return
    endpoint = delivery.endpoint
    rest = max(min(5 * 2 ** min(endpoint.failures, 12), _LONGEST_REST), after)
    rows = Endpoint.objects.filter(pk=endpoint.pk)
    rows.update(
        failures=F("failures") + 1,
        failing_since=Coalesce("failing_since", now),
        resume_at=now + timedelta(seconds=rest),
    )
    term = timedelta(days=settings.TALEX_WEBHOOKS_FAILING_DAYS)
    if rows.filter(off="", failing_since__lte=now - term).exists():
        switch_off(endpoint.pk, Off.FAILING)
