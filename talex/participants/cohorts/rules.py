"""Who opens a cohort, who sees its people, and who says that they are graduates."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.editions.roles import Role
from talex.editions.rules import can_audit, is_office
from talex.participants.choices import OrganisationKind
from talex.participants.cohorts.models import Cohort
from talex.participants.models import Organisation, Participation
from talex.participants.rules import WRITERS

KINDS = (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)


def universities(actor: Actor, edition: Edition) -> list[Organisation]:
    """The universities and institutes for which the actor may open a cohort here."""
    taking_part = Participation.objects.filter(
        organisation=OuterRef("pk"),
        edition=edition,
        withdrawn_at__isnull=True,
        pending_since__isnull=True,
    )
    rows = Organisation.objects.filter(Exists(taking_part), kind__in=KINDS)
    if not is_office(actor, edition.pk):
        rows = rows.filter(pk__in=_acted_for(actor, edition.pk))
    return list(rows.order_by("name_line", "pk"))


def why_none(actor: Actor, edition: Edition) -> Message:
    """Why somebody has no university to open a cohort for."""
    waiting = _acted_for(actor, edition.pk, pending=True)
    if Organisation.objects.filter(pk__in=waiting, kind__in=KINDS).exists():
        return _("Your university can open cohorts once the office has let it in.")
    return _("Only those who act for a university or institute open a cohort.")


def _acted_for(actor: Actor, edition: UUID, *, pending: bool = False) -> set[UUID]:
    """The organisations the actor writes for here: those let in, or those that wait for it."""
    return {
        grant.organisation
        for grant in actor.grants
        if grant.organisation
        and grant.edition == edition
        and grant.pending == pending
        and grant.function in WRITERS
    }


def is_university(actor: Actor, cohort: Cohort) -> bool:
    """A delegate of the university here, let in, who is no assistant."""
    return cohort.organisation_id in _acted_for(actor, cohort.edition_id)


def can_see_cohort(actor: Actor, cohort: Cohort) -> bool:
    """The university itself, the office, auditors; never another university."""
    return can_audit(actor, cohort.edition_id) or is_university(actor, cohort)


def visible_cohorts(actor: Actor) -> Q:
    """The cohorts for which `can_see_cohort` is true."""
    if actor.all_powerful:
        return Q()
    seen = Q(edition_id__in=actor.editions(Role.ORGANISER, Role.AUDITOR))
    for edition in {grant.edition for grant in actor.grants if grant.organisation}:
        seen |= Q(edition_id=edition, organisation_id__in=_acted_for(actor, edition))
    return seen


def can_run(actor: Actor, cohort: Cohort) -> bool:
    """Edit it, renew its code, send the list: the university, the office."""
    return is_office(actor, cohort.edition_id) or is_university(actor, cohort)


def can_confirm(actor: Actor, cohort: Cohort) -> bool:
    """Say who is a graduate: a named person of the university, nobody in its place."""
    return actor.user is not None and is_university(actor, cohort)


def agreed(cohort: Cohort) -> Exists:
    """A condition on members: they let this university see their registration and results.

    Asked anew each time, so that a withdrawal holds with the next page.
    """
    return Exists(consents_to(cohort).filter(person=OuterRef("talent__person_id")))


def consents_to(cohort: Cohort) -> QuerySet[Consent]:
    """The consents by which the cohort's university sees somebody now."""
    return Consent.objects.current().filter(
        edition_id=cohort.edition_id,
        purpose=ConsentPurpose.UNIVERSITY,
        recipient=str(cohort.organisation_id),
    )
