"""Reads of the programme that pages and API share."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.programme import rules
from talex.programme.models import Activity, Day, Hall


def halls(actor: Actor, edition: Edition) -> QuerySet[Hall]:
    """The halls of an edition with their number of tables (`table_count`)."""
    return (
        Hall.objects.filter(rules.visible_halls(actor), edition=edition)
        .annotate(table_count=Count("tables"))
        .order_by("code")
    )


def days(edition: Edition) -> QuerySet[Day]:
    return Day.objects.filter(edition=edition).select_related("edition").order_by("date")


def activities(actor: Actor, edition: Edition) -> QuerySet[Activity]:
    """Main activities and side events in the order of time."""
    return (
        Activity.objects.filter(rules.visible_activities(actor), edition=edition)
        .select_related("hall")
        .order_by("starts_at", "id")
    )
