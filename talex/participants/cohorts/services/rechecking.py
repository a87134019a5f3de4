"""What a university confirmed no longer holds when the name or the degree becomes another one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from talex.core.actor import SYSTEM, Actor
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.checked import (
    Facts,
    another_degree,
    another_person,
    as_shown,
    facts_of,
)
from talex.participants.cohorts import mails
from talex.participants.cohorts.models import Member, MemberState
from talex.participants.cohorts.services.confirming import take_back
from talex.participants.rules import can_correct

WHY = "facts_changed"


def recheck(actor: Actor, before: Mapping[UUID, Facts], correction: bool) -> None:
    """Let the university confirm anew whom it confirmed as somebody else, or with another degree.

    The listener of `participants.checked`; conferences that are over stay as they were.
    """
    with work():
        rows = (
            Member.objects.select_for_update(of=("self",))
            .select_related("talent__person", "cohort__organisation", "cohort__edition")
            .filter(
                talent__in=before, talent__merged_into__isnull=True, state=MemberState.CONFIRMED
            )
            .order_by("pk")
        )
        for member in rows:
            if member.cohort.edition.over or (correction and can_correct(actor, member.talent)):
                continue
            seen, now = as_shown(before[member.talent_id]), facts_of(member.talent)
            if another_degree(seen, now) or another_person(seen, now):
                _reopen(actor, member)


def _reopen(actor: Actor, member: Member) -> None:
    # By the machine: whoever changed the name may not say what is verified.
    take_back(SYSTEM, member, WHY)
    member.state, member.why, member.reason = MemberState.WAITING, "", ""
    member.decided_by = member.decided_at = None
    member.save()
    edition = member.cohort.edition
    record(
        "cohorts.member_reopened",
        actor=actor,
        edition=edition.pk,
        obj=member,
        subject=member.talent.person_id,
        facts={"cohort": member.cohort_id, "talent": member.talent_id},
    )
    page = reverse("cohorts:own", kwargs={"edition": edition.slug})
    mails.reopened(member, settings.TALEX_URL + page)
