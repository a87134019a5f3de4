"""One's own verification: what is missing, what comes next; and a case as its readers see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from talex.core.actor import names_of
from talex.core.countries import countries
from talex.core.errors import Invalid, NotAllowed
from talex.editions.http import EditionRequest
from talex.editions.rules import is_office
from talex.participants import queries as people
from talex.participants.checked import facts_of
from talex.participants.credentials import mails, queries, rules, services
from talex.participants.credentials.choices import OPEN, CaseKind, CaseState
from talex.participants.credentials.forms import (
    AcceptForm,
    AgainForm,
    MarksField,
    NumberStep,
    PaperForm,
    ReturnForm,
)
from talex.participants.credentials.links import look_of
from talex.participants.credentials.looked import lacks_degree
from talex.participants.credentials.models import Case
from talex.participants.credentials.numbers import NumberKind
from talex.participants.credentials.signs import signs
from talex.participants.models import Participation
from talex.participants.words import degree_name, languages_told
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def url_of(request: EditionRequest, case: Case) -> str:
    return reverse("credentials:case", kwargs={"edition": request.edition.slug, "case": case.pk})


@require_safe
def own(request: EditionRequest, edition: str) -> HttpResponse:
    """What of one's own is verified, what is missing, what comes next."""
    if not request.actor.signed_in:
        raise NotAllowed
    talent = people.own_talent(request.actor, request.edition.pk)
    rows = queries.own_cases(request.actor, request.edition)
    there = {row.kind for row in rows if row.talent_id and row.state != CaseState.EXPIRED}
    return render(
        request,
        "participants/credentials/own.html",
        {
            "rows": [(row, look_of(row.state), queries.subject_name(row)) for row in rows],
            "talent": talent,
            "taken_out": queries.taken_out(request.actor, request.edition),
            "open": [
                (kind.value, kind.label)
                for kind in (CaseKind.IDENTITY, CaseKind.DEGREE)
                if talent is not None and kind.value not in there
            ],
        },
    )


@require_POST
def open_own(request: EditionRequest, edition: str) -> HttpResponse:
    """Begin to have one's identity or degree checked."""
    talent = people.own_talent(request.actor, request.edition.pk)
    if talent is None:
        raise NotAllowed
    case = services.open_case(
        request.actor, services.OpenCase(talent=talent.pk, kind=request.POST.get("kind", ""))
    )
    return redirect_after(request, url_of(request, case))


@require_safe
def page(request: EditionRequest, edition: str, case: UUID) -> HttpResponse:
    """A case: for its subject what to do, for the office what to look at."""
    return render_case(request, queries.case(request.actor, request.edition, case))


def render_case(
    request: EditionRequest, found: Case, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of a case, with the form that was refused."""
    actor = request.actor
    office = is_office(actor, found.edition_id)
    checks = rules.can_check(actor, found) and found.state == CaseState.WAITING
    changes = rules.can_hand_in(actor, found) and found.state in OPEN
    papers = list(found.papers.order_by("added_at"))
    claimed = found.claimed_by if found.held else None
    organisation = found.organisation
    looked = {"seen": MarksField.typed([found])}
    context = {
        "case": found,
        "look": look_of(found.state),
        "subject": queries.subject_name(found),
        "facts": shown_facts(found),
        "accepted_before": person_facts(found.accepted)
        # One that ran out was verified as well, but nothing of it was changed.
        if found.accepted and found.state not in {CaseState.ACCEPTED, CaseState.EXPIRED}
        else [],
        "papers": papers,
        "sees_papers": office or rules.can_hand_in(actor, found),
        "has_papers": any(paper.removed_at is None for paper in papers),
        "changes": changes,
        "adds": changes
        or (
            rules.can_hand_in(actor, found) and found.state == CaseState.WAITING and not found.held
        ),
        "again_form": (forms.get("again") or AgainForm()) if found.state == "returned" else None,
        "renews": rules.can_hand_in(actor, found),
        "paper_form": forms.get("paper") or PaperForm(case_kind=found.kind),
        "checks": checks,
        "claimed_name": names_of([claimed]).get(claimed, "") if claimed else "",
        "mine": claimed is not None and claimed == actor.user,
        "accept_form": forms.get("accept") or AcceptForm(prefix="accept", initial=looked),
        "return_form": forms.get("return")
        or return_form([found] if checks else [], prefix="return", initial=looked),
        "lacks_degree": lacks_degree(found),
        "following": queries.following(actor, request.edition, found.pk) if office else None,
        "office": office,
        "signs": signs(organisation, found.edition_id) if office and organisation else [],
        "refuses": rules.can_refuse(actor, found),
        "pending": organisation is not None
        and found.state != CaseState.REFUSED
        and Participation.objects.filter(
            edition=found.edition_id, organisation=organisation, pending_since__isnull=False
        ).exists(),
        "crumbs": _crumbs(request, office),
    }
    template = "participants/credentials/case.html"
    return render(request, template, context, status=status)


def read_by(cases: Iterable[Case]) -> str:
    """The languages of those who read what is decided, in words of the checker's."""
    codes = {code for case in cases for code in mails.languages(case)}
    return languages_told(codes)


def return_form(cases: Sequence[Case], *args: Any, **more: Any) -> ReturnForm:
    """The form to return these cases, with the reasons that fit them."""
    unstated = any(lacks_degree(case) for case in cases)
    return ReturnForm(*args, reads=read_by(cases), unstated=unstated, **more)


def _crumbs(request: EditionRequest, office: bool) -> list[dict[str, Any]]:
    here = {"edition": request.edition.slug}
    if office:
        return [{"label": _("Verification"), "url": reverse("credentials:queue", kwargs=here)}]
    return [{"label": _("My verification"), "url": reverse("credentials:own", kwargs=here)}]


def shown_facts(case: Case) -> list[tuple[Any, Any]]:
    if case.organisation is not None:
        row = case.organisation
        pairs = [
            (pgettext("organisation", "Names"), row.name_line),
            (_("Kind"), row.get_kind_display()),
            (_("Country"), dict(countries()).get(row.country or case.facts.get("country", ""), "")),
            (
                _("Kind of number"),
                dict(NumberKind.choices).get(case.facts.get("number_kind", ""), ""),
            ),
            (_("Registration number"), row.registration_number),
            (_("Region"), row.region),
            (_("Address"), row.address),
            (_("Website"), row.website),
        ]
    else:
        talent = case.talent
        assert talent is not None
        unstated = [(_("Degree"), pgettext("degree", "Not stated"))] if lacks_degree(case) else []
        return [*person_facts(facts_of(talent)), *unstated]
    return [(label, value) for label, value in pairs if value]


def person_facts(facts: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Those of `checked.facts_of` that are there, in words."""
    keys = ("institution", "discipline", "year")
    pairs = [
        (_("Names"), " · ".join(facts.get("names", ()))),
        (_("Nationality"), facts.get("nationality")),
        (_("Year of birth"), str(facts.get("birth_year") or "")),
        (_("Degree"), degree_name(facts.get("degree_level") or "")),
        (_("Institution"), facts.get("institution")),
        *(
            (
                degree_name(row.get("level") or "") or _("Degree"),
                ", ".join(str(row[key]) for key in keys if row.get(key)),
            )
            for row in facts.get("education", ())
        ),
    ]
    return [(label, value) for label, value in pairs if value]


@require_POST
def add(request: EditionRequest, edition: str, case: UUID) -> HttpResponse:
    """Add a document."""
    found = queries.case(request.actor, request.edition, case)
    if not rules.can_hand_in(request.actor, found):
        raise NotAllowed
    form = PaperForm(request.POST, request.FILES, case_kind=found.kind)
    if form.is_valid():
        try:
            services.add_paper(
                request.actor,
                services.AddPaper(
                    case=found.pk, kind=form.cleaned_data["kind"], file=form.cleaned_data["file"]
                ),
            )
        except Invalid as error:
            for name, messages in error.fields.items():
                form.add_error(name, [str(m) for m in messages])
        else:
            return redirect_after(request, url_of(request, found))
    return render_case(request, found, status=422, paper=form)


@require_POST
def remove(request: EditionRequest, edition: str, case: UUID, paper: UUID) -> HttpResponse:
    """Take a document away."""
    found = queries.case(request.actor, request.edition, case)
    services.remove_paper(request.actor, found.pk, paper)
    return redirect_after(request, url_of(request, found))


@require_POST
def submit(request: EditionRequest, edition: str, case: UUID) -> HttpResponse:
    """Hand the documents in."""
    found = queries.case(request.actor, request.edition, case)
    again = AgainForm(request.POST)
    if not again.is_valid():
        return render_case(request, found, status=422, again=again)
    try:
        services.submit_case(request.actor, found.pk, again.cleaned_data["answer"])
    except Invalid as error:
        if "answer" in error.fields:
            again.add_error("answer", [str(m) for m in error.fields["answer"]])
            return render_case(request, found, status=422, again=again)
        form = PaperForm({}, case_kind=found.kind)
        form.full_clean()
        form.errors.clear()
        form.add_error("file", [str(m) for m in error.fields["file"]])
        return render_case(request, found, status=422, paper=form)
    flash(request, _("Handed in. You get a mail as soon as it was checked."))
    return redirect_after(request, url_of(request, found))


def number(request: EditionRequest, edition: str, case: UUID) -> HttpResponseBase:
    """Mend the registration number."""
    found = queries.case(request.actor, request.edition, case)
    if not rules.can_hand_in(request.actor, found) or found.organisation is None:
        raise NotAllowed
    initial = {**found.facts, "registration_number": found.organisation.registration_number}
    return service_form(
        request,
        NumberStep(request.POST or None, initial=initial),
        lambda data, key: services.mend_number(
            request.actor, services.MendNumber(case=found.pk, **data)
        ),
        success_url=url_of(request, found),
        success=_("Saved. Hand it in again now."),
        template="ui/form_page_public.html",
        context={
            "heading": _("Mend the registration number"),
            "submit_label": _("Save"),
            "cancel_url": url_of(request, found),
        },
    )
