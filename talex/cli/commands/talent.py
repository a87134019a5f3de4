"""`talex talent ...`: make, show, list, verify and erase talents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talex.cli.numbers import Number
from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid, NotFound
from talex.editions.queries import edition_by_slug
from talex.evidence.queries import rungs_of
from talex.participants import queries, services
from talex.participants.choices import DEGREE_LABELS, Paper
from talex.participants.commands import CreateTalent, ErasePerson, VerifyTalents
from talex.participants.facts import Name, TalentFacts
from talex.participants.lists import find_people, shown_name
from talex.participants.models import Talent
from talex.participants.own_data import export_person
from talex.participants.services.erasing import lost_by_erasing
from talex.participants.words import degree_name, read_typed_languages


def _told(talent: Talent) -> dict[str, Any]:
    return {
        **queries.shown(SYSTEM, talent),
        "rungs": rungs_of(talent.edition_id, [talent.pk]).get(talent.pk, []),
    }


@click.group(help=_("Make, show, list, verify and erase talents."))
def command() -> None:
    """Translated above."""


@command.command("create", help=_("Register a talent."))
@click.argument("edition")
@click.option("--name", multiple=True, help=_("The name, once in each script."))
@click.option("--email", default="", help=_("The e-mail address."))
@click.option("--phone", default="", help=_("The telephone number."))
@click.option("--degree", type=click.Choice(list(DEGREE_LABELS)), help=_("The highest degree."))
@click.option("--institution", default="", help=_("Where it was obtained."))
@click.option("--skill", multiple=True, help=_("A skill; may be given several times."))
@click.option("--speaks", multiple=True, help=_("A language with its level, like German B2."))
@click.option("--years", type=Number(least=0, most=80), help=_("Years of work."))
@click.option("--industry", default="", help=_("The industry."))
@click.option("--region", default="", help=_("Where the person lives."))
@click.option("--consent", multiple=True, help=_("A purpose that the person agreed to."))
@json_option
def create(
    edition: str,
    name: tuple[str, ...],
    email: str,
    phone: str,
    degree: str | None,
    institution: str,
    skill: tuple[str, ...],
    speaks: tuple[str, ...],
    years: float | None,
    industry: str,
    region: str,
    consent: tuple[str, ...],
) -> None:
    from django.core.exceptions import ValidationError

    try:
        languages = read_typed_languages(speaks)
    except ValidationError as error:
        raise Invalid({"languages": error.messages}) from error
    facts = TalentFacts(
        names=[Name(text) for text in name],
        email=email,
        phone=phone,
        degree_level=degree or "",
        institution=institution,
        skills=skill,
        languages=languages,
        experience_years=years,
        industry=industry,
        region=region,
    )
    found = edition_by_slug(SYSTEM, edition)
    talent = services.create_talent(
        SYSTEM, CreateTalent(edition=found.pk, facts=facts, consents=consent, source="cli")
    )
    voice().tell(_told(talent), _("Registered: %(id)s") % {"id": talent.pk})


@command.command("list", help=_("The talents of a conference."))
@click.argument("edition")
@click.option("--search", default="", help=_("Words in the name, institution or address."))
@click.option("--degree", type=click.Choice(list(DEGREE_LABELS)), help=_("Only this degree."))
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1))
@json_option
def list_talents(edition: str, search: str, degree: str | None, limit: int) -> None:
    found = edition_by_slug(SYSTEM, edition)
    rows = queries.talents(SYSTEM, found.pk)
    if search:
        rows = find_people(rows, search, "institution", "person__email")
    if degree:
        rows = rows.filter(degree_level=degree)
    found_rows: list[Any] = list(rows.order_by("person__name", "pk")[:limit])
    told = [
        {
            "id": row.pk,
            "name": shown_name(row.person.name),
            "degree": degree_name(row.degree_level),
            "institution": row.institution,
            "verified": _("yes") if row.is_verified else _("no"),
        }
        for row in found_rows
    ]
    if voice().as_json:
        for one, row in zip(told, found_rows, strict=True):
            one |= {"name": row.person.name, "degree": row.degree_level}
            one["verified"] = row.is_verified
    columns = {
        "id": _("Id"),
        "name": pgettext("person", "Name"),
        "degree": _("Degree"),
        "institution": _("Institution"),
        "verified": _("Verified"),
    }
    voice().table(told, columns, empty=_("There is no such talent."))


@command.command("show", help=_("Everything that is known of a talent."))
@click.argument("talent", type=click.UUID)
@json_option
def show(talent: UUID) -> None:
    found = queries.talent(SYSTEM, talent)
    told = _told(found)
    lines = [f"{name}: {value}" for name, value in told.items() if value not in (None, "", [], {})]
    voice().tell(told, "\n".join(lines))


@command.command("verify", help=_("Confirm that people are who they say."))
@click.argument("edition")
@click.argument("talents", nargs=-1, required=True, type=click.UUID)
@click.option("--by", required=True, help=_("The account of who looked at their papers."))
@click.option("--seen", required=True, type=click.Choice(Paper.values),
              help=_("Which paper they showed."))  # fmt: skip
@json_option
def verify(edition: str, talents: tuple[UUID, ...], by: str, seen: str) -> None:
    from talex.accounts.actors import actor_for
    from talex.accounts.models import User, normal_email

    found = edition_by_slug(SYSTEM, edition)
    user = User.objects.filter(email=normal_email(by)).first()
    if user is None:
        raise NotFound(_("There is no account with this e-mail address."))
    command = VerifyTalents(edition=found.pk, talents=talents, seen=seen)
    count = services.verify_talents(actor_for(user), command)
    voice().tell({"count": count}, _("Verified now: %(count)s") % {"count": count})


@command.command("data", help=_("Everything that is held of the person, as JSON."))
@click.argument("talent", type=click.UUID)
def data(talent: UUID) -> None:
    found = queries.talent(SYSTEM, talent)
    voice().as_json = True
    voice().tell(export_person(SYSTEM, found.person_id))


@command.command("erase", help=_("Erase the person for ever, in every room."))
@click.argument("talent", type=click.UUID)
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@json_option
def erase(talent: UUID, yes: bool) -> None:
    found = queries.talent(SYSTEM, talent)
    if not yes:
        lost = lost_by_erasing(found.person_id)
        listed = ", ".join(f"{name}: {count}" for name, count in lost.items() if count)
        click.confirm(
            _("This cannot be undone. It will be lost: %(lost)s. Erase?") % {"lost": listed},
            abort=True,
            err=True,
        )
    gone = services.erase_person(SYSTEM, ErasePerson(person=found.person_id))
    voice().tell(gone, _("Erased."))


@command.command("questions", help=_("What to ask a talent who said little, and why."))
@click.argument("edition")
@click.argument("talent", type=click.UUID)
@json_option
def questions(edition: str, talent: UUID) -> None:
    from talex.fair import asking
    from talex.fair.forms_pages import question_label
    from talex.fair.sparse import FIELDS
    from talex.fair.understanding import table_of

    where = edition_by_slug(SYSTEM, edition)
    # A page does not wait for a classification; who asks here does.
    table_of(where)
    found = asking.fresh(where, queries.talent(SYSTEM, talent, where.pk))
    rows = [
        {
            "field": FIELDS[one.component],
            "question": question_label(FIELDS[one.component]),
            "moved": round(one.moved, 2),
            "gain": round(one.gain, 4),
        }
        for one in found.questions
    ]
    columns = {
        "question": _("Question"),
        "moved": _("Of the best openings change"),
        "gain": _("Rise of their mean score"),
    }
    voice().table(rows, columns, empty=_("This profile says enough: nothing is asked."))
