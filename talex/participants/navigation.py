"""The pages of this room in the navigation, and what its people have to do next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep, register_next_steps
from talex.editions.roles import Role
from talex.editions.rules import is_office
from talex.participants import queries, rules
from talex.participants.models import Participation, Talent
from talex.ui.nav import NavItem, register


def _audit(actor: Any, edition: Any) -> bool:
    return edition is not None and rules.can_list_talents(actor, edition.pk)


def _office(actor: Any, edition: Any) -> bool:
    return edition is not None and rules.can_review_same(actor, edition.pk)


def _sees_talents(actor: Any, edition: Any) -> bool:
    return edition is not None and (
        rules.can_list_talents(actor, edition.pk)
        or actor.has(edition.pk, Role.DELEGATE, Role.PARTNER)
    )


def _is_talent(actor: Any, edition: Any) -> bool:
    return edition is not None and actor is not None and actor.has(edition.pk, Role.TALENT)


def _is_met(actor: Any, edition: Any) -> bool:
    return edition is not None and actor is not None and actor.has(edition.pk, "talent", "delegate")


def steps(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """The office: verify people, look at doubles, invite organisations; talents: their profile."""
    here = {"edition": edition.slug}
    if is_office(actor, edition.pk):
        count = queries.not_verified(actor, edition.pk).count()
        if count:
            yield NextStep(
                key="participants.verify",
                title=_("Verify talents"),
                text=_("They registered and nobody has looked yet whether they are who they say."),
                url=reverse("participants:talents", kwargs=here) + "?verified=no",
                icon="check-circle",
                action=_("Look at them"),
                order=30,
                count=count,
            )
        if not Participation.objects.filter(edition=edition).exists():
            yield NextStep(
                key="participants.organisations",
                title=_("Bring in organisations"),
                text=_("No organisation takes part yet."),
                url=reverse("participants:organisations", kwargs=here),
                icon="building",
                action=_("Add organisations"),
                order=25,
            )
    if actor.has(edition.pk, Role.TALENT):
        own = queries.own_talent(actor, edition.pk)
        missing = _missing(own) if own is not None and own.withdrawn_at is None else []
        if missing:
            yield NextStep(
                key="participants.profile",
                title=_("Complete your profile"),
                text=_("Organisations find you by it. Still missing: %(what)s.")
                % {"what": pgettext("between names", ", ").join(missing)},
                url=reverse("participants:own_edit", kwargs=here),
                icon="user",
                action=_("Complete it"),
                order=10,
            )

        if own is not None and own.withdrawn_at is None and not _shared(own):
            yield NextStep(
                key="participants.sharing",
                title=_("Decide what is shared"),
                text=_("Nobody can find you yet: you share your profile with no organisation."),
                url=reverse("participants:own_consents", kwargs=here),
                icon="lock",
                action=_("Decide"),
                order=5,
            )


def _missing(talent: Talent) -> list[str]:
    """What organisations look for and the profile does not say."""
    wanted: tuple[tuple[object, Any], ...] = (
        (talent.degree_level, _("Degree")),
        (talent.skills, _("Skills")),
        (talent.languages, _("Languages")),
    )
    return [str(name) for there, name in wanted if not there]


def _shared(talent: Talent) -> bool:
    """Whether any consent makes the talent visible to somebody."""
    return not {purpose for purpose, _to in rules.consents_given(talent)}.isdisjoint(
        {rules.PROFILE, rules.PARTNERS}
    )


def install() -> None:
    """Called once, when the room starts."""
    register_next_steps(steps)
    for item in (
        NavItem(
            key="own-profile",
            label=_("My profile here"),
            url_name="participants:own",
            icon="user",
            section="people",
            order=5,
            visible=_is_talent,
            also=("participants:talent", "participants:talent_edit", "participants:person_erase"),
        ),
        NavItem(
            key="own-times",
            label=_("When I can meet"),
            url_name="participants:own_times",
            icon="clock",
            section="people",
            order=6,
            visible=_is_met,
            also=("participants:talent_times", "participants:delegate_times"),
        ),
        NavItem(
            key="talents",
            label=_("Talents"),
            url_name="participants:talents",
            icon="users",
            section="people",
            order=10,
            visible=_sees_talents,
            also=("participants:person_erase",),
        ),
        NavItem(
            key="organisations",
            label=_("Organisations"),
            url_name="participants:organisations",
            icon="building",
            section="people",
            order=20,
            also=("participants:delegate_edit",),
        ),
        NavItem(
            key="delegates",
            label=_("Delegates"),
            url_name="participants:delegates",
            icon="badge",
            section="people",
            order=30,
            visible=_audit,
        ),
        NavItem(
            key="consents",
            label=_("Consents"),
            url_name="participants:consents",
            icon="lock",
            section="people",
            order=35,
            visible=_audit,
            also=("participants:own_receipt",),
        ),
        NavItem(
            key="same-person",
            label=_("Same person?"),
            url_name="participants:candidates",
            icon="copy",
            section="people",
            order=40,
            visible=_office,
        ),
    ):
        register(item)
