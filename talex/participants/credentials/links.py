"""How cases look in a list, and the way to them from the page of whom they are about."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.participants.credentials import queries
from talex.participants.credentials.choices import CaseState

LOOKS = {
    CaseState.ACCEPTED: "ok",
    CaseState.WAITING: "info",
    CaseState.RETURNED: "warning",
    CaseState.EXPIRED: "warning",
    CaseState.REFUSED: "danger",
}


def look_of(state: str) -> str:
    """With which look the state of a case is told."""
    return LOOKS.get(CaseState(state), "none")


def case_links(actor: Actor, edition: Edition, **about: Any) -> list[dict[str, Any]]:
    """Those of the cases about somebody or something that the actor may see, the newest first."""
    rows = queries.cases(actor, edition).filter(**about).order_by("-opened_at", "pk")
    return [
        {
            "label": row.get_kind_display(),
            "look": look_of(row.state),
            "state": row.get_state_display(),
            "url": reverse("credentials:case", kwargs={"edition": edition.slug, "case": row.pk}),
        }
        for row in rows
    ]
