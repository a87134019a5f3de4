"""Working off the lists of campaigns at their pace: called by the worker every few seconds.

Each step writes a portion of messages into the outbox in one transaction with the marks on the
list: a worker that dies in between has written none of them, and a second one finds them written.
The key of a message is the campaign and the address, so that no address gets it twice.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from talex.core import clock, outbox
from talex.core.actor import SYSTEM
from talex.core.outbox import Letter, Recipient
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.ledger.services import record
from talex.messages import preferences
from talex.messages.campaigns import audiences, lists, placeholders
from talex.messages.campaigns.audiences import Target
from talex.messages.campaigns.mails import CAMPAIGN
from talex.messages.campaigns.models import Addressee, Campaign, Reason, State, Wording
from talex.participants.models import Person

#: Seconds between two steps.
EVERY = 5.0
#: How many may wait in the outbox of one campaign (a server that does not answer), in minutes.
BACKLOG = 2


def step() -> int:
    """Write the next portion of every campaign that goes out; returns how many messages."""
    now = clock.now()
    due = Campaign.objects.filter(
        Q(not_before__isnull=True) | Q(not_before__lte=now), state=State.RUNNING
    )
    return sum(
        _portion(pk) for pk in list(due.order_by("approved_at").values_list("pk", flat=True))
    )


def _portion(pk: UUID) -> int:
    with work():
        campaign = (
            Campaign.objects.select_for_update(of=("self",))
            .select_related("edition", "wording")
            .filter(pk=pk, state=State.RUNNING)
            .first()
        )
        if campaign is None:
            return 0
        rows = list(
            campaign.addressees.filter(state=Addressee.State.WAITING)[: _allowance(campaign)]
        )
        told = _write(campaign, rows) if rows else 0
        if not campaign.addressees.filter(state=Addressee.State.WAITING).exists():
            campaign.state, campaign.ended_at = State.DONE, clock.now()
            campaign.save(update_fields=["state", "ended_at"])
            written = campaign.addressees.filter(state=Addressee.State.WRITTEN).count()
            record(
                "campaigns.done",
                actor=SYSTEM,
                edition=campaign.edition_id,
                obj=campaign,
                facts={"written": written},
            )
    return told


def _allowance(campaign: Campaign) -> int:
    """How many may be written now: of this minute what is left, in even portions."""
    since = clock.now() - timedelta(minutes=1)
    written = campaign.addressees.filter(state=Addressee.State.WRITTEN)
    lately = written.filter(handled_at__gt=since).count()
    waiting = written.filter(message__state__in=lists.UNDER_WAY).count()
    portion = math.ceil(campaign.per_minute * EVERY / 60)
    room = campaign.per_minute * BACKLOG - waiting
    return max(0, min(portion, campaign.per_minute - lately, room))


def _write(campaign: Campaign, rows: Sequence[Addressee]) -> int:
    """Ask again who is still chosen and who wants it, and write to them."""
    wording = campaign.wording
    if wording is None:
        raise LookupError("a campaign runs without its text")
    targets = _targets(campaign, rows)
    refused = preferences.refusing(
        {target.to.email.lower(): target.to.user for target in targets.values()},
        str(CAMPAIGN.group),
        campaign.edition_id,
    )
    chosen: list[tuple[Addressee, Target]] = []
    now = clock.now()
    for row in rows:
        row.handled_at = now
        target = targets.get(row.pk)
        if target is None:
            row.state, row.reason = Addressee.State.LEFT_OUT, Reason.LEFT
        elif target.to.email.lower() in refused:
            row.state, row.reason = Addressee.State.LEFT_OUT, Reason.OPTED_OUT
        else:
            chosen.append((row, target))
    organisations = audiences.organisations_of(
        campaign.edition, [target.holder for _row, target in chosen]
    )
    letters = [
        letter(campaign, wording, target, organisations.get(target.holder, []))
        for _row, target in chosen
    ]
    told = 0
    for (row, _target), message in zip(chosen, outbox.tell_many(letters), strict=True):
        if message is None:
            row.state, row.reason = Addressee.State.LEFT_OUT, Reason.SILENT
        else:
            row.state, row.message_id = Addressee.State.WRITTEN, message
            told += 1
    Addressee.objects.bulk_update(
        rows, ["state", "reason", "handled_at", "message"], batch_size=200
    )
    return told


def _targets(campaign: Campaign, rows: Sequence[Addressee]) -> dict[UUID, Target]:
    """addressee -> how they are reached now, of those who are still chosen."""
    audience = lists.audience_of(campaign)
    holders = {row.pk: row.holder for row in rows if row.holder is not None}
    if audience.holder == "person_id":
        found = Person.objects.filter(pk__in=holders.values(), merged_into__isnull=False)
        merged = {pk: into for pk, into in found.values_list("pk", "merged_into") if into}
        holders = {pk: merged.get(holder, holder) for pk, holder in holders.items()}
    still = audience.holders(campaign.edition, campaign.filters, among=set(holders.values()))
    reached = audience.targets(campaign.edition, still)
    return {pk: reached[holder] for pk, holder in holders.items() if holder in reached}


def letter(
    campaign: Campaign, wording: Wording, target: Target, organisations: list[TranslatedText]
) -> Letter:
    """What one reader gets, in their language, else in one the text is written in."""
    address = hashlib.sha256(target.to.email.lower().encode()).hexdigest()[:32]
    said = placeholders.worded(
        campaign.edition, wording, target.to.language, target.name, organisations
    )
    return Letter(
        Recipient(target.to.email, said.language, target.to.user),
        CAMPAIGN.name,
        {"subject": said.subject, "text": said.text},
        edition=campaign.edition_id,
        key=f"campaign/{campaign.pk}/{address}",
    )
