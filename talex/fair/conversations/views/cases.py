"""Reports of abuse: to make one, one's own cases, and the office's queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from talex.core.errors import NotAllowed, NotFound
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.fair.conversations import reporting, rules, telling_cases
from talex.fair.conversations.about import about, abouts
from talex.fair.conversations.evidence import evidence_in_words
from talex.fair.conversations.forms import (
    AnswerAppealForm,
    AppealForm,
    DecideForm,
    ReportForm,
)
from talex.fair.conversations.models import Report, ReportKind, ReportState
from talex.fair.forms import sent
from talex.participants.models import Talent
from talex.participants.words import languages_told
from talex.ui.flash import flash_done
from talex.ui.forms import service_form

PAGE = 30


def _url(request: EditionRequest, name: str, **more: Any) -> str:
    return reverse(f"conversations:{name}", kwargs={"edition": request.edition.slug, **more})


def report(request: EditionRequest, edition: str, kind: str, pk: UUID) -> HttpResponseBase:
    """Report a message, a conversation, a profile, an opening or an organisation."""
    if kind not in ReportKind.values:
        raise Http404
    if not request.actor.signed_in:
        raise NotAllowed
    reporting.target_of(request.actor, request.edition, kind, pk)
    return service_form(
        request,
        ReportForm(sent(request)),
        lambda data, key: reporting.report(
            request.actor,
            request.edition,
            reporting.MakeReport(kind, pk, data["reason"], data["words"]),
        ),
        success_url=_url(request, "cases"),
        success=_("The office has your report. You read here what it decides."),
        context={
            "heading": _("Report abuse"),
            "intro": _(
                "The office reads what you report as it is now. The other side is not told who "
                "reported it."
            ),
            "submit_label": _("Send the report"),
            "cancel_url": _url(request, "cases"),
            "crumbs": [
                {"label": _("Cases"), "url": _url(request, "cases")},
                {"label": _("Report")},
            ],
        },
    )


def cases(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What one reported and what was decided about one."""
    if not request.actor.signed_in:
        raise NotAllowed
    rows = Report.objects.filter(rules.own_cases(request.actor, request.edition.pk))
    page = Paginator(rows.order_by("-made_at", "id"), PAGE).get_page(request.GET.get("page"))
    what = abouts(page)
    return render(
        request,
        "fair/conversations/cases.html",
        {
            "page": page,
            "rows": [(one, rules.is_against(request.actor, one), what[one.pk]) for one in page],
            "crumbs": [{"label": _("Cases")}],
        },
    )


def appeal(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Say why a decision is wrong."""
    found = Report.objects.filter(rules.own_cases(request.actor, request.edition.pk), pk=pk).first()
    if found is None or not rules.is_against(request.actor, found):
        raise NotFound
    if found.appealed_at is not None and request.method != "POST":
        # There is one appeal a case: where it stands is told with the case.
        return redirect("conversations:cases", edition=edition)
    return service_form(
        request,
        AppealForm(sent(request)),
        lambda data, key: reporting.appeal(
            request.actor, request.edition, reporting.Appeal(pk, data["words"])
        ),
        success_url=_url(request, "cases"),
        success=_("The office has your appeal."),
        template="fair/conversations/appeal.html",
        context={
            "heading": _("Appeal"),
            "intro": _("Decided: %(decision)s. %(reason)s")
            % {"decision": found.get_decision_display(), "reason": found.decision_words},
            "about": about(found),
            "submit_label": _("Send the appeal"),
            "cancel_url": _url(request, "cases"),
            "crumbs": [
                {"label": _("Cases"), "url": _url(request, "cases")},
                {"label": _("Appeal")},
            ],
        },
    )


def _office(request: EditionRequest) -> None:
    if not rules.can_handle(request.actor, request.edition.pk):
        raise NotAllowed


def _tab(rows: QuerySet[Report], key: str) -> QuerySet[Report]:
    if key == "appeals":
        return rows.filter(appealed_at__isnull=False, upheld__isnull=True)
    if key == "decided":
        return rows.filter(state=ReportState.DECIDED).order_by("-decided_at")
    return rows.exclude(state=ReportState.DECIDED)


def queue(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The office's queue: what waits, the oldest first."""
    _office(request)
    rows = Report.objects.filter(edition=request.edition).order_by("made_at", "id")
    tab = request.GET.get("tab", "open")
    names = {"open": _("Waiting"), "appeals": _("Appeals"), "decided": _("Decided")}
    tab = tab if tab in names else "open"
    page = Paginator(_tab(rows, tab), PAGE).get_page(request.GET.get("page"))
    what = abouts(page)
    return render(
        request,
        "fair/conversations/reports.html",
        {
            "rows": [(one, what[one.pk]) for one in page],
            "page": page,
            "mine": request.actor.id,
            "tabs": [
                {
                    "label": label,
                    "url": f"?tab={key}",
                    "current": key == tab,
                    "count": _tab(rows, key).count(),
                }
                for key, label in names.items()
            ],
            "crumbs": [{"label": _("Reports of abuse")}],
        },
    )


def case(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """One case with its evidence. Whoever opens it is recorded."""
    _office(request)
    found = reporting.opened(request.actor, request.edition, pk)
    context = {
        "case": found,
        "about": about(found),
        "mine": found.claimed_by == request.actor.id,
        "heading": _("Reported: %(what)s") % {"what": found.get_kind_display()},
        "facts": evidence_in_words(found.evidence.get("facts", {})),
        "links": _links(request, found),
        "form_class": "form-wide",
        "submit_label": pgettext_lazy("report", "Decide"),
        "crumbs": [
            {"label": _("Reports of abuse"), "url": _url(request, "reports")},
            {"label": found.get_kind_display()},
        ],
    }
    waits = found.appealed_at is not None and found.upheld is None
    if waits and not rules.can_answer_appeal(request.actor, found) and request.method != "POST":
        needed = rules.second_person_needed(found)
        return render(request, "fair/conversations/case.html", {**context, "needed": needed})
    reporter, accused = telling_cases.languages(found)
    if waits:
        return service_form(
            request,
            AnswerAppealForm(sent(request), reads=languages_told(accused)),
            lambda data, key: reporting.answer_appeal(
                request.actor,
                request.edition,
                reporting.AnswerAppeal(pk, data["upheld"] == "yes", data["words"]),
            ),
            success_url=_url(request, "reports"),
            success=_("The appeal is answered."),
            template="fair/conversations/case.html",
            context={**context, "submit_label": _("Answer the appeal"), "answering": True},
        )
    return service_form(
        request,
        DecideForm(sent(request), case=found, reads=languages_told(reporter | accused)),
        lambda data, key: reporting.decide(
            request.actor,
            request.edition,
            reporting.DecideReport(pk, data["decision"], data["words"]),
        ),
        success_url=_url(request, "reports"),
        success=_("The case is decided. Both sides read it."),
        template="fair/conversations/case.html",
        context=context,
    )


def _links(request: EditionRequest, case: Report) -> list[tuple[Any, str]]:
    """Where the office looks at what is meant, as it is now."""
    here = {"edition": request.edition.slug}
    evidence = case.evidence
    links: list[tuple[Any, str]] = []
    talents = Talent.objects.filter(edition=request.edition, erased_at__isnull=True)
    known = Q(pk=parse(str(evidence.get("talent", ""))))
    if case.against_person is not None:
        known |= Q(person=case.against_person)
    for talent in talents.filter(known).order_by("pk")[:1]:
        url = reverse("participants:talent", kwargs={**here, "talent": talent.pk})
        links.append((_("The talent's record"), url))
    if opening := parse(str(evidence.get("opening", ""))):
        links.append((_("The opening"), reverse("fair:opening", kwargs={**here, "pk": opening})))
    if case.against_organisation is not None:
        url = reverse(
            "participants:organisation", kwargs={**here, "organisation": case.against_organisation}
        )
        links.append((_("The organisation"), url))
    return links


@require_POST
def claim(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Take a case on."""
    flash_done(
        request,
        lambda: reporting.claim(request.actor, request.edition, pk),
        _("You look into this case now."),
    )
    return redirect("conversations:case", edition=edition, pk=pk)
