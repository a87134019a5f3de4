"""The university says who is its graduate, one by one or many at once, each recorded.

What that is worth: the rung 'verified' asks for a named person's check with evidence. A click on a
name is no evidence. So a confirmation reaches the rung only where

- the university itself was verified by the office (its papers, `credentials`),
- the talent was matched with a line of the list that the university uploaded, with its student
  number: by the single-use link to a confirmed address, or by number together with name or address,
- and the person who confirms is another one than the talent.

Else it is kept and shown as confirmed by the university, and the rung waits for the degree's check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.ids import parse
from talex.core.work import work
from talex.evidence.models import Evidence
from talex.evidence.queries import rungs_of
from talex.evidence.rules import Claim
from talex.evidence.services import WithdrawEvidence, withdraw, witness
from talex.evidence.vocabulary import Rung
from talex.ledger.services import record
from talex.participants.cohorts import mails, rules
from talex.participants.cohorts.models import Cohort, Member, MemberState, NotOurs
from talex.participants.facts import plain
from talex.participants.rules import is_own

SOURCE = "cohort"
BULK_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideMembers:
    """Confirm them, or say that they are not of the university: `why` is read by them in their
    language, `reason` as it is written."""

    members: Sequence[UUID]
    confirm: bool
    reason: str = ""
    why: str = NotOurs.OTHER


def decide(actor: Actor, command: DecideMembers) -> int:
    """Decide on all of them, or on none. Returns how many were changed.

    Who did not agree to be seen is not found. Raises `NotFound`, `NotAllowed`, `Invalid`,
    `Conflict` (one's own).
    """
    wanted = sorted(set(command.members))
    reason = " ".join(plain(command.reason).split())
    faults: dict[str, Message] = {}
    if not wanted or len(wanted) > BULK_MOST:
        faults["members"] = _("Choose 1 to %(limit)s.") % {"limit": BULK_MOST}
    if not command.confirm and command.why not in NotOurs.values:
        faults["why"] = _("Choose why.")
    elif not command.confirm and command.why == NotOurs.OTHER and not reason:
        faults["reason"] = _("Say why, so that they can ask or mend it.")
    if len(reason) > 500:
        faults["reason"] = _("At most %(limit)s characters, please.") % {"limit": 500}
    if faults:
        raise Invalid(faults)
    with work():
        # In one order, so that two colleagues who choose many at once wait and do not block.
        rows = list(
            Member.objects.select_for_update(of=("self",))
            .select_related("talent__person", "cohort__organisation", "cohort__edition", "entry")
            .filter(pk__in=wanted)
            .order_by("pk")
        )
        if len(rows) != len(wanted):
            raise NotFound
        why = "" if command.confirm else command.why
        return sum(_decide_one(actor, row, why, reason) for row in rows)


def _decide_one(actor: Actor, member: Member, why: str, reason: str) -> bool:
    """Without a `why` they are confirmed."""
    cohort, confirm = member.cohort, not why
    if not rules.can_see_cohort(actor, cohort):
        raise NotFound
    if not rules.can_confirm(actor, cohort):
        raise NotAllowed(_("Somebody who acts for the university confirms its graduates."))
    if not Member.objects.filter(rules.agreed(cohort), pk=member.pk).exists():
        raise NotFound
    if is_own(actor, member.talent.person_id):
        raise Conflict(_("Nobody confirms themselves."))
    state = MemberState.CONFIRMED if confirm else MemberState.NOT_OURS
    if member.state == state and (confirm or (member.why, member.reason) == (why, reason)):
        return False
    member.state, member.why, member.reason = state, why, "" if confirm else reason
    member.decided_by, member.decided_at = actor.user, clock.now()
    if not confirm:
        take_back(actor, member, member.reason or why)
    elif proves(member):
        made = witness(
            actor,
            edition=cohort.edition_id,
            rung=Rung.VERIFIED,
            subjects=[member.talent_id],
            source_kind=SOURCE,
            source_id=str(member.pk),
        )
        member.evidence = made[0].pk if made else member.evidence
    member.save()
    record(
        "cohorts.member_confirmed" if confirm else "cohorts.member_refused",
        actor=actor,
        edition=cohort.edition_id,
        obj=member,
        subject=member.talent.person_id,
        facts={
            "cohort": cohort.pk,
            "talent": member.talent_id,
            "verified": member.evidence is not None,
            **({"why": why} if why else {}),
        },
        personal={"reason": reason} if reason else None,
    )
    mails.decided(
        member,
        settings.TALEX_URL + reverse("cohorts:own", kwargs={"edition": cohort.edition.slug}),
    )
    return True


def is_verified(cohort: Cohort) -> bool:
    """Whether the office has verified the university here."""
    found = rungs_of(cohort.edition_id, [cohort.organisation_id], subject_kind="organisation")
    return Rung.VERIFIED in found.get(cohort.organisation_id, [])


def proves(member: Member) -> bool:
    """Whether a confirmation of this member rests on evidence (see above)."""
    line = member.entry
    return (
        member.proven
        and line is not None
        and bool(line.student_number)
        and is_verified(member.cohort)
    )


def take_back(actor: Actor, member: Member, reason: str) -> None:
    """Withdraw what a confirmation reached, if it did. In `work()`; the caller saves the member."""
    if member.evidence is None:
        return
    standing = Evidence.objects.filter(pk=member.evidence, withdrawal__isnull=True)
    # The office may have withdrawn it before.
    if standing.exists():
        withdraw(
            actor,
            WithdrawEvidence(
                evidence=member.evidence,
                reason=reason,
                data_subject=member.talent.person_id,
            ),
        )
    member.evidence = None


def confirmer(actor: Actor, claim: Claim) -> bool:
    """Who besides the office may confirm, and so take back, what a confirmation reached."""
    pk = parse(claim.source_id)
    if claim.source_kind != SOURCE or claim.rung != Rung.VERIFIED or pk is None:
        return False
    member = (
        Member.objects.select_related("talent", "cohort", "entry")
        .filter(pk=pk, talent_id=claim.subject_id)
        .first()
    )
    return (
        member is not None
        and rules.can_confirm(actor, member.cohort)
        and not is_own(actor, member.talent.person_id)
        and (member.evidence is not None or proves(member))
    )
