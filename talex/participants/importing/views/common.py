"""What the pages of imports share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.editions.http import EditionRequest
from talex.participants.importing import queries
from talex.participants.importing.models import Import, ImportState
from talex.participants.importing.registry import target_of
from talex.participants.importing.rules import can_change_import

_STEPS = (
    (_("File"), ()),
    (_("Columns"), (ImportState.UPLOADED, ImportState.MAPPED)),
    (_("Preview"), (ImportState.PARSING, ImportState.PREVIEWED)),
    (_("Import"), (ImportState.APPLYING, ImportState.APPLIED)),
)


def found(request: EditionRequest, pk: UUID) -> Import:
    """The import of the address; NotFound where the reader may not see it."""
    return queries.import_of(request.actor, request.edition, pk)


def url(one: Import, name: str = "import", **more: Any) -> str:
    """The address of a page of the import."""
    return reverse(f"importing:{name}", kwargs={"edition": one.edition.slug, "pk": one.pk, **more})


def steps(state: str) -> list[dict[str, Any]]:
    """The four steps, with what is done and where one is."""
    at = next((i for i, (_label, states) in enumerate(_STEPS) if state in states), 0)
    return [
        {"label": label, "done": i < at or state == ImportState.APPLIED, "current": i == at}
        for i, (label, _states) in enumerate(_STEPS)
    ]


def context(request: EditionRequest, one: Import, **more: Any) -> dict[str, Any]:
    """What every page of an import shows."""
    return {
        "one": one,
        "target": target_of(one.target),
        "steps": steps(one.state),
        "may_change": can_change_import(request.actor, one),
        "crumbs": [
            {
                "label": _("Imports"),
                "url": reverse("importing:imports", kwargs={"edition": request.edition.slug}),
            },
            {"label": one.file_name},
        ],
        **more,
    }
