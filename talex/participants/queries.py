"""What pages, API and command line read of this room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.core.ids import parse
from talex.editions.models import Consent
from talex.editions.rules import can_audit
from talex.evidence.models import unwithdrawn
from talex.evidence.vocabulary import Rung
from talex.participants import named, rules
from talex.participants.barred import barred_parts
from talex.participants.choices import Paper
from talex.participants.facts import PERSON_FIELDS, TALENT_FIELDS
from talex.participants.models import Delegate, Organisation, Participation, Person, Talent


def standing_evidence(rung: str) -> Exists:
    """Whether a rung of the talent of the outer query stands now."""
    return Exists(
        unwithdrawn().filter(
            subject_kind="talent",
            subject_id=OuterRef("pk"),
            rung=rung,
        )
    )


def degree_looked_at(talent: Talent) -> bool:
    """Whether the office looked at a paper of the degree by itself, without a case."""
    return (
        unwithdrawn()
        .filter(
            edition_id=talent.edition_id,
            subject_kind="talent",
            subject_id=talent.pk,
            rung=Rung.VERIFIED,
            source_kind="check",
            source_id=Paper.DEGREE,
        )
        .exists()
    )


#: Read before another name or degree is saved.
CHECKED_AGAIN = _(
    "This record is verified. Another name or degree has to be checked again, and until then it "
    "does not count as verified; another spelling of a name makes no difference."
)


def is_verified(talent: Talent) -> bool:
    """Whether that rung stands."""
    return Talent.objects.filter(standing_evidence(Rung.VERIFIED), pk=talent.pk).exists()


def talents(actor: Actor, edition: UUID, *, erased: bool = False) -> QuerySet[Talent]:
    """The talents of an edition that the actor may see, each person once.

    Erased ones only where asked for (drill-down of figures). `is_verified` says whether that rung
    stands.
    """
    rows = Talent.objects.filter(rules.visible_talents(actor), edition_id=edition)
    rows = rows.filter(merged_into__isnull=True)
    if not erased:
        rows = rows.filter(erased_at__isnull=True)
    return rows.select_related("person").annotate(is_verified=standing_evidence(Rung.VERIFIED))


def narrowed(rows: QuerySet[Talent], *, verified: bool) -> QuerySet[Talent]:
    """The talents whose rung 'verified' stands, or does not."""
    stands = standing_evidence(Rung.VERIFIED)
    return rows.filter(stands if verified else ~stands)


def not_verified(actor: Actor, edition: UUID) -> QuerySet[Talent]:
    """The talents that take part and whom nobody has verified yet."""
    rows = talents(actor, edition).filter(withdrawn_at__isnull=True)
    return narrowed(rows, verified=False)


def talent(actor: Actor, talent_id: UUID, edition: UUID | None = None) -> Talent:
    """One talent; of a merged record the one it was merged into. `NotFound` where not visible."""
    rows = Talent.objects.select_related("person", "merged_into", "edition")
    if edition is not None:
        rows = rows.filter(edition_id=edition)
    found = rows.filter(pk=talent_id).first()
    while found is not None and found.merged_into_id is not None:
        found = rows.filter(pk=found.merged_into_id).first()
    if found is None or not rules.can_see_talent(actor, found):
        raise NotFound
    return found


def own_talent(actor: Actor, edition: UUID) -> Talent | None:
    """The actor's own standing registration in an edition."""
    return (
        Talent.objects.select_related("person")
        .filter(
            person_id__in=actor.persons(),
            edition_id=edition,
            merged_into__isnull=True,
            erased_at__isnull=True,
        )
        .first()
    )


def own_record(actor: Actor, edition: UUID) -> Talent | Delegate | None:
    """The actor's own record here: the talent, else the first as a delegate."""
    return own_talent(actor, edition) or (
        Delegate.objects.select_related("person")
        .filter(
            person_id__in=actor.persons(),
            edition_id=edition,
            merged_into__isnull=True,
            withdrawn_at__isnull=True,
            person__erased_at__isnull=True,
        )
        .order_by("pk")
        .first()
    )


def shown_many(actor: Actor, rows: Sequence[Talent]) -> list[dict[str, Any]]:
    """`shown` of many talents with one look at their consents; names should be prefetched."""
    if not rows:
        return []
    given = rules.opened_to_others_by(rows)
    return [shown(actor, row, given[row.pk]) for row in rows]


def shown(actor: Actor, talent: Talent, given: rules.Given | None = None) -> dict[str, Any]:
    """The fields of a talent that the actor sees, as plain values; erased ones say so.

    Who sees the profile and not the contact reads free texts without contact details.
    """
    fields = rules.talent_fields(actor, talent, given)
    if not fields:
        raise NotFound
    found: dict[str, Any] = {
        "id": talent.pk,
        "person": talent.person_id,
        "version": talent.version,
        "erased": talent.erased_at is not None,
        "withdrawn": talent.withdrawn_at is not None,
    }
    person = talent.person
    for name in (*PERSON_FIELDS, *TALENT_FIELDS, "unread", "source", "created_at"):
        if name not in fields:
            continue
        if name == "names":
            names = sorted(person.names.all(), key=lambda n: (not n.is_primary, n.text))
            found[name] = [{"text": n.text, "script": n.script} for n in names]
        else:
            found[name] = getattr(person if name in PERSON_FIELDS else talent, name)
    return found if fields >= rules.CONTACT_FIELDS else rules.without_contact(found)


def consents(talent: Talent) -> QuerySet[Consent]:
    """All consents of a talent in the edition, withdrawn ones included, the latest first."""
    return Consent.objects.filter(edition_id=talent.edition_id, person=talent.person_id).order_by(
        "-given_at", "purpose"
    )


def recipients(talent: Talent) -> dict[str, str]:
    """Recipient as consents name it -> what the organisation is called, or those of a list."""
    told = {one.recipient for one in consents(talent) if one.recipient}
    known = Organisation.objects.filter(pk__in=[pk for one in told if (pk := parse(one))])
    names = {str(one.pk): str(one.name) for one in known}
    for recipient in filter(named.is_list, told):
        listed = named.named(talent.edition_id, recipient)
        names[recipient] = "; ".join(str(one.organisation.name) for one in listed)
    return names


def organisations(actor: Actor, edition: UUID) -> QuerySet[Organisation]:
    """The organisations that take part in an edition, as far as the actor may see them."""
    here = Participation.objects.filter(edition_id=edition, organisation=OuterRef("pk"))
    if not can_audit(actor, edition):
        own = Q(organisation__in=actor.organisations(edition, pending=True))
        there = Q(pending_since__isnull=True) & ~barred_parts()
        here = here.filter(there | own, withdrawn_at__isnull=True)
    return Organisation.objects.filter(rules.visible_organisations(actor), Exists(here))


def organisation(actor: Actor, organisation_id: UUID, edition: UUID) -> Organisation:
    """One organisation that takes part in an edition. `NotFound` where not visible."""
    found = organisations(actor, edition).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def delegates(actor: Actor, edition: UUID) -> QuerySet[Delegate]:
    """The delegates of an edition that the actor may see."""
    return Delegate.objects.filter(
        rules.visible_delegates(actor),
        edition_id=edition,
        merged_into__isnull=True,
        person__erased_at__isnull=True,
    ).select_related("person", "organisation")


def delegate(actor: Actor, delegate_id: UUID, edition: UUID) -> Delegate:
    """One delegate. `NotFound` where not visible."""
    found = delegates(actor, edition).filter(pk=delegate_id).first()
    if found is None:
        raise NotFound
    return found


def people(persons: Iterable[UUID]) -> dict[UUID, Person]:
    """Persons with their names, talents and delegacies, for pages that compare them."""
    rows = Person.objects.filter(pk__in=list(persons)).prefetch_related(
        "names",
        Prefetch("talents", Talent.objects.filter(merged_into__isnull=True)),
        Prefetch("delegacies", Delegate.objects.select_related("organisation")),
    )
    return {person.pk: person for person in rows}
