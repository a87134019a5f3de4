"""Openings: for visitors and talents to look through, for organisations to keep."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from talex.core.errors import Conflict, NotAllowed
from talex.core.idempotency import once
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import (
    disclosing,
    filtering,
    lists,
    names,
    queries,
    reasons,
    reviewing,
    rules,
    services,
    show,
    stages,
)
from talex.fair.choices import InterestState, OpeningState, Side
from talex.fair.forms import AskForm, OpeningForm, initial_of, sent
from talex.fair.models import Hidden, Interest, Match, Opening
from talex.fair.outside import (
    closed_to,
    is_suspended,
    offers,
    suspended_or_refused,
    suspension,
    suspensions,
)
from talex.fair.services import quotas
from talex.fair.sparse import opening_says_little
from talex.fair.views.narrowing import narrow
from talex.fair.views.sides import abroad_asked, after_answer, outside_page, told_answer
from talex.fair.words import words_of
from talex.participants.models import Organisation
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.lists import list_view

PAGE = 20


def crumbs(request: EditionRequest, *more: dict[str, Any]) -> list[dict[str, Any]]:
    """The way from the openings to here."""
    url = reverse("fair:openings", kwargs={"edition": request.edition.slug})
    return [{"label": _("Openings"), "url": url}, *more]


def opening_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """For the office and delegates a list to work with, for others cards to look through."""
    actor, where = request.actor, request.edition
    own = actor.organisations(where.pk, pending=True)
    if not (can_audit(actor, where.pk) or own):
        return browse(request, edition)
    rows = queries.with_counts(queries.openings(actor, where))
    if not can_audit(actor, where.pk):
        rows = rows.filter(organisation_id__in=own)
    return list_view(
        request,
        lists.openings(where, actor),
        rows,
        context={
            "heading": _("Openings"),
            "crumbs": [{"label": _("Openings")}],
            "actions_template": "fair/_openings_actions.html",
            "notes_template": "fair/_outside_notes.html",
            "outside": closed_to(actor, where),
            "may_add": rules.can_match(actor, where.pk) or bool(offers(actor, where)),
        },
    )


def _found(rows: QuerySet[Opening], words: str) -> QuerySet[Opening]:
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(title_line__icontains=word)
            | Q(organisation__name_line__icontains=word)
            | Q(region__icontains=word)
            | Q(industry__icontains=word)
            | Q(skills__icontains=word)
        )
    return rows


def browse(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Open openings with search and filters, for whoever sees the conference."""
    actor, where = request.actor, request.edition
    rows = queries.openings(actor, where).filter(state=OpeningState.OPEN)
    rows = rows.order_by("title_line", "id")
    words = request.GET.get("q", "").strip()[: filtering.WORDS]
    # Of very many the words choose in the database, as they are written; else in any language.
    looked = _found(rows, words) if words and rows.count() > filtering.MOST else rows
    found = narrow(
        request, filtering.opening_lines(looked, words_of(where)), Side.TALENT, scored=False
    )
    page = Paginator(found.ids, PAGE).get_page(request.GET.get("page"))
    shown = disclosing.openings_read(actor, rows.in_bulk(list(page)).values())
    here = {one.pk: one for one in shown}
    talent = services.own_talent(actor, where)
    return render(
        request,
        "fair/browse.html",
        {
            **found.context,
            "page": page,
            "openings": [(here[pk], show.pay_line(here[pk])) for pk in page if pk in here],
            "talent": talent,
            "save": talent is not None,
        },
    )


def _facts(opening: Opening) -> list[tuple[Any, Any]]:
    pairs = [
        (_("Kind"), opening.get_kind_display()),
        (_("Place"), names.place_name(opening.region or opening.organisation.region)),
        (_("Industry"), words_of(opening.edition).industry_name(opening.industry)),
        (_("Degree"), opening.get_degree_required_display()),
        (_("Experience"), show.years_line(opening.experience_min, opening.experience_max)),
        (_("Languages"), show.language_line(opening.languages)),
        (_("Pay"), show.pay_line(opening)),
        (_("People looked for"), opening.headcount),
        (_("Starts"), opening.starts_on),
        (_("Ends"), opening.ends_on),
        (_("Ask until"), opening.closes_on),
        (_("Interviews"), opening.get_mode_display()),
    ]
    return [(label, value) for label, value in pairs if value not in (None, "")]


def detail(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """One opening; for a talent with why it fits and the button to ask."""
    actor, where = request.actor, request.edition
    opening = queries.opening(actor, where, pk)
    talent = services.own_talent(actor, where)
    match = interest = None
    if talent is not None:
        match = (
            Match.objects.filter(talent=talent, opening=opening, state__in=rules.SHOWN)
            .order_by("-score")
            .first()
        )
        interest = Interest.objects.filter(talent=talent, opening=opening).order_by(
            "-asked_at"
        ).first()  # fmt: skip
    may_edit = rules.can_edit_opening(actor, opening)
    seen = queries.interests(actor, where).filter(opening=opening)
    own_side = may_edit or can_audit(actor, where.pk)
    blocked = talent is not None and services.blocks(talent, opening, Side.TALENT)
    apart = talent is not None and services.common_mode(talent.mode, opening.mode) is None
    may_ask = talent is not None and not (
        blocked or apart or is_suspended(where.pk, talent.person_id)
    )
    return render(
        request,
        "fair/opening.html",
        {
            "opening": opening,
            "facts": _facts(opening),
            "talent": talent,
            "match": match,
            "told": reasons.told(match.reasons, words_of(where)) if match else [],
            "outside": closed_to(actor, where),
            "may_ask": may_ask,
            "blocked": blocked,
            "apart": services.NO_COMMON_WAY if apart else "",
            "over": services.conference_over(where),
            "takes_requests": not services.conference_over(where)
            and services.takes_requests(opening, where)
            and suspension(where.pk, opening.organisation_id) is None,
            "interest": interest,
            "interest_state": queries.state_now(interest) if interest else "",
            "answer": disclosing.words_read(actor, [interest])[interest.pk].answer
            if interest
            else "",
            "declined": stages.declined_words(interest.decline_reason, interest.side)
            if interest
            else "",
            "hidden": talent is not None
            and Hidden.objects.filter(talent=talent, opening=opening, side=Side.TALENT).exists(),
            "may_edit": may_edit,
            "says_little": opening_says_little(opening),
            "own_side": own_side,
            "standing": reviewing.reviewer().standing(actor, opening) if own_side else None,
            "unread": opening.source_text if own_side else {},
            "waiting": seen.filter(present="asked").count() if own_side else 0,
            "agreed": seen.filter(present="accepted").count() if own_side else 0,
            "crumbs": crumbs(request, {"label": opening.title}),
        },
    )


def _organisations(request: EditionRequest, of: Opening | None = None) -> list[tuple[str, str]]:
    """The organisations of the conference the reader may offer for. Of one that is suspended
    nothing new is written; what there is stays with it."""
    rows = Organisation.objects.filter(
        participations__edition=request.edition, participations__withdrawn_at__isnull=True
    )
    if not rules.can_match(request.actor, request.edition.pk):
        kept = {of.organisation_id} if of else set()
        rows = rows.filter(pk__in=offers(request.actor, request.edition) | kept)
    return [(str(one.pk), str(one.name)) for one in rows.order_by("name_line").only("id", "name")]


def _form(request: EditionRequest, of: Opening | None = None, **values: Any) -> OpeningForm:
    return OpeningForm(
        sent(request),
        organisations=_organisations(request, of),
        languages=request.edition.languages,
        reviewed=reviewing.reviewer().asked(request.actor, request.edition.pk),
        fresh=of is None,
        **values,
    )


def _saved(request: EditionRequest, made: Opening) -> Any:
    """What is told of an opening that was saved: also who has it now, where it is reviewed."""
    standing = reviewing.reviewer().standing(request.actor, made)
    if standing is None:
        return _("The opening is saved.")
    return _("The opening is saved. %(standing)s") % {"standing": standing.text}


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Add an opening."""
    where = request.edition
    form = _form(request, initial={"mode": "both", "state": OpeningState.OPEN, "kind": "job"})
    if not form.fields["organisation"].choices:  # type: ignore[attr-defined]
        if rules.can_match(request.actor, where.pk):
            raise Conflict(_("An opening belongs to an organisation. Bring one in first."))
        for why in closed_to(request.actor, where):
            return outside_page(request, why, *crumbs(request, {"label": _("Add an opening")}))
        raise NotAllowed(rules.ASSISTS if rules.assisted(request.actor, where.pk) else None)

    def call(data: dict[str, Any], key: str) -> Opening:
        values = form.command()
        values.pop("version")
        command = services.SaveOpening(**values)
        return once(
            request.actor,
            key,
            command,
            lambda: services.save_opening(request.actor, where, command),
        )

    return service_form(
        request,
        form,
        call,
        success_url=lambda made: reverse(
            "fair:opening", kwargs={"edition": edition, "pk": made.pk}
        ),
        success=lambda made: _saved(request, made),
        context={
            "heading": _("Add an opening"),
            "submit_label": _("Save"),
            "cancel_url": reverse("fair:openings", kwargs={"edition": edition}),
            "crumbs": crumbs(request, {"label": _("Add an opening")}),
        },
    )


def edit(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Change an opening."""
    opening = queries.opening(request.actor, request.edition, pk)
    if not rules.can_edit_opening(request.actor, opening):
        raise NotAllowed(rules.ASSISTS if rules.only_assists(request.actor, opening) else None)
    page = reverse("fair:opening", kwargs={"edition": edition, "pk": pk})
    if not rules.can_match(request.actor, request.edition.pk):
        # Whoever goes on writing goes on from their changes that wait.
        for name, value in reviewing.reviewer().proposed(opening).items():
            setattr(opening, name, value)
    standing = reviewing.reviewer().standing(request.actor, opening)
    again = standing is not None and standing.again and bool(standing.hand_in)
    initial = initial_of(opening)
    if again:
        # Whoever mends what was returned means to hand it in again.
        initial["state"] = OpeningState.OPEN
    form = _form(
        request,
        opening,
        initial=initial,
        again=again,
        opens=not suspended_or_refused(request.edition, [opening.organisation_id]),
    )
    return service_form(
        request,
        form,
        lambda data, key: services.save_opening(
            request.actor, request.edition, services.SaveOpening(**form.command(), id=pk)
        ),
        success_url=page,
        success=lambda made: _saved(request, made),
        context={
            "heading": _("Change the opening"),
            "submit_label": _("Save"),
            "cancel_url": page,
            "crumbs": crumbs(
                request, {"label": opening.title, "url": page}, {"label": _("Change")}
            ),
        },
    )


def ask(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """A talent asks to meet about an opening."""
    opening = queries.opening(request.actor, request.edition, pk)
    talent = services.as_talent(request.actor, request.edition)
    room = quotas.room_of_talent(talent, quotas.stated(request.edition))
    if services.conference_over(request.edition):
        raise Conflict(services.CONFERENCE_OVER)
    if request.method == "GET" and is_suspended(request.edition.pk, talent.person_id):
        for why in suspensions(request.actor, request.edition):
            return outside_page(request, why, *crumbs(request, {"label": _("Ask")}))
    if request.method == "GET":
        services.check_askable(request.edition, talent, opening, Side.TALENT)
    # Who was invited accepts by asking, whatever else waits.
    if request.method == "GET" and not services.is_asked(talent, opening, Side.TALENT):
        quotas.check_room(room, quotas.FULL_TALENT)
    page = reverse("fair:opening", kwargs={"edition": edition, "pk": pk})
    return service_form(
        request,
        AskForm(sent(request), abroad=abroad_asked(talent, opening, needed=True)),
        lambda data, key: services.ask_to_meet(
            request.actor,
            request.edition,
            services.AskToMeet(pk, data["message"], data["rank"], abroad=bool(data.get("abroad"))),
        ),
        success_url=lambda made: (
            after_answer(request, made)
            if made.state == InterestState.ACCEPTED
            else reverse("fair:applications", kwargs={"edition": edition})
        ),
        success=lambda made: told_answer(request, made),
        context={
            "heading": _("Ask to meet"),
            "intro": _("%(opening)s. Requests without an answer: %(open)d of at most %(most)d.")
            % {"opening": opening.title, "open": room.open, "most": room.most},
            "submit_label": _("Send the request"),
            "cancel_url": page,
            "crumbs": crumbs(request, {"label": opening.title, "url": page}, {"label": _("Ask")}),
        },
    )


@require_POST
def hide(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Do not show me this, or show it again (`shown=1`)."""
    again = request.POST.get("shown") == "1"
    services.hide(request.actor, request.edition, pk, hidden=not again)
    if again:
        flash(request, _("It is shown to you again."))
        return redirect("fair:opening", edition=edition, pk=pk)
    flash(request, _("It is no longer in your list. You find it under “Not for me”."))
    return redirect("fair:for_you", edition=edition)
