"""Openings from files: registered with the import of `participants`.

Organisations that rows name and that are not there yet are made in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Message
from talex.core.ids import Kept, ascending
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.fair.choices import OpeningState
from talex.fair.models import Opening
from talex.fair.outside import shut
from talex.fair.services.openings import SaveOpening, checked, title_line
from talex.participants.identity import organisation_key
from talex.participants.importing.fields import Target
from talex.participants.importing.languages import language_of
from talex.participants.importing.making import Making
from talex.participants.importing.newcomers import Newcomers, taking_part
from talex.participants.importing.notes import Note, note
from talex.participants.importing.registry import Batch, Check, Prepared, Row, Stale
from talex.participants.services.known_organisations import OtherNames, meant
from talex.participants.services.organisations import is_reached_by_name

#: What an opening is called that a row, accepted as it stands, does not name; it is a draft.
UNTITLED = TranslatedText(
    {"zh-hans": "未命名岗位", "en": "Untitled opening", "de": "Stelle ohne Titel"}
)
_NOBODY = UUID(int=0)
_ASIDE = frozenset({"source_id", "address", "contact_email"})
_LONGEST = {"region": 200, "industry": 200}
#: What is wrong with a field of the service -> the field of the row.
_BACK = {
    "experience_min": "experience_required",
    "experience_max": "experience_required",
    "ends_on": "starts_on",
}


def command_of(values: Mapping[str, Any], organisation: UUID) -> SaveOpening:
    """The values of a row as the room's own service takes them."""
    given: dict[str, Any] = {
        name: values[name]
        for name in ("kind", "headcount", "degree_required", "skills", "languages",
                     "region", "industry")
        if name in values
    }  # fmt: skip
    for name in ("title", "description"):
        if text := values.get(name):
            given[name] = TranslatedText.of(text, language_of(text), "import")
    given.setdefault("title", UNTITLED)
    if years := values.get("experience_required"):
        given["experience_min"] = years["least"]
        # 'Beginners' says that they may come, not that others may not.
        given["experience_max"] = years["most"] or None
    for name in ("starts_on", "closes_on"):
        if name in values:
            given[name] = date.fromisoformat(values[name])
    if pay := values.get("pay"):
        given["pay"] = {name: pay[name] for name in ("low", "high", "currency", "period", "months")}
    return SaveOpening(organisation=organisation, **given)


class OpeningMaker:
    """Makes the openings of one import, and the organisations that offer them."""

    models: Sequence[type[Model]] = (*Newcomers.MODELS, Opening)

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._newcomers = Newcomers(batch)
        self._instant = now()
        self._ids = ascending()
        self._used: set[UUID] = set()
        self._shut: set[UUID] = set()

    def make(self, rows: Sequence[Row]) -> Iterable[tuple[UUID, Sequence[Kept]]]:
        """An opening a row; an organisation goes in with the first row that names it."""
        names = {row.number: row.values.get("organisation", "") for row in rows}
        ids, organisations = self._newcomers.of(dict.fromkeys(names.values()))
        first: list[Kept] = list(organisations)
        fresh = set(ids.values()) - self._used
        self._used |= fresh
        self._shut |= shut(self._batch.edition, fresh)
        for row in rows:
            opening = self._opening(row, ids[names[row.number]])
            yield opening.pk, [*first, opening]
            first = []

    def _opening(self, row: Row, organisation: UUID) -> Opening:
        command = command_of(row.values, organisation)
        values, _faults = checked(command)
        whole = "title" in row.values and "organisation" in row.values
        opens = whole and organisation not in self._shut
        return Opening(
            id=next(self._ids),
            edition=self._batch.edition,
            organisation_id=organisation,
            title_line=title_line(command.title),
            state=OpeningState.OPEN if opens else OpeningState.DRAFT,
            source=self._batch.source,
            source_text=dict(row.kept),
            created_at=self._instant,
            changed_at=self._instant,
            **values,
        )

    def conclude(self) -> Mapping[str, int]:
        """Nobody made one of the organisations meanwhile, let it in or suspended it."""
        self._newcomers.check()
        if shut(self._batch.edition, self._used) != self._shut:
            raise Stale
        return {}


class OpeningTarget:
    """Registered as 'opening'."""

    key: Target = "opening"
    label: Message = _("Openings")
    # Identical advertisements are often different openings.
    decide_identical = False

    def may_import(self, actor: Actor, edition: Edition) -> bool:
        """The office."""
        return is_office(actor, edition.pk)

    def likeness(self, values: Mapping[str, Any]) -> str:
        """The same number; else the same title at the same place of the same organisation."""
        if number := values.get("source_id"):
            return f"number {number}"
        title, name = values.get("title"), values.get("organisation")
        if not title or not name:
            return ""
        place = values.get("region", "")
        return f"opening {organisation_key(name)} {title.casefold()} {place.casefold()}"

    def aside(self, values: Mapping[str, Any]) -> Collection[str]:
        """Number, address and contact; pay that is to be negotiated is kept in its words."""
        found = set(_ASIDE & values.keys())
        pay = values.get("pay")
        if pay and pay["low"] is None and pay["high"] is None:
            found.add("pay")
        return found

    def unfit(self, values: Mapping[str, Any]) -> Collection[str]:
        """What the room's own checks refuse."""
        refused = {_BACK.get(name, name) for name in checked(command_of(values, _NOBODY))[1]}
        refused |= {name for name, most in _LONGEST.items() if len(values.get(name, "")) > most}
        if is_reached_by_name(values.get("organisation", "")):
            refused.add("organisation")
        return refused & values.keys()

    def checking(self, edition: Edition) -> Check:
        """Which organisations are made along with the rows, and whose openings come in as drafts.

        A draft is an opening of whom nothing opens at present.
        """
        others, there = OtherNames(), taking_part(edition)

        def check(rows: Sequence[Row]) -> Mapping[int, Sequence[Note]]:
            names = {row.number: row.values.get("organisation", "") for row in rows}
            keys = {
                number: organisation_key(name) for number, name in names.items() if name.strip()
            }
            ids = meant(set(keys.values()), there, others)
            closed = shut(edition, ids.values())
            said: dict[int, list[Note]] = {}
            for number, key in keys.items():
                if key not in ids:
                    said[number] = [note("organisation_made", name=names[number])]
                elif ids[key] in closed:
                    said[number] = [note("opening_shut", name=names[number])]
            return said

        return check

    def prepare(self, batch: Batch, rows: Iterable[Row]) -> Prepared:
        """Make openings in temporary tables."""
        return Making(batch, self.key, OpeningMaker(batch), rows)

    def list_url(self, edition: Edition) -> str:
        """The office's list of openings."""
        return reverse("fair:openings", kwargs={"edition": edition.slug})
