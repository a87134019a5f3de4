"""`talex consent ...`: what people share with whom in a conference."""

from __future__ import annotations

from uuid import UUID

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.models import ConsentPurpose
from talex.editions.queries import edition_by_slug
from talex.participants import queries, services
from talex.participants.abroad import abroad_of
from talex.participants.commands import SetAbroad, SetConsents, ShareContact
from talex.participants.models import Talent
from talex.participants.services.consents import current_consents, shared_with

TO = click.option("--to", type=click.UUID, help=_("This organisation only; else all."))


@click.group(help=_("Show, give and withdraw what a talent shares."))
def command() -> None:
    """Translated above."""


@command.command("show", help=_("What a talent shares now, and what was given and withdrawn."))
@click.argument("edition")
@click.argument("talent", type=click.UUID)
@json_option
def show(edition: str, talent: UUID) -> None:
    found = queries.talent(SYSTEM, talent, edition_by_slug(SYSTEM, edition).pk)
    names = queries.recipients(found)
    told = [
        {
            "purpose": row.purpose,
            "recipient": row.recipient,
            "name": names.get(row.recipient, ""),
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
            "wording": row.wording,
            "source": row.source,
        }
        for row in queries.consents(found)
    ]
    columns = {
        "purpose": _("Purpose"),
        "name": _("Only for"),
        "given_at": _("Given"),
        "withdrawn_at": _("Withdrawn"),
    }
    voice().table(told, columns, empty=_("Nothing was agreed to."))


def _held(talent: Talent, to: UUID | None) -> list[str]:
    if to is None:
        far = [ConsentPurpose.ABROAD.value] if abroad_of(talent).agreed else []
        return current_consents(talent) + far
    return [str(p) for one, what in shared_with(talent) if one.pk == to for p in what]


def _change(edition: str, talent: UUID, purpose: str, to: UUID | None, give: bool) -> None:
    found = queries.talent(SYSTEM, talent, edition_by_slug(SYSTEM, edition).pk)
    if purpose == ConsentPurpose.ABROAD:
        services.set_abroad(SYSTEM, SetAbroad(talent=found.pk, agreed=give, organisation=to))
        _tell(found, to)
        return
    held = [p for p in _held(found, to) if p != ConsentPurpose.ABROAD]
    wanted = [p for p in held if p != purpose] + ([purpose] if give else [])
    if to is None:
        services.set_consents(SYSTEM, SetConsents(talent=found.pk, purposes=wanted))
    else:
        services.share_contact(
            SYSTEM,
            ShareContact(
                talent=found.pk, organisation=to, share=bool(wanted), purposes=tuple(wanted)
            ),
        )
    _tell(found, to)


def _tell(found: Talent, to: UUID | None) -> None:
    now = _held(found, to)
    voice().tell(
        {"talent": found.pk, "recipient": to, "purposes": now},
        ", ".join(str(ConsentPurpose(p).label) for p in now) or _("Nothing is shared."),
    )


@command.command("give", help=_("Write down that a talent agreed."))
@click.argument("edition")
@click.argument("talent", type=click.UUID)
@click.argument("purpose", type=click.Choice(ConsentPurpose.values))
@TO
@json_option
def give(edition: str, talent: UUID, purpose: str, to: UUID | None) -> None:
    _change(edition, talent, purpose, to, True)


@command.command("withdraw", help=_("Write down that a talent took it back."))
@click.argument("edition")
@click.argument("talent", type=click.UUID)
@click.argument("purpose", type=click.Choice(ConsentPurpose.values))
@TO
@json_option
def withdraw(edition: str, talent: UUID, purpose: str, to: UUID | None) -> None:
    _change(edition, talent, purpose, to, False)
