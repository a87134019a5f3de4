"""Who is let in before what they sent is looked at.

The services say who may, and know the thing it is about; but a body of the wrong shape never
reaches them. So that its faults are told only to who may send a right one, a refusal of the body
first asks here for the least that whoever does this holds. A right body costs nothing.
"""

from __future__ import annotations

import re

from django.http import HttpRequest

from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.editions.roles import Role
from talex.editions.rules import is_office

HERE = "/api/editions/{slug}/"
_PARAMETER = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")

SITE = frozenset({"POST /api/editions", "POST /api/users", "PUT /api/matching/model"})
"""The administrators of the installation."""

OFFICE = frozenset(
    {
        "PATCH /api/editions/{slug}",
        f"POST {HERE}abuse-reports/{{pk}}/appeal",
        f"POST {HERE}abuse-reports/{{pk}}/decide",
        f"POST {HERE}activities",
        f"POST {HERE}bulletins/{{number}}/withdraw",
        f"POST {HERE}campaign-texts",
        f"POST {HERE}campaign-texts/{{template}}/test",
        f"POST {HERE}campaigns",
        f"POST {HERE}campaigns/{{campaign}}/approve",
        f"POST {HERE}campaigns/{{campaign}}/give-back",
        f"POST {HERE}campaigns/{{campaign}}/submit",
        f"POST {HERE}collecting/approve",
        f"POST {HERE}halls",
        f"POST {HERE}imports/{{pk}}/accept",
        f"POST {HERE}imports/{{pk}}/exclude",
        f"POST {HERE}imports/{{pk}}/identical",
        f"POST {HERE}matches/decide",
        f"POST {HERE}matches/run",
        f"POST {HERE}meetings",
        f"POST {HERE}meetings/{{pk}}/lock",
        f"POST {HERE}meetings/{{pk}}/move",
        f"POST {HERE}opening-lists",
        f"POST {HERE}reach",
        f"POST {HERE}roles",
        f"POST {HERE}snapshots",
        f"POST {HERE}snapshots/{{number}}/release",
        f"POST {HERE}state",
        f"POST {HERE}talents",
        f"POST {HERE}terms",
        f"POST {HERE}terms/suggestions/dismiss",
        f"POST {HERE}timetable",
        f"POST {HERE}timetable/plan/{{pk}}",
        f"POST {HERE}timetable/plan/{{pk}}/lock",
        f"POST {HERE}timetable/plan/{{pk}}/preview",
        f"POST {HERE}timetable/releases",
        f"POST {HERE}timetable/repairs",
        f"POST {HERE}timetable/repairs/preview",
        f"POST {HERE}verification/decide",
        f"POST {HERE}verification/{{case}}/refuse",
        f"POST {HERE}webhooks",
        f"POST {HERE}webhooks/{{endpoint}}/switch",
        f"PUT {HERE}activities/{{pk}}",
        f"PUT {HERE}campaign-texts/{{template}}",
        f"PUT {HERE}campaigns/{{campaign}}",
        f"PUT {HERE}collecting/quotas/{{organisation}}",
        f"PUT {HERE}collecting/rules",
        f"PUT {HERE}days/{{day}}",
        f"PUT {HERE}halls/{{pk}}",
        f"PUT {HERE}organisations/{{organisation}}/part",
        f"PUT {HERE}request-limits",
        f"PUT {HERE}terms/{{pk}}",
        f"PUT {HERE}timetable/rules",
        f"PUT {HERE}webhooks/{{endpoint}}",
    }
)
"""The office alone."""

EMPLOYERS = frozenset(
    {
        f"PATCH {HERE}cohorts/{{cohort}}",
        f"PATCH {HERE}delegates/{{delegate}}",
        f"PATCH {HERE}organisations/{{organisation}}",
        f"POST {HERE}belonging",
        f"POST {HERE}belonging/end",
        f"POST {HERE}belonging/{{belonging}}/answer",
        f"POST {HERE}cohorts",
        f"POST {HERE}cohorts/{{cohort}}/members/decide",
        f"POST {HERE}collecting/pass",
        f"POST {HERE}collecting/return",
        f"POST {HERE}interests/invite",
        f"POST {HERE}meetings/{{pk}}/outcome",
        f"POST {HERE}openings",
        f"POST {HERE}openings/state",
        f"POST {HERE}organisations/{{organisation}}/delegates",
        f"POST {HERE}organisations/{{organisation}}/invitations",
        f"POST {HERE}requests-to-act/{{join_request}}/answer",
        f"POST {HERE}shortlist",
        f"POST {HERE}shortlist/off",
        f"PUT {HERE}delegates/{{delegate}}/availability",
        f"PUT {HERE}delegates/{{delegate}}/role",
        f"PUT {HERE}openings/{{pk}}",
        f"PUT {HERE}verification/{{case}}/number",
    }
)
"""Delegates, also of organisations that wait to be let in, and the office."""

SIDES = frozenset(
    {
        f"PATCH {HERE}searches/{{pk}}",
        f"POST {HERE}applications/decline-arranged",
        f"POST {HERE}blocks",
        f"POST {HERE}conversations/{{talent}}/{{opening}}",
        f"POST {HERE}hidden",
        f"POST {HERE}interests/{{pk}}/answer",
        f"POST {HERE}interests/{{pk}}/withdraw",
        f"POST {HERE}meetings/{{pk}}/cancel",
        f"POST {HERE}meetings/{{pk}}/proposals",
        f"POST {HERE}meetings/{{pk}}/rungs",
        f"POST {HERE}meetings/{{pk}}/say",
        f"POST {HERE}proposals/{{pk}}/answer",
        f"POST {HERE}refusals",
        f"POST {HERE}searches",
        f"POST {HERE}verification",
        f"POST {HERE}verification/{{case}}/submit",
    }
)
"""Either side of the fair, and the office."""

TALENTS = frozenset(
    {
        f"PATCH {HERE}talents/{{talent}}",
        f"POST {HERE}interests/ask",
        f"POST {HERE}questions",
        f"PUT {HERE}cohorts/mine/{{member}}",
        f"PUT {HERE}talents/{{talent}}/availability",
        f"PUT {HERE}talents/{{talent}}/consents",
        f"PUT {HERE}talents/{{talent}}/consents/abroad",
        f"PUT {HERE}talents/{{talent}}/shares/{{organisation}}",
    }
)
"""Talents and project owners, and the office."""


def path_of(route: str) -> str:
    """A route of Django as the description of the API writes it."""
    return _PARAMETER.sub(r"{\1}", route).lstrip("/")


def address_of(request: HttpRequest) -> str:
    """What was called, as it stands in the sets above and in the description of the API."""
    match = request.resolver_match
    return f"{request.method} /{path_of(match.route) if match else ''}"


def let_in(request: HttpRequest) -> None:
    """Raises `NotFound` for a conference that the actor does not see, `NotAllowed` for what nobody
    of their roles does there. What passes may still be refused by the service."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    match = request.resolver_match
    if match is None:
        return
    address = address_of(request)
    if address in SITE and not actor.all_powerful:
        raise NotAllowed
    if "slug" not in match.kwargs:
        return
    edition = edition_by_slug(actor, match.kwargs["slug"])
    if not _may(actor, edition, address):
        raise NotAllowed


def _may(actor: Actor, edition: Edition, address: str) -> bool:
    if is_office(actor, edition.pk):
        return True
    employer = bool(actor.organisations(edition.pk, pending=True))
    talent = actor.has(edition.pk, Role.TALENT, Role.OWNER)
    if address in OFFICE:
        return False
    if address in EMPLOYERS:
        return employer
    if address in TALENTS:
        return talent
    return address not in SIDES or employer or talent
