"""Quotas: given by the office, shared by a collector with those below it, never overdrawn.

What counts is counted under a lock on the quota's row that is held to the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair.collecting import mails, rules, tree
from talex.fair.collecting.models import Quota, Stage, Submission
from talex.ledger.services import record
from talex.participants.models import Participation

MOST = 100_000


@dataclass(frozen=True, slots=True)
class SetQuota:
    """So many openings, and so many people looked for (None: not limited). `shared_by`: the
    collector above that gives it of its own quota; None: the office gives it."""

    organisation: UUID
    openings: int
    seats: int | None = None
    shared_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class RemoveQuota:
    organisation: UUID


@dataclass(frozen=True, slots=True)
class Room:
    """Of a quota: what it is, what openings take, what was shared with collectors below."""

    openings: int
    seats: int | None
    used: int
    used_seats: int
    shared: int
    shared_seats: int

    @property
    def left(self) -> int:
        return max(0, self.openings - self.used - self.shared)

    @property
    def seats_left(self) -> int | None:
        if self.seats is None:
            return None
        return max(0, self.seats - self.used_seats - self.shared_seats)


def room_of(quota: Quota) -> Room:
    """How much of a quota is taken."""
    taken = Submission.objects.filter(
        edition_id=quota.edition_id, collector_id=quota.organisation_id, holds=True
    ).aggregate(n=Count("pk"), seats=Sum("places"))
    given = Quota.objects.filter(
        edition_id=quota.edition_id, given_by_id=quota.organisation_id
    ).aggregate(n=Sum("openings"), seats=Sum("seats"))
    return Room(
        quota.openings,
        quota.seats,
        taken["n"] or 0,
        taken["seats"] or 0,
        given["n"] or 0,
        given["seats"] or 0,
    )


def lock(edition: UUID, collectors: Sequence[UUID]) -> dict[UUID, Quota]:
    """Hold the rows that count until the commit, in one order."""
    rows = Quota.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.filter(edition_id=edition, organisation_id__in=collectors).order_by("pk")
    return {one.organisation_id: one for one in rows}


def take(edition: UUID, collector: UUID, openings: int, seats: int) -> None:
    """Make sure that so many more fit, under a lock. Raises `Conflict` with what is left."""
    quota = lock(edition, [collector]).get(collector)
    if quota is None:
        raise Conflict(_("The office has taken this quota away. Load the page again."))
    room = room_of(quota)
    if openings > room.left:
        told = ngettext(
            "The quota is %(most)d opening. Left: %(left)d; handed in with this: %(wanted)d. "
            "Return or take back others, or ask the office for more.",
            "The quota is %(most)d openings. Left: %(left)d; handed in with this: %(wanted)d. "
            "Return or take back others, or ask the office for more.",
            room.openings,
        )
        raise Conflict(told % {"most": room.openings, "left": room.left, "wanted": openings})
    if room.seats_left is not None and seats > room.seats_left:
        told = ngettext(
            "The quota is %(most)d place. Left: %(left)d; looked for with this: %(wanted)d. "
            "Return others, or ask the office for more.",
            "The quota is %(most)d places. Left: %(left)d; looked for with this: %(wanted)d. "
            "Return others, or ask the office for more.",
            room.seats or 0,
        )
        raise Conflict(told % {"most": room.seats, "left": room.seats_left, "wanted": seats})


def set_quota(actor: Actor, edition: Edition, command: SetQuota) -> Quota:
    """Give a collector a quota, or another one; not less than is taken of it."""
    collector, giver = command.organisation, command.shared_by
    office = rules.can_approve(actor, edition.pk)
    if not office and (giver is None or not rules.can_share(actor, edition.pk, giver)):
        raise NotAllowed
    _check_numbers(command)
    with work():
        taking_part = Participation.objects.filter(
            edition=edition, organisation_id=collector, withdrawn_at__isnull=True
        )
        if not taking_part.exists():
            raise Invalid({"organisation": _("Choose an organisation of this conference.")})
        rows = lock(edition.pk, [one for one in (collector, giver) if one])
        known = rows.get(collector)
        if known is not None and known.given_by_id != giver:
            if not office:
                raise Conflict(_("This collector has its quota from somebody else."))
            giver = known.given_by_id
            rows |= lock(edition.pk, [giver] if giver else [])
        if giver is not None:
            _check_share(edition, command, rows.get(giver), known)
        if known is not None:
            _check_lower(command, room_of(known))
        kept, _made = Quota.objects.update_or_create(
            edition=edition,
            organisation_id=collector,
            defaults={
                "openings": command.openings,
                "seats": command.seats,
                "given_by_id": giver,
                "changed_at": now(),
            },
        )
        record(
            "fair.quota.set",
            actor=actor,
            edition=edition.pk,
            obj=kept,
            facts={
                "organisation": str(collector),
                "openings": str(command.openings),
                "seats": "" if command.seats is None else str(command.seats),
                "given_by": str(giver or ""),
            },
        )
        mails.quota(kept)
    return kept


def _check_numbers(command: SetQuota) -> None:
    faults = {}
    if not 0 <= command.openings <= MOST:
        faults["openings"] = _("Give a number from 0 to 100,000.")
    if command.seats is not None and not 0 <= command.seats <= MOST:
        faults["seats"] = _("Give a number from 0 to 100,000, or leave it empty.")
    if faults:
        raise Invalid(faults)


def _check_share(
    edition: Edition, command: SetQuota, giver: Quota | None, known: Quota | None
) -> None:
    """A share goes to somebody below, and out of what the giver has left."""
    if giver is None:
        raise NotFound
    line = tree.above(command.organisation)[1:]
    nearest = Quota.objects.filter(edition=edition, organisation_id__in=line)
    have = set(nearest.values_list("organisation_id", flat=True))
    if next((one for one in line if one in have), None) != giver.organisation_id:
        raise Invalid({"organisation": _("Choose an organisation that stands below this one.")})
    room = room_of(giver)
    if command.openings - (known.openings if known else 0) > room.left:
        left = room.left + (known.openings if known else 0)
        told = ngettext(
            "Of the quota %(left)d opening can be shared.",
            "Of the quota %(left)d openings can be shared.",
            left,
        )
        raise Invalid({"openings": told % {"left": left}})
    if room.seats_left is None:
        return
    if command.seats is None:
        raise Invalid({"seats": _("The quota limits places: say how many you share.")})
    before = (known.seats or 0) if known else 0
    if command.seats - before > room.seats_left:
        left = room.seats_left + before
        told = ngettext(
            "Of the quota %(left)d place can be shared.",
            "Of the quota %(left)d places can be shared.",
            left,
        )
        raise Invalid({"seats": told % {"left": left}})


def _check_lower(command: SetQuota, room: Room) -> None:
    if command.openings < (taken := room.used + room.shared):
        told = ngettext(
            "%(n)d opening of it is taken or shared already.",
            "%(n)d openings of it are taken or shared already.",
            taken,
        )
        raise Invalid({"openings": told % {"n": taken}})
    if command.seats is not None and command.seats < (taken := room.used_seats + room.shared_seats):
        told = ngettext(
            "%(n)d place of it is taken or shared already.",
            "%(n)d places of it are taken or shared already.",
            taken,
        )
        raise Invalid({"seats": told % {"n": taken}})


def remove_quota(actor: Actor, edition: Edition, command: RemoveQuota) -> int:
    """An organisation collects no more; what waits with it goes to the next above, or the office.

    What it passed on counts with whoever gave the quota. Returns how many go elsewhere.
    """
    with work():
        first = Quota.objects.filter(edition=edition, organisation_id=command.organisation).first()
        if first is None:
            raise NotFound
        giver = first.given_by_id
        if not rules.can_approve(actor, edition.pk) and (
            giver is None or not rules.can_share(actor, edition.pk, giver)
        ):
            raise NotAllowed
        waiting = list(
            Submission.objects.select_for_update(of=("self",), no_key=True)
            .filter(edition=edition, collector_id=command.organisation)
            .select_related("opening")
            .order_by("pk")
        )
        lock(edition.pk, [one for one in (command.organisation, giver) if one])
        if Quota.objects.filter(edition=edition, given_by_id=command.organisation).exists():
            raise Conflict(_("It shared its quota with others. Take those shares back first."))
        first.delete()
        for one in waiting:
            there = giver
            if one.stage == Stage.HANDED_IN and not one.holds:
                there = tree.collector_of(edition, one.opening.organisation_id)
            one.collector_id = there
            one.stage = (
                Stage.PASSED if one.stage == Stage.HANDED_IN and there is None else one.stage
            )
            one.version += 1
        Submission.objects.bulk_update(waiting, ["collector", "stage", "version"], batch_size=200)
        record(
            "fair.quota.removed",
            actor=actor,
            edition=edition.pk,
            obj=("collecting.quota", first.pk or command.organisation),
            facts={"organisation": str(command.organisation)},
        )
    return len(waiting)


def quotas(edition: UUID) -> dict[UUID, Quota]:
    """All quotas of an edition by collector."""
    rows = Quota.objects.filter(Q(edition_id=edition)).select_related("organisation", "given_by")
    return {one.organisation_id: one for one in rows}
