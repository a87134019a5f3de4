"""The pages of this room in the navigation, and what its people have to do next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Message
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep, register_next_steps
from talex.editions.rules import is_office
from talex.participants.credentials import queries, rules
from talex.participants.credentials.choices import CaseState
from talex.participants.credentials.models import JoinState
from talex.ui.nav import NavItem, register

# What belongs to verification, whichever of the two entries the reader has.
PAGES = (
    "credentials:case",
    "credentials:refuse",
    "credentials:let_in",
    "credentials:requests",
    "credentials:answer",
)


def _queue(actor: Any, edition: Any) -> bool:
    return edition is not None and actor is not None and rules.can_see_queue(actor, edition)


def _own(actor: Any, edition: Any) -> bool:
    return (
        edition is not None
        and actor is not None
        and (actor.has(edition.pk, "talent") or bool(actor.organisations(edition.pk, pending=True)))
    )


def steps(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """The office: check papers; others: hand theirs in, mend what was returned, answer requests."""
    here = {"edition": edition.slug}
    if is_office(actor, edition.pk):
        waiting = queries.waiting(actor, edition).count()
        if waiting:
            yield NextStep(
                key="credentials.queue",
                title=_("Check papers"),
                text=_("Organisations and talents handed documents in and wait."),
                url=reverse("credentials:queue", kwargs=here),
                icon="check-circle",
                action=_("Begin with the oldest"),
                order=28,
                count=waiting,
            )
    elif actor.user is not None:
        for case in queries.own_cases(actor, edition):
            if case.state in (CaseState.GATHERING, CaseState.RETURNED):
                back = case.state == CaseState.RETURNED
                yield NextStep(
                    key=f"credentials.case.{case.pk}",
                    title=_("Mend what was returned") if back else _("Hand your documents in"),
                    text=case.get_reason_display() if back else "",
                    url=reverse("credentials:case", kwargs={**here, "case": case.pk}),
                    icon="upload",
                    action=_("See what is missing"),
                    order=4,
                    urgent=back,
                )
    asked = queries.requests_to_answer(actor, edition).count()
    if asked:
        yield NextStep(
            key="credentials.requests",
            title=_("Somebody asks to act for an organisation"),
            url=reverse("credentials:requests", kwargs=here),
            icon="users",
            action=_("Answer"),
            order=15,
            count=asked,
        )
    yield from _asked_oneself(actor, edition)
    inside = actor.all_powerful or any(g.edition == edition.pk for g in actor.grants)
    if rules.can_register(actor, edition) and not inside:
        yield NextStep(
            key="credentials.register",
            title=_("Register an organisation"),
            text=_("For employers, universities, parks and others who offer something."),
            url=reverse("credentials:register", kwargs={**here, "step": "name"}),
            icon="building",
            action=_("Register it"),
            order=6,
        )


#: So long a request that was declined stands among the next steps.
DECLINED_DAYS = timedelta(days=30)


def _asked_oneself(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """Where a request to act for an organisation stands; not once the asker acts for one."""
    if actor.user is None or actor.organisations(edition.pk, pending=True):
        return
    latest = queries.requests_made(actor, edition).first()
    if latest is None or latest.state == JoinState.ACCEPTED:
        return
    declined = latest.state == JoinState.DECLINED
    if declined and latest.decided_at and latest.decided_at < clock.now() - DECLINED_DAYS:
        return
    # Whoever asks knows the number; the name is told to those who are let in.
    number = latest.organisation.registration_number
    yield NextStep(
        key=f"credentials.asked.{latest.pk}",
        title=_asked_title(declined, number),
        text=latest.reason if declined else _("You get a mail when it is answered."),
        url=reverse("credentials:requests", kwargs={"edition": edition.slug}),
        icon="users",
        action=_("See where it stands"),
        order=16,
    )


def _asked_title(declined: bool, number: str) -> Message:
    """Without a number where the office took it away meanwhile."""
    if not number:
        if declined:
            return _("Your request was declined")
        return _("You asked to act for an organisation")
    if declined:
        return _("Your request was declined (%(number)s)") % {"number": number}
    return _("You asked to act for an organisation (%(number)s)") % {"number": number}


def install() -> None:
    """Called once, when the room starts."""
    register_next_steps(steps)
    for item in (
        NavItem(
            key="verification",
            label=_("Verification"),
            url_name="credentials:queue",
            icon="check-circle",
            section="people",
            order=35,
            visible=_queue,
            also=("credentials:own", *PAGES),
        ),
        NavItem(
            key="own-verification",
            label=_("My verification"),
            url_name="credentials:own",
            icon="check-circle",
            section="people",
            order=7,
            visible=_own,
            also=PAGES,
        ),
    ):
        register(item)
