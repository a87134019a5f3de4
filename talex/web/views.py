"""The site's own pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from talex.accounts.http import ActorRequest
from talex.editions.queries import editions


def home(request: ActorRequest) -> HttpResponse:
    """The conferences of this installation."""
    return render(request, "web/home.html", {"editions": editions(request.actor)})
