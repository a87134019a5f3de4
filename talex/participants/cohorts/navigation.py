"""The pages of this room in the navigation, and what its people have to do next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep, register_next_steps
from talex.editions.rules import can_audit
from talex.participants.cohorts import queries, rules
from talex.participants.cohorts.models import Member, MemberState
from talex.ui.nav import NavItem, register


def _runs(actor: Any, edition: Any) -> bool:
    return (
        edition is not None
        and actor is not None
        and (can_audit(actor, edition.pk) or bool(rules.universities(actor, edition)))
    )


def _own(actor: Any, edition: Any) -> bool:
    return edition is not None and actor is not None and actor.has(edition.pk, "talent")


def steps(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """The university: confirm who joined; who gave a code before registering: register."""
    here = {"edition": edition.slug}
    if actor.organisations(edition.pk) and not can_audit(actor, edition.pk):
        for cohort in queries.cohorts(actor, edition)[:20]:
            waiting = Member.objects.filter(
                rules.agreed(cohort), cohort=cohort, state=MemberState.WAITING
            ).count()
            if waiting:
                url = reverse("cohorts:members", kwargs={**here, "cohort": cohort.pk})
                yield NextStep(
                    key=f"cohorts.confirm.{cohort.pk}",
                    title=_("Confirm your graduates"),
                    text=cohort.name,
                    url=f"{url}?state={MemberState.WAITING.value}",
                    icon="check-circle",
                    action=_("See who joined"),
                    order=12,
                    count=waiting,
                )
        if rules.universities(actor, edition) and not queries.cohorts(actor, edition).exists():
            # Before an opening (fair: 20): a university comes with its graduates.
            yield NextStep(
                key="cohorts.open",
                title=_("Bring your graduates along"),
                text=_("Open a cohort, and give them its code or invite them by a list."),
                url=reverse("cohorts:new", kwargs=here),
                icon="users",
                action=_("Open a cohort"),
                order=18,
            )
    if queries.noted(actor, edition).exists():
        yield NextStep(
            key="cohorts.register",
            title=_("Register, and you are in your university's cohort"),
            url=reverse("registering:begin", kwargs={**here, "kind": "talent"}),
            icon="users",
            action=_("Go on"),
            order=3,
        )


def install() -> None:
    """Called once, when the room starts."""
    register_next_steps(steps)
    for item in (
        NavItem(
            key="cohorts",
            label=_("Cohorts"),
            url_name="cohorts:list",
            icon="users",
            section="people",
            order=32,
            visible=_runs,
        ),
        NavItem(
            key="own-cohorts",
            label=_("My university"),
            url_name="cohorts:own",
            icon="users",
            section="people",
            order=8,
            visible=_own,
            also=("cohorts:code", "cohorts:join", "cohorts:invited"),
        ),
    ):
        register(item)
