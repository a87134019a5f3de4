"""The pages of this room in the navigation, and what its people have to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from talex.participants import queries as people
from talex.participants.credentials import queries, rules
from talex.participants.credentials.choices import CaseKind, CaseState
from talex.participants.credentials.models import Case, JoinState
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
        cases = queries.own_cases(actor, edition)
        yield from _degree(actor, edition, cases)
        for case in cases:
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
        if queries.waits_for_check(actor, edition):
            yield NextStep(
                key="credentials.waits",
                title=_("Your organisation waits for the office's check"),
                text=_(
                    "You get a mail when it is let in. Until then only you and the office see it."
                ),
                url=reverse("credentials:own", kwargs=here),
                icon="clock",
                action=_("See where it stands"),
                order=5,
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
    if not rules.can_register(actor, edition):
        return
    begun = queries.draft(actor, edition)
    if begun is not None and begun.answers:
        yield NextStep(
            key="credentials.register",
            title=_("Go on registering your organisation"),
            text=_("Your answers are kept, also when you go on with another device."),
            url=reverse("credentials:register", kwargs={**here, "step": _reached(begun.answers)}),
            icon="building",
            action=_("Go on"),
            order=4,
            urgent=True,
        )
    inside = actor.all_powerful or any(g.edition == edition.pk for g in actor.grants)
    if begun is None and not inside:
        yield NextStep(
            key="credentials.register",
            title=_("Register an organisation"),
            text=_("For employers, universities, parks and others who offer something."),
            url=reverse("credentials:register", kwargs={**here, "step": "name"}),
            icon="building",
            action=_("Register it"),
            order=6,
        )


def _degree(actor: Actor, edition: Edition, cases: Iterable[Case]) -> Iterable[NextStep]:
    """Who registered is told that a degree can be verified; not where it is, or is asked for."""
    talent = people.own_talent(actor, edition.pk)
    if talent is None or talent.withdrawn_at or edition.over or not talent.degree_level:
        return
    asked = any(
        case.kind == CaseKind.DEGREE and case.talent_id and case.state != CaseState.EXPIRED
        for case in cases
    )
    if asked or people.degree_looked_at(talent):
        return
    yield NextStep(
        key="credentials.degree",
        title=_("Have your degree verified"),
        text=_(
            "Hand in your certificate. Organisations see that it was verified, never the document."
        ),
        url=reverse("credentials:own", kwargs={"edition": edition.slug}),
        icon="check-circle",
        action=_("Hand it in"),
        order=12,
    )


def _reached(answers: Mapping[str, Any]) -> str:
    """The first step whose question is not answered yet."""
    asked = {"name": "name", "number": "registration_number", "contact": "person"}
    return next((step for step, name in asked.items() if not answers.get(name)), "send")


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
