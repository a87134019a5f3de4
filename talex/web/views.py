"""The site's own pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from talex.accounts.http import ActorRequest
from talex.accounts.queries import any_account
from talex.core.errors import NotAllowed
from talex.editions import queries, rules
from talex.editions.http import EditionRequest
from talex.web.home import begun_editions, may_enter, my_edition, my_editions


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """For visitors the conferences; for those signed in, what they have to do next."""
    actor = request.actor
    if not actor.signed_in:
        if not any_account():
            return render(request, "web/first_steps.html")
        return render(request, "web/visitors.html", {"editions": queries.editions(actor)})
    mine = my_editions(actor)
    if not actor.all_powerful:
        taking_part = {one.edition.pk for one in mine}
        every = [one for one in queries.editions(actor) if one.pk not in taking_part]
        mine += begun_editions(actor, every)
    shown = {one.edition.pk for one in mine}
    others = [edition for edition in queries.editions(actor) if edition.pk not in shown]
    return render(
        request,
        "web/home.html",
        {
            "mine": mine,
            "others": others,
            "may_create": rules.can_create_edition(actor),
            "may_list": actor.all_powerful or bool(actor.editions("organiser")),
        },
    )


@require_safe
def edition_home(request: EditionRequest, edition: str) -> HttpResponse:
    """One's own page of a conference: what do I have to do next."""
    actor = request.actor
    if not actor.signed_in:
        raise NotAllowed()
    if not may_enter(actor, request.edition):
        return redirect("editions:landing", edition=edition)
    return render(request, "web/edition_home.html", {"mine": my_edition(actor, request.edition)})
