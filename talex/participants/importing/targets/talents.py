"""Rows of people who look for an opening."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Invalid, Message
from talex.core.masking import is_contact_as_name
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.participants.facts import PERSON_FIELDS, TALENT_FIELDS, Name, clean
from talex.participants.identity import email_key, name_key, phone_key, text_key
from talex.participants.importing.fields import Target
from talex.participants.importing.notes import Note, note
from talex.participants.importing.registry import Batch, Check, Prepared, Row
from talex.participants.importing.targets.served import Served
from talex.participants.models import Person
from talex.participants.services.bulk import TalentRow, prepare_talents
from talex.participants.services.waiting import SourceKey

#: Fields of a row that are the talent's under another name.
_RENAMED = {
    "resume_text": "profile_text",
    "nationality_region": "nationality",
}
_SAME = (
    "email", "phone", "degree_level", "institution", "skills", "languages", "current_position",
    "wished_regions", "wished_industries", "time_zone", "mode",
)  # fmt: skip
_DAYS = ("available_from", "available_until")


def facts_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row as `participants.facts` names them."""
    facts: dict[str, Any] = {name: values[name] for name in _SAME if name in values}
    facts |= {to: values[name] for name, to in _RENAMED.items() if name in values}
    names = [values[n] for n in ("name", "name_native", "name_latin") if values.get(n)]
    if names:
        facts["names"] = [Name(text) for text in names]
    if "discipline" in values:
        facts["disciplines"] = values["discipline"]
    if "experience_years" in values:
        facts["experience_years"] = values["experience_years"]["least"]
    if "language" in values:
        facts["language"] = values["language"][0]["code"]
    for name in _DAYS:
        if name in values:
            facts[name] = date.fromisoformat(values[name])
    # What figures are split by: where somebody is from, and the first industry they wish for.
    if facts.get("nationality"):
        facts["region"] = facts["nationality"]
    if facts.get("wished_industries"):
        facts["industry"] = facts["wished_industries"][0]
    return facts


#: Which field of the row a fact came from, where the names differ.
_BACK = {to: name for name, to in _RENAMED.items()} | {
    "names": "name",
    "disciplines": "discipline",
    "region": "nationality_region",
    "industry": "wished_industries",
}


class TalentTarget:
    """Registered as 'talent'."""

    key: Target = "talent"
    label: Message = _("Talents")
    decide_identical = True

    def may_import(self, actor: Actor, edition: Edition) -> bool:
        """The office."""
        return is_office(actor, edition.pk)

    def likeness(self, values: Mapping[str, Any]) -> str:
        """The same number, address or telephone; else the same name and school, or résumé."""
        if number := values.get("source_id"):
            return f"number {number}"
        if address := values.get("email"):
            return f"address {email_key(address)}"
        if digits := phone_key(values.get("phone", "")):
            return f"telephone {digits}"
        named = name_key(values.get("name") or values.get("name_latin") or "")
        if named and values.get("institution"):
            return f"name {named} {values['institution'].casefold()}"
        text = text_key(values.get("resume_text", ""))
        return f"text {text}" if text else ""

    def aside(self, values: Mapping[str, Any]) -> Collection[str]:
        """The number in the list."""
        return {"source_id"} & values.keys()

    def unfit(self, values: Mapping[str, Any]) -> Collection[str]:
        """What the talent's own cleaning refuses."""
        try:
            clean(facts_of(values), (*PERSON_FIELDS, *TALENT_FIELDS))
        except Invalid as error:
            fields = {_BACK.get(name, name) for name in error.fields}
            if "name" in fields:
                names = {"name", "name_native", "name_latin"} & values.keys()
                # The others are names of the person still.
                reached = {name for name in names if is_contact_as_name(values[name])}
                fields = fields - {"name"} | (reached or names)
            return fields & values.keys()
        return ()

    def checking(self, edition: Edition) -> Check:
        """Who is registered already under the same address."""
        return lambda rows: self._known(edition, rows)

    def _known(self, edition: Edition, rows: Sequence[Row]) -> Mapping[int, Sequence[Note]]:
        addresses = {email_key(row.values["email"]) for row in rows if row.values.get("email")}
        known = set(
            Person.objects.filter(
                email_key__in=addresses, merged_into__isnull=True, talents__edition=edition
            ).values_list("email_key", flat=True)
        )
        return {
            row.number: [note("email_known", text=row.values["email"])]
            for row in rows
            if known and email_key(row.values.get("email", "")) in known
        }

    def prepare(self, batch: Batch, rows: Iterable[Row]) -> Prepared:
        """Hand the rows to the room's bulk service."""
        return Served(
            "participants.talent",
            prepare_talents(
                batch.actor, batch.edition.pk, _talents(batch, rows), batch=batch.import_id
            ),
        )

    def list_url(self, edition: Edition) -> str:
        """The office's list of talents."""
        return reverse("participants:talents", kwargs={"edition": edition.slug})


def _talents(batch: Batch, rows: Iterable[Row]) -> Iterator[TalentRow]:
    for row in rows:
        yield TalentRow(
            **facts_of(row.values),
            sources=[
                SourceKey(batch.source, key.fingerprint, key.occurrence, key.number)
                for key in row.keys
            ],
            consents=("profile",) if row.values.get("consent") else (),
            unread=dict(row.kept),
        )
