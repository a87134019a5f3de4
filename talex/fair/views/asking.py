"""Questions to somebody who said little, and what fits them beside their proposals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.fair import queries, reasons, rules, services, show
from talex.fair.forms_pages import QuestionsForm, parts_sent, question_label
from talex.fair.outside import is_suspended
from talex.fair.sparse import OPENING_FIELDS
from talex.fair.words import words_of
from talex.participants.models import Talent
from talex.ui.forms import service_form


def _own(request: EditionRequest) -> Talent:
    return services.as_talent(request.actor, request.edition)


def fresh(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What to ask, and what fits, reckoned now: a part of the page "for you", or a page alone."""
    from talex.fair import asking

    talent = _own(request)
    found = asking.fresh(request.edition, talent)
    words = words_of(request.edition)
    barred = is_suspended(request.edition.pk, talent.person_id)
    form = QuestionsForm(questions=found.questions, top=found.top) if found.questions else None
    return render(
        request,
        "fair/_fresh.html" if getattr(request, "htmx", None) else "fair/fresh.html",
        {
            "form": form,
            "near": [
                (
                    one,
                    reasons.told(one.reasons, words),
                    show.pay_line(one.opening),
                )
                for one in found.near
            ],
            "shut": {
                one.opening.pk
                for one in found.near
                if barred
                or services.conference_over(request.edition)
                or not services.takes_requests(one.opening, request.edition)
            },
            "compared": found.compared,
            "waits": found.waits,
            "crumbs": [
                {
                    "label": _("For you"),
                    "url": reverse("fair:for_you", kwargs={"edition": edition}),
                },
                {"label": _("More openings that fit")},
            ],
        },
    )


def answer(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Save the answers; the list is reckoned anew."""
    _own(request)
    home = reverse("fair:for_you", kwargs={"edition": edition})

    def call(data: dict[str, Any], key: str) -> int:
        return services.answer_questions(request.actor, request.edition, data)

    def told(changed: int) -> str:
        if not changed:
            return str(_("Your answers are saved, and the openings below follow them."))
        return ngettext(
            "Your answers are saved; %(count)d proposal has another score now.",
            "Your answers are saved; %(count)d proposals have another score now.",
            changed,
        ) % {"count": changed}

    data = request.POST if request.method == "POST" else None
    return service_form(
        request,
        QuestionsForm(data, parts=parts_sent(data or request.GET)),
        call,
        success_url=home,
        success=told,
        context={
            "heading": _("Questions that help most"),
            "submit_label": _("Save the answers"),
            "cancel_url": home,
            "crumbs": [{"label": _("For you"), "url": home}, {"label": _("Questions")}],
        },
    )


def of_opening(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """What an opening that says little should say next, for who may change it."""
    from talex.fair import asking

    opening = queries.opening(request.actor, request.edition, pk)
    if not rules.can_edit_opening(request.actor, opening):
        raise NotAllowed
    found = asking.of_opening(request.edition, opening)
    asked = [
        (
            question_label(OPENING_FIELDS[one.component], "opening"),
            OPENING_FIELDS[one.component],
            round(one.moved),
        )
        for one in found
    ]
    return render(
        request,
        "fair/_opening_questions.html" if getattr(request, "htmx", None) else "fair/questions.html",
        {"opening": opening, "asked": asked},
    )
