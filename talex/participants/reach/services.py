"""The office makes links; visits and registrations are counted, and nobody is followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.participants.arrivals import Arrival
from talex.participants.facts import plain
from talex.participants.reach import rules
from talex.participants.reach.countries import country_of
from talex.participants.reach.models import Channel, Link, Registrations, Target, Visits


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLink:
    """`name`: what the office calls it; `channel` and `target`: of `Channel` and `Target`."""

    edition: UUID
    name: str
    channel: str
    target: str = Target.HOME.value


def make_link(actor: Actor, command: MakeLink) -> Link:
    """Make a link. Raises `NotFound`, `NotAllowed`, `Invalid`."""
    if not Edition.objects.filter(pk=command.edition).exists():
        raise NotFound
    if not rules.can_make(actor, command.edition):
        raise NotAllowed
    name = " ".join(plain(command.name).split())
    faults: dict[str, Message] = {}
    if not 0 < len(name) <= 200:
        faults["name"] = _("Give it a name of at most 200 characters.")
    if command.channel not in Channel.values:
        faults["channel"] = _("Choose a channel.")
    if command.target not in Target.values:
        faults["target"] = _("Choose a page.")
    if faults:
        raise Invalid(faults)
    with work():
        link = Link.objects.create(
            edition_id=command.edition,
            name=name,
            channel=command.channel,
            target=command.target,
        )
        record(
            "reach.link_made",
            actor=actor,
            edition=command.edition,
            obj=link,
            facts={"channel": link.channel, "target": link.target},
        )
    return link


def close_link(actor: Actor, link_id: UUID) -> Link:
    """It still leads to the page, so that no poster is broken, but nothing is counted any more."""
    with work():
        link = Link.objects.select_for_update().filter(pk=link_id).first()
        if link is None or not rules.can_see_link(actor, link):
            raise NotFound
        if not rules.can_make(actor, link.edition_id):
            raise NotAllowed
        if link.closed_at is None:
            link.closed_at = clock.now()
            link.save(update_fields=["closed_at"])
            record("reach.link_closed", actor=actor, edition=link.edition_id, obj=link)
    return link


def count_visit(link: Link) -> None:
    """One more on this day in this language; nothing else of the visitor is looked at."""
    if link.closed_at is not None:
        return
    with transaction.atomic():
        _add(Visits, link=link, day=clock.now().date(), language=_language())


def count_registration(actor: Actor, arrival: Arrival) -> None:
    """One more of this link, language and country; called once a registration, inside of it."""
    if not arrival.reached:
        return
    link = Link.objects.filter(
        code=arrival.reached, edition_id=arrival.edition, closed_at__isnull=True
    ).first()
    if link is not None:
        _add(
            Registrations,
            link=link,
            language=_language(),
            country=country_of(arrival.where),
        )


def _language() -> str:
    return (get_language() or "en")[:10]


def _add(model: type[models.Model], **key: Any) -> None:
    """Count one. Two at once both count: the row is made once and raised in the database."""
    rows: Any = model._default_manager.filter(**key)
    if rows.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            model._default_manager.create(**key, count=1)
    except IntegrityError:  # made by another one at this moment
        rows.update(count=F("count") + 1)
