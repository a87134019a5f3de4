"""Which edition this page belongs to."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from talex.core.errors import NotFound
from talex.editions.queries import edition_by_slug
from talex.ui import views as pages


class EditionMiddleware:
    """Set `request.edition` from the url keyword `edition`, and read times in its zone.

    On a page of an edition the venue's zone counts, everywhere else the reader's own. A view still
    receives the keyword. Who may not see the edition gets the same 404 as for one that is not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.edition = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        slug = kwargs.get("edition")
        if slug is None:
            return None
        try:
            edition = edition_by_slug(request.actor, slug)  # type: ignore[attr-defined]
        except NotFound as error:
            # Django does not hand what is raised here to process_exception.
            return pages.not_found(request, error)
        request.edition = edition  # type: ignore[attr-defined]
        timezone.activate(zoneinfo.ZoneInfo(edition.time_zone))
        return None
