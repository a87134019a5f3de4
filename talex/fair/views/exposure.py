"""The report on exposure, for the organiser alone."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from talex.editions.http import EditionRequest
from talex.fair import exposure


@require_safe
def page(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Groups side by side, the small ones kept back."""
    found = exposure.report(request.actor, request.edition)
    return render(
        request,
        "fair/exposure.html",
        {
            "crumbs": [{"label": _("Exposure")}],
            "report": found,
            "source": exposure.SOURCE,
            "small": exposure.SMALL,
            "parts": [
                (exposure.KINDS[kind],
                 [(exposure.label(kind, one.group), exposure.plain(one)) for one in rows])
                for kind, rows in found.kinds.items()
            ],
        },
    )  # fmt: skip
