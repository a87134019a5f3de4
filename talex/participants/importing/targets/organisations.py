"""Rows of organisations, with somebody to turn to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.countries import country_name
from talex.core.errors import Invalid, Message
from talex.core.translated import TranslatedText, Version
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.participants.facts import PERSON_FIELDS, Name, clean
from talex.participants.identity import organisation_key
from talex.participants.importing.fields import Target
from talex.participants.importing.languages import language_of
from talex.participants.importing.notes import Note, note
from talex.participants.importing.registry import Batch, Check, Prepared, Row
from talex.participants.importing.targets.served import Served
from talex.participants.models import Organisation
from talex.participants.services import known_organisations as known
from talex.participants.services.bulk_organisations import (
    DelegateRow,
    OrganisationRow,
    prepare_organisations,
)
from talex.participants.services.organisations import clean_organisation
from talex.participants.services.waiting import SourceKey

_SAME = ("kind", "registration_number", "country", "region", "address", "industry", "website")
_NOBODY = UUID(int=0)
_NAMES = {"name_zh": "zh-hans", "name_en": "en", "name_de": "de"}


def name_of(values: Mapping[str, Any]) -> TranslatedText:
    """The names of a row by language; the plain one in the language it is written in."""
    names: dict[str, Version | str] = {}
    if values.get("name"):
        names[language_of(values["name"])] = Version(values["name"], "import")
    for field, language in _NAMES.items():
        if values.get(field):
            names[language] = Version(values[field], "import")
    return TranslatedText(names)


def facts_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row as `OrganisationFacts` names them."""
    facts: dict[str, Any] = {name: values[name] for name in _SAME if name in values}
    facts["name"] = name_of(values)
    # A list that says no more of a place than the country: it is found by it.
    if values.get("country") and not values.get("region"):
        facts["region"] = country_name(values["country"])
    if text := values.get("description"):
        facts["description"] = TranslatedText.of(text, language_of(text), "import")
    if size := values.get("size"):
        least, most = size["least"], size["most"]
        facts["size"] = f"{least}+" if most is None else f"{least}-{most}"
    return facts


def _identity(values: Mapping[str, Any]) -> tuple[known.Identity, Sequence[str]] | None:
    """By what the organisation of a row is looked up; None where it says neither."""
    number, keys = values.get("registration_number", ""), known.name_keys(name_of(values))
    if not number and not keys:
        return None
    return known.identity_of(number, next(iter(keys), "")), keys


def delegates_of(values: Mapping[str, Any]) -> list[DelegateRow]:
    """Whom to turn to, where the row says it."""
    name, address = values.get("contact_name", ""), values.get("contact_email", "")
    if not name and not address:
        return []
    return [DelegateRow(names=[Name(name)] if name else [], email=address)]


class OrganisationTarget:
    """Registered as 'organisation'."""

    key: Target = "organisation"
    label: Message = _("Organisations")
    # Rows of one name are one organisation in any case.
    decide_identical = False

    def may_import(self, actor: Actor, edition: Edition) -> bool:
        """The office."""
        return is_office(actor, edition.pk)

    def likeness(self, values: Mapping[str, Any]) -> str:
        """The same registration number, else the same name but for its legal form."""
        if number := values.get("registration_number"):
            return f"number {number}"
        names = name_of(values).texts()
        return f"name {organisation_key(next(iter(names.values())))}" if names else ""

    def aside(self, values: Mapping[str, Any]) -> Collection[str]:
        """The number in the list."""
        return {"source_id"} & values.keys()

    def unfit(self, values: Mapping[str, Any]) -> Collection[str]:
        """What the organisation's own cleaning refuses, and a contact nobody could write to."""
        refused: set[str] = set()
        try:
            clean_organisation({"name": {"en": "-"}} | facts_of(values))
        except Invalid as error:
            refused |= set(error.fields)
            if "name" in refused:
                refused |= set(_NAMES)
        contact = {"names": [Name(values.get("contact_name", ""))],
                   "email": values.get("contact_email", "")}  # fmt: skip
        try:
            clean(contact, PERSON_FIELDS)
        except Invalid as error:
            refused |= {"names": {"contact_name"}, "email": {"contact_email"}}.get(
                next(iter(error.fields)), {"contact_name", "contact_email"}
            )
        return refused & values.keys()

    def checking(self, edition: Edition) -> Check:
        """Which organisations are known already, from this edition or another."""
        others = known.OtherNames()

        def check(rows: Sequence[Row]) -> Mapping[int, Sequence[Note]]:
            wanted = {row.number: _identity(row.values) for row in rows}
            ids = known.find([one for one in wanted.values() if one], others).ids
            names: dict[UUID, str] = {}
            for some in chunks(set(ids.values())):
                there = Organisation.objects.filter(pk__in=some).values_list("pk", "name")
                names |= {pk: str(name) for pk, name in there}
            return {
                number: [note("organisation_known", name=names[ids[one[0]]])]
                for number, one in wanted.items()
                # Somebody may have taken it out since.
                if one and names.get(ids.get(one[0], _NOBODY))
            }

        return check

    def prepare(self, batch: Batch, rows: Iterable[Row]) -> Prepared:
        """Hand the rows to the room's bulk service."""
        return Served(
            "participants.organisation",
            prepare_organisations(
                batch.actor, batch.edition.pk, _organisations(batch, rows), batch=batch.import_id
            ),
        )

    def list_url(self, edition: Edition) -> str:
        """The office's list of organisations."""
        return reverse("participants:organisations", kwargs={"edition": edition.slug})


def _organisations(batch: Batch, rows: Iterable[Row]) -> Iterator[OrganisationRow]:
    for row in rows:
        yield OrganisationRow(
            **facts_of(row.values),
            delegates=delegates_of(row.values),
            sources=[
                SourceKey(batch.source, key.fingerprint, key.occurrence, key.number)
                for key in row.keys
            ],
            unread=dict(row.kept),
        )
