"""The site's own pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from talex.accounts.http import ActorRequest
from talex.accounts.queries import any_account
from talex.core.errors import NotAllowed
from talex.editions import queries, rules
from talex.editions.http import EditionRequest
from talex.editions.models import Edition
from talex.web.home import MyEdition, begun_editions, may_enter, my_edition, my_editions


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """For visitors the conferences; for those signed in, what they have to do next."""
    actor = request.actor
    if not actor.signed_in:
        if not any_account():
            return render(request, "web/first_steps.html")
        return render(request, "web/visitors.html", {"editions": queries.editions(actor)})
    mine = my_editions(actor)
    others = _but(queries.editions(actor), mine)
    if not actor.all_powerful:
        begun = begun_editions(actor, others)
        mine, others = [*mine, *begun], _but(others, begun)
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


def _but(editions: Iterable[Edition], shown: Iterable[MyEdition]) -> list[Edition]:
    """The editions without those that are shown already."""
    taken = {one.edition.pk for one in shown}
    return [edition for edition in editions if edition.pk not in taken]


@require_safe
def edition_home(request: EditionRequest, edition: str) -> HttpResponse:
    """One's own page of a conference: what do I have to do next."""
    actor = request.actor
    if not actor.signed_in:
        raise NotAllowed()
    if not may_enter(actor, request.edition):
        return redirect("editions:landing", edition=edition)
    return render(request, "web/edition_home.html", {"mine": my_edition(actor, request.edition)})
