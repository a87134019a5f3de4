"""The pages of this room in the navigation, and what its people have to do next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions import queries, rules
from talex.editions.models import Edition, EditionState, Privacy
from talex.editions.next_steps import NextStep, register_next_steps
from talex.ui.nav import EditionChoice, NavItem, register, set_edition_choices


def _office(actor: Any, edition: Any) -> bool:
    return edition is not None and rules.is_office(actor, edition.pk)


def _audit(actor: Any, edition: Any) -> bool:
    return edition is not None and rules.can_audit(actor, edition.pk)


def _choices(request: HttpRequest) -> Iterable[EditionChoice]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = queries.editions(actor) if actor.all_powerful else queries.my_editions(actor)
    for edition in mine[:20]:
        url = reverse("web:edition_home", kwargs={"edition": edition.slug})
        yield EditionChoice(edition.slug, edition.name, url)


def steps(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """The office: dress it, appoint people, open it."""
    if not rules.is_office(actor, edition.pk):
        return
    here = {"edition": edition.slug}
    if edition.state == EditionState.DRAFT:
        yield NextStep(
            key="editions.open",
            title=_("Open the conference for registration"),
            text=_("It is in preparation: nobody outside of the office sees it yet."),
            url=reverse("editions:edit", kwargs=here),
            icon="eye",
            action=_("Look it over and open it"),
            order=90,
        )
    if not Privacy.objects.filter(edition=edition).exclude(controller="").exists():
        yield NextStep(
            key="editions.privacy",
            title=_("Say who answers for the data"),
            text=_("People read it before they agree to anything, and on every receipt."),
            url=reverse("editions:privacy", kwargs=here),
            icon="lock",
            action=_("Say who it is"),
            order=30,
        )
    if not edition.description:
        yield NextStep(
            key="editions.describe",
            title=_("Tell visitors what awaits them"),
            text=_("The front page has no description yet."),
            url=reverse("editions:edit", kwargs=here),
            icon="edit",
            action=_("Write the description"),
            order=20,
        )
    if not edition.role_grants.exclude(role="organiser").exists():
        yield NextStep(
            key="editions.appoint",
            title=_("Invite those who work with you"),
            text=_("Judges, partners, press and auditors get their roles by e-mail address."),
            url=reverse("editions:roles", kwargs=here),
            icon="users",
            action=_("Give roles"),
            order=40,
        )


def install() -> None:
    """Called once, when the room starts."""
    set_edition_choices(_choices)
    register_next_steps(steps)
    register(
        NavItem(
            key="edition-settings",
            label=_("Settings"),
            url_name="editions:edit",
            icon="settings",
            section="admin",
            order=900,
            visible=_office,
        )
    )
    register(
        NavItem(
            key="edition-roles",
            label=_("Roles"),
            url_name="editions:roles",
            icon="key",
            section="admin",
            order=910,
            visible=_audit,
        )
    )
    register(
        NavItem(
            key="editions",
            label=_("Conferences"),
            url_name="editions:list",
            icon="globe",
            section="main",
            order=10,
            scope="site",
            visible=lambda actor, edition: bool(
                actor is not None and (actor.all_powerful or actor.editions("organiser"))
            ),
        )
    )
