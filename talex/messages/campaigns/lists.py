"""The list of a campaign: fixed when it is submitted, worked off, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from talex.core import clock
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Message as Text
from talex.messages import log, preferences
from talex.messages.campaigns import audiences
from talex.messages.campaigns.mails import CAMPAIGN
from talex.messages.campaigns.models import Addressee, Campaign, Reason
from talex.messages.models import FINAL, Message
from talex.messages.models import State as Sent
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import Person

UNDER_WAY = (Sent.QUEUED, Sent.CLAIMED, Sent.HANDED)
#: What can still be taken back.
IN_OUTBOX = (Sent.QUEUED, Sent.GATHERED)


def audience_of(campaign: Campaign) -> audiences.Audience:
    """Its group. Raises LookupError for one that this version does not know."""
    return audiences.AUDIENCES[campaign.audience]


def current(campaign: Campaign) -> list[audiences.Target]:
    """Whom it would go to now: each address once, without those who want no such mails."""
    audience = audience_of(campaign)
    holders = audience.holders(campaign.edition, campaign.filters)
    by_address: dict[str, audiences.Target] = {}
    for target in audience.targets(campaign.edition, holders).values():
        by_address.setdefault(target.to.email.lower(), target)
    refused = preferences.refusing(
        {address: target.to.user for address, target in by_address.items()},
        str(CAMPAIGN.group),
        campaign.edition_id,
    )
    return [target for address, target in by_address.items() if address not in refused]


def freeze(campaign: Campaign) -> int:
    """Write down whom it goes to; returns how many."""
    rows = [
        Addressee(
            campaign=campaign,
            holder=target.holder,
            user_id=target.to.user,
            address=target.to.email.lower(),
            language=target.to.language,
        )
        for target in current(campaign)
    ]
    Addressee.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def thaw(campaign: Campaign) -> None:
    """Forget the list of a campaign of which nothing went out."""
    campaign.addressees.all().delete()


def take_back(campaign: Campaign) -> int:
    """Take back what waits in the outbox; whoever it was for waits again. Returns how many."""
    # Locked first: what a worker is about to claim is either taken back or sent, never both.
    held = list(
        Message.objects.select_for_update(of=("self",))
        .filter(
            pk__in=campaign.addressees.filter(message__isnull=False).values("message"),
            state__in=IN_OUTBOX,
        )
        .values_list("pk", flat=True)
    )
    for some in chunks(held):
        Addressee.objects.filter(campaign=campaign, message__in=some).update(
            state=Addressee.State.WAITING, message=None, handled_at=None
        )
        Message.objects.filter(pk__in=some, state__in=IN_OUTBOX).delete()
    return len(held)


def waits(campaign: Campaign) -> bool:
    """Whether mails of it still wait in the outbox, also when all are written."""
    return campaign.addressees.filter(message__state__in=IN_OUTBOX).exists()


def stop_waiting(campaign: Campaign) -> int:
    """Nobody waits any more; returns how many did."""
    return campaign.addressees.filter(state=Addressee.State.WAITING).update(
        state=Addressee.State.LEFT_OUT, reason=Reason.STOPPED, handled_at=clock.now()
    )


def keep_results() -> int:
    """Write down what became of the messages, before the log forgets them; returns how many."""
    ended = Message.objects.filter(pk=OuterRef("message"), state__in=FINAL).values("state")
    rows = Addressee.objects.filter(message__state__in=FINAL).exclude(result=F("message__state"))
    return rows.update(result=Subquery(ended))


def with_outcome(rows: QuerySet[Addressee]) -> QuerySet[Addressee]:
    """With their messages; see `outcome`."""
    return rows.select_related("message", "user")


def outcome(row: Addressee) -> str:
    """How far it is: a state of the message, else of the addressee."""
    if row.message is not None:
        return row.message.state
    return row.result or row.state


def why(row: Addressee) -> Text:
    """Why it did not reach them, in plain words; '' where it did or is still to come."""
    if row.reason:
        return Reason(row.reason).label
    if row.message is not None:
        return log.why(row.message)
    return log.why_of(row.result)


def counts(campaign: Campaign) -> dict[str, int]:
    """outcome -> how many of the list."""
    found: dict[str, int] = {}
    rows = campaign.addressees.order_by().values_list("state", "message__state", "result")
    for state, sent, result, count in rows.annotate(Count("pk")):
        key = sent or result or state
        found[key] = found.get(key, 0) + count
    return found


def languages(campaign: Campaign) -> dict[str, int]:
    """language -> how many of the list."""
    rows = campaign.addressees.order_by().values_list("language").annotate(Count("pk"))
    return dict(rows)


def of_outcome(rows: QuerySet[Addressee], wanted: str) -> QuerySet[Addressee]:
    """Those of one outcome."""
    if wanted in Addressee.State.values and wanted != Addressee.State.WRITTEN:
        return rows.filter(state=wanted)
    kept = Q(message__isnull=True, result=wanted)
    if wanted == Addressee.State.WRITTEN:
        kept = Q(message__isnull=True, result="")
    else:
        kept |= Q(message__state=wanted)
    return rows.filter(kept, state=Addressee.State.WRITTEN)


def noted(actor: Actor, campaign: Campaign, rows: Iterable[Addressee], way: Way = Way.API) -> None:
    """Note whose addresses were read."""
    if isinstance(rows, QuerySet):  # a file may hold all: their ids alone are read
        holders = set(rows.values_list("holder", flat=True))
    else:
        holders = {row.holder for row in rows}
    persons: set[UUID] = set()
    for some in chunks(one for one in holders if one is not None):
        found = Person.objects.filter(Q(pk__in=some) | Q(user__in=some))
        persons |= set(found.values_list("pk", flat=True))
    note(actor, campaign.edition_id, persons, way)
