"""The queue of the office: the oldest first, one by one or many with one reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from talex.core import clock
from talex.core.actor import names_of
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.editions.rules import is_office
from talex.participants.credentials import queries, rules, services
from talex.participants.credentials.choices import CaseKind, CaseState
from talex.participants.credentials.forms import (
    AcceptForm,
    MarksField,
    RefuseForm,
)
from talex.participants.credentials.links import look_of
from talex.participants.credentials.models import Case
from talex.participants.credentials.views.cases import (
    read_by,
    render_case,
    return_form,
    shown_facts,
    url_of,
)
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form
from talex.ui.lists import BulkAction, ChoiceFilter, Column, ListSpec, list_view
from talex.ui.templatetags import ui_tags


def _spec(request: EditionRequest, rows: QuerySet[Case]) -> ListSpec:
    here = {"edition": request.edition.slug}

    def many(act: str) -> Any:
        def call(actor: Any, ids: list[Any], sent: HttpRequest) -> HttpResponse:
            services.claim_cases(actor, ids)
            asked = urlencode({"act": act, "case": [str(one) for one in ids]}, doseq=True)
            return redirect(f"{reverse('credentials:decide_many', kwargs=here)}?{asked}")

        return call

    def may(actor: Any) -> bool:
        return is_office(actor, request.edition.pk)

    held = rows.filter(claimed_until__gt=clock.now()).order_by()
    names = names_of({one for one in held.values_list("claimed_by", flat=True) if one})

    return ListSpec(
        key="verification",
        default_sort="handed_in",
        search=("organisation__name_line", "talent__person__name"),
        search_label=_("Search by name"),
        columns=[
            Column(
                key="subject",
                label=_("Who"),
                value=queries.subject_name,
                link=lambda row: url_of(request, row),
                main=True,
            ),
            Column(
                key="kind",
                label=pgettext_lazy("case", "What"),
                value="get_kind_display",
                sort="kind",
            ),
            Column(
                key="state",
                label=_("State"),
                html=lambda row: ui_tags.state(look_of(row.state), row.get_state_display()),
                value="get_state_display",
                sort="state",
            ),
            Column(
                key="handed_in", label=_("Handed in"), value="submitted_at", sort="submitted_at"
            ),
            Column(
                key="checks",
                label=_("Who checks"),
                value=lambda row: names.get(row.claimed_by, "") if row.held else "",
            ),
            Column(key="reason", label=_("Reason"), value="get_reason_display", shown=False),
            Column(key="decided", label=_("Decided"), value="decided_at", sort="decided_at"),
            Column(key="valid", label=_("Holds until"), value="valid_until", sort="valid_until"),
        ],
        filters=[
            ChoiceFilter(key="state", label=_("State"), choices=CaseState.choices),
            ChoiceFilter(key="kind", label=pgettext_lazy("case", "What"), choices=CaseKind.choices),
        ],
        bulk_actions=[
            BulkAction(key="accept", label=_("Accept"), call=many("accept"), allowed=may),
            BulkAction(
                key="return", label=_("Return"), call=many("return"), icon="undo", allowed=may
            ),
        ],
        empty_title=_("Nothing waits"),
        empty_icon="check-circle",
        empty_text=_("Documents that organisations and talents hand in come here."),
    )


def queue(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What waits to be checked; other states by the filter."""
    if not rules.can_see_queue(request.actor, request.edition):
        raise NotAllowed
    rows = queries.cases(request.actor, request.edition)
    if request.method == "GET" and not request.GET:
        return redirect(f"{request.path}?state={CaseState.WAITING.value}")
    return list_view(
        request,
        _spec(request, rows),
        rows,
        context={"heading": _("Verification"), "crumbs": [{"label": _("Verification")}]},
    )


def decide_many(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Accept or return those that were chosen, all with one reason."""
    if not is_office(request.actor, request.edition.pk):
        raise NotAllowed
    accept = request.GET.get("act") == "accept"
    ids = [found for one in request.GET.getlist("case")[:200] if (found := parse(one))]
    chosen = queries.cases(request.actor, request.edition).filter(pk__in=ids)
    rows = list(chosen.prefetch_related("papers"))
    marks = MarksField.typed(rows)
    typed = request.POST if request.method == "POST" else None
    form: forms.Form = (
        AcceptForm(typed, initial={"seen": marks})
        if accept
        else return_form(rows, typed, initial={"seen": marks})
    )
    back = reverse("credentials:queue", kwargs={"edition": edition})
    heading = (
        ngettext("Accept %(count)s verification", "Accept %(count)s verifications", len(rows))
        if accept
        else ngettext("Return %(count)s verification", "Return %(count)s verifications", len(rows))
    )

    def call(data: dict[str, Any], key: str) -> int:
        command = services.DecideCases(cases=[row.pk for row in rows], accept=accept, **data)
        try:
            return services.decide(request.actor, command)
        except Conflict:
            _look_again(form, marks)
            raise

    return service_form(
        request,
        form,
        call,
        success_url=back,
        success=_("Done; each is recorded by itself."),
        template="participants/credentials/decide_many.html",
        context={
            "heading": heading % {"count": len(rows)},
            "looked": [
                (row, queries.subject_name(row), shown_facts(row), list(row.papers.all()))
                for row in rows
            ],
            "submit_label": _("Accept") if accept else _("Return"),
            "cancel_url": back,
            "crumbs": [{"label": _("Verification"), "url": back}],
        },
    )


@require_POST
def claim(request: EditionRequest, edition: str, case: UUID) -> HttpResponse:
    """Take a case, or give it back."""
    found = queries.case(request.actor, request.edition, case)
    act = services.release_case if request.POST.get("release") else services.claim_case
    act(request.actor, found.pk)
    return redirect_after(request, url_of(request, found))


@require_POST
def decide(request: EditionRequest, edition: str, case: UUID) -> HttpResponse:
    """Accept or return one case."""
    found = queries.case(request.actor, request.edition, case)
    if not rules.can_check(request.actor, found):
        raise NotAllowed
    accept = request.POST.get("act") == "accept"
    prefix = "accept" if accept else "return"
    form: forms.Form = (
        AcceptForm(request.POST, prefix=prefix)
        if accept
        else return_form([found], request.POST, prefix=prefix)
    )
    if form.is_valid():
        command = services.DecideCases(cases=[found.pk], accept=accept, **form.cleaned_data)
        try:
            services.decide(request.actor, command)
        except Invalid as error:
            for name, messages in error.fields.items():
                known = name if name in form.fields else None
                form.add_error(known, [str(message) for message in messages])
        except Conflict as error:
            form.add_error(None, str(error))
            found = queries.case(request.actor, request.edition, case)
            _look_again(form, MarksField.typed([found]))
        else:
            flash(request, _("Accepted.") if accept else _("Returned; they get a mail."))
            return redirect_after(request, _onward(request, found))
    return render_case(request, found, status=422, **{prefix: form})


def _look_again(form: forms.Form, marks: str) -> None:
    """What was changed is shown along with the conflict: that is what is decided next."""
    form.data = {**form.data.dict(), form.add_prefix("seen"): marks}  # type: ignore[attr-defined]


def _onward(request: EditionRequest, done: Case) -> str:
    following = queries.following(request.actor, request.edition, done.pk)
    if following is not None:
        return url_of(request, following)
    return reverse("credentials:queue", kwargs={"edition": request.edition.slug})


@require_POST
def let_in(request: EditionRequest, edition: str, case: UUID) -> HttpResponse:
    """Let an organisation in that the office knows, before its papers were checked."""
    found = queries.case(request.actor, request.edition, case)
    if found.organisation_id is None:
        raise NotAllowed
    services.let_in(request.actor, request.edition.pk, found.organisation_id)
    flash(request, _("Let in. It is not verified by that."))
    return redirect_after(request, url_of(request, found))


def refuse(request: EditionRequest, edition: str, case: UUID) -> HttpResponseBase:
    """Refuse an organisation, with a reason that its delegates read."""
    found = queries.case(request.actor, request.edition, case)
    if not rules.can_refuse(request.actor, found):
        raise NotAllowed
    return service_form(
        request,
        RefuseForm(request.POST or None, reads=read_by([found])),
        lambda data, key: services.refuse_organisation(
            request.actor, services.RefuseOrganisation(case=found.pk, **data)
        ),
        success_url=url_of(request, found),
        success=_("Refused. Those who act for it get a mail."),
        context={
            "heading": _("Refuse %(name)s?") % {"name": queries.subject_name(found)},
            "intro": _(
                "It takes no part then: nobody sees it, and its delegates publish nothing. What "
                "is open of it is closed. You can take it up again."
            ),
            "submit_label": _("Refuse the organisation"),
            "cancel_url": url_of(request, found),
            "crumbs": [
                {
                    "label": _("Verification"),
                    "url": reverse("credentials:queue", kwargs={"edition": edition}),
                },
                {"label": queries.subject_name(found), "url": url_of(request, found)},
            ],
        },
    )


@require_POST
def take_up(request: EditionRequest, edition: str, case: UUID) -> HttpResponse:
    """Take a refused organisation up again."""
    found = queries.case(request.actor, request.edition, case)
    services.take_up_again(request.actor, found.pk)
    flash(request, _("Taken up again. It is not let in by that."))
    return redirect_after(request, url_of(request, found))
