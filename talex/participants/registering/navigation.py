"""What somebody who registers has to do next, and where their project is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition, EditionState
from talex.editions.next_steps import NextStep, register_next_steps
from talex.editions.roles import Role
from talex.participants.registering.models import Draft
from talex.ui.nav import NavItem, register


def steps(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """Go on with what was begun; else register, where nobody is anything here yet."""
    if actor.user is None:
        return
    here = {"edition": edition.slug}
    begun = list(
        Draft.objects.filter(
            user_id=actor.user, edition=edition, sent_at__isnull=True, revision__gt=1
        ).values_list("kind", "record")
    )
    for kind, record in begun:
        yield NextStep(
            key=f"registering.{kind}",
            title=_("Go on with your registration") if record is None else _("Send your changes"),
            text=_("Your answers are kept, also when you go on with another device."),
            # Changes are sent on the summary; a registration goes on where it stopped.
            url=reverse(
                "registering:begin" if record is None else "registering:check",
                kwargs={**here, "kind": kind},
            ),
            icon="user",
            action=_("Go on"),
            order=4,
            urgent=True,
        )
    inside = actor.all_powerful or any(grant.edition == edition.pk for grant in actor.grants)
    if edition.state == EditionState.OPEN and not inside and not begun:
        yield NextStep(
            key="registering.start",
            title=_("Register"),
            text=_("Tell what you can and what you look for; it takes five minutes."),
            url=reverse("registering:start", kwargs=here),
            icon="user",
            action=_("Register"),
            order=5,
        )


def _is_owner(actor: Any, edition: Any) -> bool:
    return edition is not None and actor is not None and actor.has(edition.pk, Role.OWNER)


def install() -> None:
    """Called once, when the room starts."""
    register_next_steps(steps)
    register(
        NavItem(
            key="own-projects",
            label=_("My project"),
            url_name="registering:project",
            icon="file",
            section="people",
            order=7,
            visible=_is_owner,
        )
    )
