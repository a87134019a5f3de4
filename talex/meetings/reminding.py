"""The reminder of the day before: one mail a person with all their meetings of the next day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import clock, outbox
from talex.core.outbox import Group, Kind, Letter, Recipient
from talex.core.work import work
from talex.editions.models import Edition
from talex.meetings import telling
from talex.meetings.models import Meeting
from talex.meetings.wording import Item, context, zone_of
from talex.participants.addresses import recipients_of
from talex.participants.models import Person

TOMORROW = Kind(
    "meetings.tomorrow",
    _("Meetings of the next day"),
    "meetings/mail/tomorrow",
    group=Group.REMINDERS,
    by_day=True,
    whom=_("Each person who meets somebody the next day"),
)
FROM, UNTIL = time(8), time(20)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(TOMORROW)


def remind() -> int:
    """Remind whoever meets somebody tomorrow (by the venue's clock), while it is day where they
    are; returns how many were told or known. Safe to call often: each is told once a day."""
    now = clock.now()
    soon = Meeting.objects.filter(
        status=Meeting.Status.PLANNED,
        starts_at__gt=now,
        starts_at__lt=now + timedelta(hours=48),
    )
    editions = Edition.objects.filter(pk__in=soon.order_by().values("edition"))
    return sum(_remind(edition, now) for edition in editions)


def _remind(edition: Edition, now: datetime) -> int:
    venue = ZoneInfo(edition.time_zone)
    day = now.astimezone(venue).date() + timedelta(days=1)
    start = datetime.combine(day, time.min, tzinfo=venue)
    ids = Meeting.objects.filter(
        edition=edition,
        status=Meeting.Status.PLANNED,
        starts_at__gte=start,
        starts_at__lt=start + timedelta(days=1),
    ).order_by("starts_at", "id")
    found = telling.load(ids.values_list("pk", flat=True))
    meetings = sorted(found.values(), key=lambda m: (m.starts_at, str(m.id)))
    parties = [(m, p) for m in meetings for p in m.request.parties.all()]
    known = recipients_of((p.person_id for _m, p in parties), edition.pk)
    theirs: dict[Recipient, list[Item]] = {}
    for meeting, party in parties:
        to = known.get(party.person_id)
        # Not now and sent later: what is written tonight may be wrong in the morning.
        if to is not None and _awake(party.person, edition, now):
            theirs.setdefault(to, []).append(Item(meeting, "tomorrow", party.person))
    agenda = settings.TALEX_URL + reverse("meetings:agenda", args=[edition.slug])
    letters = [
        Letter(
            to,
            TOMORROW.name,
            lambda items=items: context(edition, "tomorrow", items, agenda),  # type: ignore[misc]
            edition.pk,
            key=f"meetings.tomorrow/{edition.pk}/{to.user or to.email}/{day}",
            about=telling.about(items),
        )
        for to, items in theirs.items()
    ]
    with work():
        return len(outbox.tell_many(letters))


def _awake(person: Person, edition: Edition, now: datetime) -> bool:
    zone = zone_of(person, edition) or ZoneInfo(edition.time_zone)
    return FROM <= now.astimezone(zone).time() < UNTIL
