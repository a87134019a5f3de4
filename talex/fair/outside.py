"""Why a side can say nothing to the other at present, and where its people go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Conflict, Message, NotAllowed
from talex.core.prepared import Prepared
from talex.editions.models import Edition
from talex.fair.models import Suspension
from talex.participants.credentials.choices import CaseState
from talex.participants.credentials.models import Case
from talex.participants.models import Organisation, Participation
from talex.participants.rules import WRITERS


@dataclass(frozen=True, slots=True)
class Outside:
    """`text` says why; `url` and `action` lead to where it can be changed, where there is one.
    `suspended`: it is a decision of the office, and not that one waits to be let in; `refused`:
    the office decided not to let it in."""

    text: Message
    url: str = ""
    action: Message = ""
    suspended: bool = False
    refused: bool = False

    @property
    def title(self) -> Message:
        """What a page puts above."""
        if self.refused:
            return _("Refused by the office")
        return _("Suspended by the office") if self.suspended else _("No answers at present")


def suspended(edition: Edition, organisations: Iterable[UUID]) -> set[UUID]:
    """Those of them that the office took the right from to ask, answer and write."""
    return set(
        Suspension.objects.filter(
            edition=edition, lifted_at__isnull=True, organisation_id__in=set(organisations)
        ).values_list("organisation_id", flat=True)
    )


def shut(edition: Edition, organisations: Iterable[UUID]) -> set[UUID]:
    """Those of them of which nothing opens: not let in yet, taken out, or suspended."""
    theirs = set(organisations)
    closed = Participation.objects.filter(
        Q(pending_since__isnull=False) | Q(withdrawn_at__isnull=False), edition=edition
    )
    suspensions = Suspension.objects.filter(
        edition=edition, lifted_at__isnull=True, organisation__isnull=False
    )
    # All of them: rows of an import name more organisations than a statement takes.
    found = {
        *closed.values_list("organisation_id", flat=True),
        *suspensions.values_list("organisation_id", flat=True),
    }
    return {one for one in found if one is not None and one in theirs}


def suspension(edition: UUID, organisation: UUID) -> str | None:
    """The reason of the suspension that stands against an organisation, if any."""
    rows = _SUSPENDED(edition, organisation)
    return str(rows[0][0]) if rows else None


_SUSPENDED = Prepared(
    lambda edition, organisation: Suspension.objects.filter(
        edition=edition, organisation=organisation, lifted_at__isnull=True
    ).values_list("reason")
)


def outside(edition: Edition, organisation: Organisation) -> Outside | None:
    """None where it takes part as any other."""
    part = Participation.objects.filter(
        edition=edition, organisation=organisation, withdrawn_at__isnull=True
    ).first()
    if part is None:
        told = _("%(organisation)s does not take part in this conference (any more).")
        return Outside(told % {"organisation": organisation.name})
    if part.pending_since is not None:
        return _not_let_in(edition, organisation)
    reason = suspension(edition.pk, organisation.pk)
    return None if reason is None else _suspended(edition, reason, organisation)


def suspensions(actor: Actor, edition: Edition) -> list[Outside]:
    """What a page says once, in place of all it does not offer: the reader's own suspension, and
    those of organisations they act for."""
    people, own = actor.persons(), actor.organisations(edition.pk, pending=True)
    if not people and not own:
        return []
    rows = Suspension.objects.filter(
        Q(person_id__in=people) | Q(organisation_id__in=own),
        edition=edition,
        lifted_at__isnull=True,
    ).select_related("organisation")
    return [_suspended(edition, one.reason, one.organisation) for one in rows.order_by("made_at")]


def refused(edition: Edition, organisations: Iterable[UUID]) -> set[UUID]:
    """Those of them that the office refused to let in: nobody could approve what they hand in."""
    theirs = set(organisations)
    if not theirs:
        return theirs
    waiting = Participation.objects.filter(
        edition=edition, organisation_id__in=theirs, pending_since__isnull=False
    )
    rows = Case.objects.filter(
        edition=edition,
        organisation__in=waiting.values("organisation_id"),
        state=CaseState.REFUSED,
    )
    return theirs.intersection(rows.values_list("organisation_id", flat=True))


def suspended_or_refused(edition: Edition, organisations: Iterable[UUID]) -> set[UUID]:
    """Those of them of which the office decided that nothing opens."""
    theirs = set(organisations)
    return suspended(edition, theirs) | refused(edition, theirs) if theirs else theirs


def closed_to(actor: Actor, edition: Edition) -> list[Outside]:
    """`suspensions`, and those organisations of the reader that the office refused: why pages
    about openings offer nothing."""
    own = refused(edition, actor.organisations(edition.pk, pending=True))
    rows = Organisation.objects.filter(pk__in=own).order_by("name_line", "pk") if own else []
    return [*suspensions(actor, edition), *(_not_let_in(edition, one) for one in rows)]


def offers(actor: Actor, edition: Edition) -> set[UUID]:
    """The organisations for which the actor may write openings that open: not those that are
    suspended or were refused, nor those they only assist."""
    every = actor.organisations(edition.pk, pending=True)
    own = {one for one in every if actor.acts_as(edition.pk, one, *WRITERS)}
    return own - suspended_or_refused(edition, own)


def suspended_organisations() -> QuerySet[Suspension]:
    """The suspensions that stand against organisations (`participants.barred`)."""
    return Suspension.objects.filter(organisation__isnull=False, lifted_at__isnull=True)


def suspended_persons() -> QuerySet[Suspension]:
    """The suspensions that stand against persons (`participants.barred`)."""
    return Suspension.objects.filter(person__isnull=False, lifted_at__isnull=True)


def is_suspended(edition: UUID, person: UUID) -> bool:
    """Whether the office took the right from a person to ask, accept and write."""
    rows = Suspension.objects.filter(edition=edition, person=person, lifted_at__isnull=True)
    return rows.exists()


def _suspended(edition: Edition, reason: str, organisation: Organisation | None) -> Outside:
    if organisation is None:
        told = _(
            "The office has suspended you here: you neither ask nor write, and your profile is "
            "shown to no organisation that you had not agreed to meet. Why: %(reason)s"
        )
        text = told % {"reason": reason}
    else:
        told = _(
            "The office has suspended %(organisation)s here: its openings are closed, its meetings "
            "still to come are called off, and nobody asks or writes for it. Why: %(reason)s"
        )
        text = told % {"organisation": organisation.name, "reason": reason}
    return Outside(
        text,
        reverse("conversations:cases", kwargs={"edition": edition.slug}),
        _("See the case and appeal"),
        suspended=True,
    )


def _not_let_in(edition: Edition, organisation: Organisation) -> Outside:
    case = (
        Case.objects.filter(edition=edition, organisation=organisation)
        .exclude(state=CaseState.EXPIRED)
        .first()
    )
    named = {"organisation": organisation.name}
    if case is None:
        return Outside(_("The office has not let %(organisation)s in yet.") % named)
    named["reason"] = f"{case.get_reason_display()} {case.note}".strip()
    told = {
        CaseState.REFUSED: _("The office has refused %(organisation)s: %(reason)s"),
        CaseState.RETURNED: _(
            "The papers of %(organisation)s were returned, and it does not take part until they "
            "are mended: %(reason)s"
        ),
    }.get(CaseState(case.state), _("The office has not let %(organisation)s in yet."))
    page = reverse("credentials:case", kwargs={"edition": edition.slug, "case": case.pk})
    return Outside(
        told % named,
        page,
        _("See where the check stands"),
        refused=case.state == CaseState.REFUSED,
    )


def refuse_outside(edition: Edition, organisation: Organisation) -> None:
    """Raises `NotAllowed` with the reason where it does not take part."""
    found = outside(edition, organisation)
    if found is not None:
        raise NotAllowed(found.text)


def check_person(edition: Edition, person: UUID) -> None:
    """The same of a talent: who is suspended may not say yes."""
    if is_suspended(edition.pk, person):
        raise Conflict(_("This person cannot take requests at present."))


def check_organisation(edition: Edition, organisation: UUID) -> None:
    """Raises `Conflict` where nobody of the organisation could answer a request. The reason is
    between the office and the organisation. Pages ask before they offer a form."""
    if suspension(edition.pk, organisation) is not None:
        raise Conflict(
            _(
                "This organisation cannot take requests at present: the office has suspended it "
                "here."
            )
        )
