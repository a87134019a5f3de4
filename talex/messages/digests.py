"""The daily mail: what waited for it, put together once a day, by the reader's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import clock, hours, outbox
from talex.core.outbox import CalendarPart, Kind, Recipient
from talex.core.work import work
from talex.ledger import after
from talex.messages import preferences, unsubscribing
from talex.messages.models import Message, State
from talex.messages.unsubscribing import Subscription
from talex.participants.models import Person

DIGEST = Kind(
    "messages.digest",
    _("Daily mail"),
    "messages/mail/digest",
    whom=_("Who chose to have some kinds once a day"),
)
#: Of one mail; what is more comes with the next.
MOST = 100


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(DIGEST)


def send_due(limit: int = 200) -> int:
    """Write the daily mails whose readers have day now; returns how many.

    A reader gets one a day of theirs (the key holds it), whatever kills this in between: the mail
    and the end of what waited are one transaction.
    """
    after.catch_up()
    waiting = Message.objects.filter(state=State.GATHERED, user__isnull=False)
    users = User.objects.filter(
        pk__in=waiting.order_by().values("user"), is_active=True
    ).values_list("pk", "time_zone")
    written, now = 0, clock.now()
    for user, time_zone in list(users):
        if written >= limit:
            break
        written += _digest(user, time_zone, now)
    return written


def _digest(user: UUID, time_zone: str, now: datetime) -> bool:
    with work():
        owner = User.objects.select_for_update(no_key=True).get(pk=user)
        rows = list(
            Message.objects.filter(user=user, state=State.GATHERED)
            # What a campaign takes back in this moment is in no daily mail.
            .select_for_update(of=("self",))
            .select_related("edition")
            .prefetch_related("about")
            .order_by("created_at", "id")[:MOST]
        )
        rows = _wanted(rows, now)
        if not rows:
            return False
        # Of the conference that wrote last, where the reader named no zone.
        editions = [row.edition.time_zone for row in rows if row.edition is not None]
        zone = hours.zone_of(time_zone, editions[-1] if editions else "")
        key = f"messages.digest/{user}/{now.astimezone(zone).date()}"
        if not hours.is_day(now, zone) or Message.objects.filter(key=key).exists():
            return False
        book = _calendar(owner, rows)
        outbox.tell(
            Recipient(owner.email, owner.language, user),
            DIGEST.name,
            lambda: _told(owner, rows),
            key=key,
            headers=outbox.unsubscribe_headers(_stop(owner, _groups(rows))),
            calendar=(lambda: book) if book is not None else None,
            about=frozenset(one.person for row in rows for one in row.about.all()),
        )
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.DIGESTED, ended_at=now
        )
    return True


def _told(owner: User, rows: Sequence[Message]) -> dict[str, Any]:
    """What the mail says, in the language of now: each message with its conference, and for each
    group in it a link that ends it."""
    return {
        "messages": [
            {
                "subject": row.subject,
                "edition": str(row.edition.name) if row.edition else "",
                "text": _without_footer(row.text),
            }
            for row in rows
        ],
        "count": len(rows),
        "stops": [
            {"group": str(preferences.TITLES[group]), "url": _stop(owner, [group])}
            for group in _groups(rows)
        ],
        "own": settings.TALEX_URL + reverse("messages:preferences"),
    }


def _groups(rows: Sequence[Message]) -> list[str]:
    """What stands in the mail, in the order of the page where it is chosen."""
    kinds = outbox.kinds()
    found = {str(kinds[row.kind].group) for row in rows if row.kind in kinds}
    return [group for group in map(str, preferences.TITLES) if group in found]


def _stop(owner: User, groups: Sequence[str]) -> str:
    """The link that ends these groups. They are the account's choice, so of no one conference."""
    return unsubscribing.link(Subscription(owner.email, ",".join(groups), daily=True))


def _wanted(rows: list[Message], now: datetime) -> list[Message]:
    """Those their reader still wants and may read; the others end here."""
    unwanted = [row.pk for row in rows if preferences.is_unwanted(row) or not _may_read(row)]
    Message.objects.filter(pk__in=unwanted).update(state=State.UNWANTED, ended_at=now)
    return [row for row in rows if row.pk not in unwanted]


def _may_read(row: Message) -> bool:
    """Whether its reader may still read of whom it tells, as it was worded then: with their name
    where they showed it. Of meetings both sides are told whatever became of it."""
    kind = outbox.kinds().get(row.kind)
    told = frozenset(one.person for one in row.about.all())
    if not told or row.user_id is None or row.edition_id is None:
        return True
    if kind is not None and kind.group == outbox.Group.MEETINGS:
        return True
    seen = outbox.seen(row.user_id, row.edition_id, told)
    if any(how == outbox.Seen.NOTHING for how in seen.values()):
        return False
    unnamed = [person for person, how in seen.items() if how == outbox.Seen.UNNAMED]
    named = Person.objects.filter(pk__in=unnamed).values_list("name", "names__text")
    text = f"{row.subject}\n{row.text}"
    return not any(name and name in text for names in named for name in names)


def _without_footer(text: str) -> str:
    return text.rpartition("\n-- \n")[0] or text


def _calendar(owner: User, rows: Sequence[Message]) -> CalendarPart | None:
    """The entries of all that waited, each as it was told last; without those of which something
    newer was told at once."""
    newest: dict[str, icalendar.Component] = {}
    zones: dict[str, Any] = {}
    for row in rows:
        if not row.calendar:
            continue
        book = icalendar.Calendar.from_ical(row.calendar)
        zones |= {str(zone["TZID"]): zone for zone in book.walk("VTIMEZONE")}
        newest |= {str(event["UID"]): event for event in book.walk("VEVENT")}
    if not newest:
        return None
    first = min(row.created_at for row in rows)
    since = Message.objects.filter(user=owner, created_at__gte=first).exclude(
        state__in=[State.GATHERED, State.DIGESTED]
    )
    for text in since.exclude(calendar="").values_list("calendar", flat=True):
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
            known = newest.get(str(event["UID"]))
            if known is not None and event.sequence >= known.sequence:  # type: ignore[attr-defined]
                del newest[str(event["UID"])]
    if not newest:
        return None
    joined = icalendar.Calendar()
    joined.add("prodid", "-//Talex//Talex//EN")
    joined.add("version", "2.0")
    joined.add("calscale", "GREGORIAN")
    joined.add("method", "PUBLISH")
    for zone in zones.values():
        joined.add_component(zone)
    for event in newest.values():
        event.pop("ATTENDEE", None)  # RFC 5546: nobody is invited by PUBLISH
        joined.add_component(event)
    return CalendarPart(joined.to_ical(), "PUBLISH")
