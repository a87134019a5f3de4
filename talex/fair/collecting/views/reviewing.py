"""Reviewing what was handed in: collectors and the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import rules as fair
from talex.fair import show
from talex.fair.collecting import lists, mails, queries, rules, services, tree
from talex.fair.collecting.forms import ReturnForm
from talex.fair.collecting.models import Act, Stage, Step, Submission
from talex.fair.collecting.standing import next_of, standing
from talex.fair.forms import sent
from talex.fair.names import language_name, place_name
from talex.fair.publishing.queries import published_in
from talex.fair.services.openings import CHUNK
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.lists import list_view


def reviews(request: EditionRequest) -> bool:
    """Whether the reader looks through what others hand in."""
    where = request.edition.pk
    return can_audit(request.actor, where) or bool(tree.collecting_for(request.actor, where))


def tabs(request: EditionRequest, current: str) -> list[dict[str, Any]]:
    """The parts of collecting."""
    names = {
        "queue": pgettext_lazy("openings", "Handed in"), "companies": _("By organisation"),
        "quotas": _("Quotas"),
    }  # fmt: skip
    return [
        {
            "label": label,
            "url": reverse(f"collecting:{name}", kwargs={"edition": request.edition.slug}),
            "current": name == current,
        }
        for name, label in names.items()
    ]


def crumbs(request: EditionRequest, *more: dict[str, Any]) -> list[dict[str, Any]]:
    page = "queue" if reviews(request) else "mine"
    label = _("Openings handed in") if page == "queue" else _("Where our openings stand")
    url = reverse(f"collecting:{page}", kwargs={"edition": request.edition.slug})
    return [{"label": label, "url": url}, *more]


def queue(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All that was handed in and that the reader may see."""
    actor, where = request.actor, request.edition
    if not reviews(request):
        raise NotAllowed
    rows = queries.submissions(actor, where)
    if not can_audit(actor, where.pk):
        # A company's own openings stand on its own page.
        below = tree.below(tree.collecting_for(actor, where.pk))
        rows = rows.filter(opening__organisation_id__in=below).exclude(stage=Stage.DRAFT)
    own = tree.collecting_for(actor, where.pk)
    mine = [one for one in queries.quotas_seen(actor, where) if one.quota.organisation_id in own]
    return list_view(
        request,
        lists.queue(where, actor),
        rows,
        template="fair/collecting/queue.html",
        context={
            "heading": _("Openings handed in"),
            "crumbs": [{"label": _("Openings handed in")}],
            "tabs": tabs(request, "queue"),
            "collected": mine,
            "reviewed": services.is_reviewed(where.pk),
            "office": rules.can_approve(actor, where.pk),
        },
    )


def _events(submission: Submission) -> list[dict[str, Any]]:
    icons = {Act.RETURN: "undo", Act.TAKE_BACK: "undo", Act.PASS: "send", Act.HAND_IN: "inbox"}
    found = []
    for one in submission.steps.all():
        told = [str(label) for label in queries.fault_labels(one)]
        found.append(
            {
                "title": _("Returned by the office")
                if one.act == Act.RETURN and one.by_office
                else one.get_act_display(),
                "when": one.made_at,
                "text": " · ".join([*told, *([one.words] if one.words else [])]),
                "icon": icons.get(Act(one.act), "check"),
            }
        )
    return found


def _facts(submission: Submission) -> list[tuple[Any, Any]]:
    opening = submission.opening
    pairs = [
        (_("Kind"), opening.get_kind_display()),
        (_("Place"), place_name(opening.region)),
        (_("Degree"), opening.get_degree_required_display()),
        (_("Experience"), show.years_line(opening.experience_min, opening.experience_max)),
        (_("Languages"), show.language_line(opening.languages)),
        (_("Pay"), show.pay_line(opening)),
        (_("People looked for"), opening.headcount),
        (_("Ask until"), opening.closes_on),
        (_("Collector"), submission.collector.name if submission.collector else ""),
        (
            _("Published in version"),
            published_in(opening.edition, [opening.pk]).get(opening.pk),
        ),
    ]
    return [(label, value) for label, value in pairs if value not in (None, "")]


def detail(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """One submission: what it says, what changed, its history, and what can be done."""
    actor, where = request.actor, request.edition
    one = queries.submission(actor, where, pk)
    changes = queries.changes(one) if one.proposed else []
    opening = queries.proposed_opening(actor, one)
    last: Step | None = None
    if one.stage == Stage.RETURNED:
        last = one.steps.filter(act=Act.RETURN).order_by("-version").first()
    collects = one.stage == Stage.HANDED_IN and rules.can_collect(actor, one)
    office = rules.can_approve(actor, where.pk)
    own = fair.is_employer(actor, opening)
    edits = own and fair.can_edit_opening(actor, opening)
    told = standing(actor, opening) if own else None
    return render(
        request,
        "fair/collecting/submission.html",
        {
            "one": one,
            "opening": opening,
            "facts": _facts(one),
            "changes": changes,
            "events": _events(one),
            "next": next_of(one),
            "look": lists.STAGES[one.stage],
            "last": last,
            "faults": queries.fault_labels(last) if last else [],
            "may_pass": collects,
            "may_approve": office and one.stage == Stage.PASSED,
            "may_return": collects or (office and one.stage in (Stage.PASSED, Stage.HANDED_IN)),
            "may_edit": edits,
            "hand_in": told.hand_in if told and told.again else "",
            "may_take_back": edits and one.stage in (Stage.HANDED_IN, Stage.PASSED, Stage.RETURNED),
            "crumbs": crumbs(request, {"label": opening.title}),
        },
    )


def _version(request: EditionRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def _refused(request: EditionRequest, pk: UUID, error: Conflict) -> HttpResponseBase:
    """The submission as it is now, with why it could not be done."""
    for told in (str(error), *map(str, error.items)):
        flash(request, told, state="danger")
    page = detail(request, request.edition.slug, pk)
    page.status_code = 409
    return page


@require_POST
def pass_one(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Pass one on to the office."""
    try:
        services.pass_on(request.actor, request.edition, [pk], version=_version(request))
    except Conflict as error:
        return _refused(request, pk, error)
    flash(request, _("It is passed on to the office."))
    return redirect("collecting:submission", edition=edition, pk=pk)


@require_POST
def approve_one(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """The office approves one."""
    try:
        services.approve(request.actor, request.edition, [pk], version=_version(request))
    except Conflict as error:
        return _refused(request, pk, error)
    flash(request, _("It is approved: talents can see it."))
    return redirect("collecting:submission", edition=edition, pk=pk)


def give_back(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Return one or many with a reason (`id`, as often as there are)."""
    actor, where = request.actor, request.edition
    if not reviews(request):
        raise NotAllowed
    ids = [one for one in map(parse, request.GET.getlist("id")[:CHUNK]) if one is not None]
    rows = list(queries.submissions(actor, where).filter(pk__in=ids))
    if not rows or len(rows) != len(set(ids)):
        raise NotFound
    single = rows[0] if len(rows) == 1 else None
    back = (
        reverse("collecting:submission", kwargs={"edition": edition, "pk": single.pk})
        if single
        else reverse("collecting:queue", kwargs={"edition": edition})
    )
    reads = {
        language for one in rows
        for language in mails.languages(where.pk, one.opening.organisation_id)
    }  # fmt: skip
    return service_form(
        request,
        ReturnForm(
            sent(request),
            reads=", ".join(sorted(language_name(one.partition("-")[0]) for one in reads)),
            initial={"version": single.version if single else None},
        ),
        lambda data, key: services.return_submissions(
            actor,
            where,
            services.Return(
                [one.pk for one in rows],
                data["faults"],
                data["words"],
                data["version"] if single else None,
            ),
        ),
        success_url=back,
        success=lambda n: (
            ngettext(
                "%(n)d opening is returned. The company is told why.",
                "%(n)d openings are returned. The companies are told why.",
                n,
            )
            % {"n": n}
        ),
        context={
            "heading": _("Return to be mended"),
            "intro": queries.as_handed_in(actor, single).title
            if single
            else ngettext("%(n)d opening", "%(n)d openings", len(rows)) % {"n": len(rows)},
            "submit_label": _("Return"),
            "cancel_url": back,
            "crumbs": crumbs(request, {"label": _("Return")}),
        },
    )
