"""`talex edition ...`: make, list, show, open and close conferences, give roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.editions import mailing, queries, role_services, services
from talex.editions.models import Edition, EditionState, Invitation
from talex.editions.roles import GRANTED


def _told(edition: Edition) -> dict[str, Any]:
    names = ("slug", "name", "city", "starts_on", "ends_on", "time_zone", "languages", "state")
    told = {name: getattr(edition, name) for name in names}
    return {"id": edition.pk, **told, "rehearsal": edition.rehearsal}


def _texts(values: tuple[str, ...]) -> TranslatedText:
    """`en=Text` or plain text (in English) as a translated text."""
    found: dict[str, str] = {}
    for value in values:
        code, sign, text = value.partition("=")
        if sign and code.strip().lower() in {"zh-hans", "en", "de"}:
            found[code.strip().lower()] = text.strip()
        else:
            found["en"] = value.strip()
    return TranslatedText(found)


@click.group(help=_("Make, list, show, open and close conferences; give roles."))
def command() -> None:
    """Translated above."""


@command.command("list", help=_("All conferences of this installation."))
@json_option
def list_editions() -> None:
    rows = [_told(edition) for edition in queries.editions(SYSTEM)]
    if not voice().as_json:
        rows = [{**row, "name": str(row["name"]), "city": str(row["city"])} for row in rows]
    columns = {
        "slug": _("Short name"),
        "name": _("Name"),
        "city": _("City"),
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "state": _("State"),
    }
    voice().table(rows, columns, empty=_("There is no conference yet."))


@command.command("create", help=_("Make a conference, in preparation."))
@click.argument("slug")
@click.option(
    "--name",
    multiple=True,
    required=True,
    help=_("Its name; several languages as --name en=… --name zh-hans=…"),
)
@click.option("--city", multiple=True, help=_("Its city, written like the name."))
@click.option("--from", "starts", required=True, type=click.DateTime(["%Y-%m-%d"]),
              help=_("The first day."))  # fmt: skip
@click.option("--to", "ends", required=True, type=click.DateTime(["%Y-%m-%d"]),
              help=_("The last day."))  # fmt: skip
@click.option("--time-zone", default="Asia/Shanghai", show_default=True,
              help=_("The time zone of the venue."))  # fmt: skip
@click.option("--rehearsal", is_flag=True, help=_("Mark it as made up, on every page."))
@click.option("--organiser", help=_("The e-mail address of its first organiser."))
@json_option
def create(
    slug: str,
    name: tuple[str, ...],
    city: tuple[str, ...],
    starts: datetime,
    ends: datetime,
    time_zone: str,
    rehearsal: bool,
    organiser: str | None,
) -> None:
    edition = services.create_edition(
        SYSTEM,
        services.CreateEdition(
            slug=slug,
            name=_texts(name),
            city=_texts(city),
            starts_on=starts.date(),
            ends_on=ends.date(),
            time_zone=time_zone,
            rehearsal=rehearsal,
        ),
    )
    if organiser:
        role_services.grant_role(
            SYSTEM, role_services.GrantRole(edition.pk, organiser, "organiser")
        )
    voice().tell(_told(edition), _("The conference %(slug)s is made.") % {"slug": edition.slug})


@command.command("show", help=_("One conference, with the roles given in it."))
@click.argument("slug")
@json_option
def show(slug: str) -> None:
    edition = queries.edition_by_slug(SYSTEM, slug)
    roles = [
        {"role": grant.role, "email": grant.user.email, "pending": False}
        for grant in queries.grants(SYSTEM, edition)
    ] + [
        {"role": invitation.role, "email": invitation.email, "pending": True}
        for invitation in queries.invitations(SYSTEM, edition)
    ]
    lines = [
        f"{edition.name} ({edition.slug})",
        f"{edition.starts_on} – {edition.ends_on} {edition.city} {edition.time_zone}",
        f"{_('State')}: {edition.get_state_display()}",
        *(
            f"{row['role']}: {row['email']}" + (f" ({_('invited')})" if row["pending"] else "")
            for row in roles
        ),
    ]
    voice().tell({**_told(edition), "roles": roles}, "\n".join(lines))


@command.command("state", help=_("Open, start or close a conference."))
@click.argument("slug")
@click.argument("state", type=click.Choice(EditionState.values))
@json_option
def state(slug: str, state: str) -> None:
    edition = queries.edition_by_slug(SYSTEM, slug)
    changed = services.set_state(SYSTEM, services.SetState(edition.pk, state))
    voice().tell(
        _told(changed),
        _("The conference is now: %(state)s.") % {"state": changed.get_state_display()},
    )


@command.command("grant", help=_("Give a role; who has no account gets an invitation."))
@click.argument("slug")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in GRANTED]))
@click.option("--mail-language", default="en", show_default=True,
              help=_("The language of the invitation."))  # fmt: skip
@json_option
def grant(slug: str, email: str, role: str, mail_language: str) -> None:
    edition = queries.edition_by_slug(SYSTEM, slug)
    given = role_services.grant_role(
        SYSTEM, role_services.GrantRole(edition.pk, email, role, mail_language)
    )
    pending = isinstance(given, Invitation)
    words = _("%(email)s has the role now.") % {"email": email}
    voice().tell(
        {"id": given.pk, "role": role, "email": email, "pending": pending},
        mailing.invited(given) if isinstance(given, Invitation) else words,
    )
