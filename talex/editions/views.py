"""Pages of an edition."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from talex.editions.http import EditionRequest


def landing(request: EditionRequest, edition: str) -> HttpResponse:
    """The edition's front page, for everybody."""
    return render(request, "editions/landing.html", {"edition": request.edition})
