"""`talex organisation ...`: make, list and show organisations, add delegates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.participants import queries, services
from talex.participants.choices import OrganisationKind
from talex.participants.commands import AddDelegate, CreateOrganisation, OrganisationFacts
from talex.participants.facts import Name, PersonFacts
from talex.participants.lists import shown_name
from talex.participants.models import Organisation


def _told(row: Organisation) -> dict[str, Any]:
    names = ("kind", "name", "registration_number", "country", "region", "industry", "industries",
             "website", "size", "founded", "version")  # fmt: skip
    return {"id": row.pk, "parent": row.parent_id, **{name: getattr(row, name) for name in names}}


@click.group(help=_("Make, list and show organisations; add delegates."))
def command() -> None:
    """Translated above."""


@command.command("create", help=_("Make an organisation that takes part."))
@click.argument("edition")
@click.argument("name")
@click.option("--name-in", multiple=True, metavar="CODE=TEXT",
              help=_("The name in another language, like zh-hans=…"))  # fmt: skip
@click.option("--language", default="en", show_default=True, help=_("The language of NAME."))
@click.option("--kind", default="enterprise", show_default=True,
              type=click.Choice(OrganisationKind.values), help=_("What kind it is."))  # fmt: skip
@click.option("--number", default="", help=_("Its registration number."))
@click.option("--country", default="", help=_("Its country (ISO 3166, for example DE)."))
@click.option("--region", default="", help=_("Where it is."))
@click.option("--industry", default="", help=_("Its industry."))
@click.option("--website", default="", help=_("Its website."))
@json_option
def create(
    edition: str,
    name: str,
    name_in: tuple[str, ...],
    language: str,
    kind: str,
    number: str,
    country: str,
    region: str,
    industry: str,
    website: str,
) -> None:
    texts = {language: name}
    for given in name_in:
        code, sign, text = given.partition("=")
        if not sign:
            raise click.BadParameter(given, param_hint="--name-in")
        texts[code.strip().lower()] = text
    made = services.create_organisation(
        SYSTEM,
        CreateOrganisation(
            edition=edition_by_slug(SYSTEM, edition).pk,
            facts=OrganisationFacts(
                name=TranslatedText(texts),
                kind=kind,
                registration_number=number,
                country=country,
                region=region,
                industry=industry,
                website=website,
            ),
            source="cli",
        ),
    )
    voice().tell(_told(made), _("The organisation takes part: %(id)s") % {"id": made.pk})


@command.command("list", help=_("The organisations of a conference."))
@click.argument("edition")
@click.option("--search", default="", help=_("Words in the name."))
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1))
@json_option
def list_organisations(edition: str, search: str, limit: int) -> None:
    rows = queries.organisations(SYSTEM, edition_by_slug(SYSTEM, edition).pk)
    for word in search.split():
        rows = rows.filter(name_line__icontains=word)
    told = [_told(row) for row in rows.order_by("name_line", "pk")[:limit]]
    if not voice().as_json:
        told = [
            {**row, "name": str(row["name"]), "kind": OrganisationKind(row["kind"]).label}
            for row in told
        ]
    columns = {
        "id": _("Id"),
        "name": _("Name"),
        "kind": _("Kind"),
        "region": _("Region"),
        "industry": _("Industry"),
    }
    voice().table(told, columns, empty=_("There is no such organisation."))


@command.command("show", help=_("One organisation with its delegates."))
@click.argument("edition")
@click.argument("organisation", type=click.UUID)
@json_option
def show(edition: str, organisation: UUID) -> None:
    here = edition_by_slug(SYSTEM, edition)
    found = queries.organisation(SYSTEM, organisation, here.pk)
    rows = queries.delegates(SYSTEM, here.pk).filter(organisation=found).order_by("person__name")
    delegates = [
        {"id": d.pk, "name": d.person.name, "email": d.person.email, "title": d.title} for d in rows
    ]
    told = _told(found)
    lines = [f"{name}: {value}" for name, value in told.items() if value not in (None, "", [])]
    for one in delegates:
        lines.append(f"- {shown_name(str(one['name']))} {one['email']} {one['title']}".rstrip())
    voice().tell({**told, "delegates": delegates}, "\n".join(lines))


@command.command("add-delegate", help=_("Let somebody act for an organisation."))
@click.argument("edition")
@click.argument("organisation", type=click.UUID)
@click.option("--name", multiple=True, help=_("The name, once in each script."))
@click.option("--email", default="", help=_("The address to sign in with."))
@click.option("--title", default="", help=_("The position there."))
@json_option
def add_delegate(
    edition: str, organisation: UUID, name: tuple[str, ...], email: str, title: str
) -> None:
    made = services.add_delegate(
        SYSTEM,
        AddDelegate(
            edition=edition_by_slug(SYSTEM, edition).pk,
            organisation=organisation,
            facts=PersonFacts(names=[Name(text) for text in name], email=email),
            title=title,
        ),
    )
    told = {"id": made.pk, "person": made.person_id, "organisation": made.organisation_id}
    voice().tell(told, _("Added: %(id)s") % {"id": made.pk})
