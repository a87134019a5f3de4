"""Organisations that rows name: found among those that are there, or made along with the rows."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import models

from talex.core.ids import Kept
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.participants.choices import OrganisationKind
from talex.participants.identity import organisation_key
from talex.participants.importing.languages import language_of
from talex.participants.importing.registry import Batch, Stale
from talex.participants.models import Organisation, Participation
from talex.participants.services.known_organisations import OtherNames, meant
from talex.participants.services.organisations import derived

#: What stands for an organisation that a row, accepted as it stands, does not name.
UNNAMED = TranslatedText(
    {"zh-hans": "未署名单位", "en": "Unnamed organisation", "de": "Organisation ohne Namen"}
)

_UNNAMED_KEY = derived(UNNAMED)["name_key"]


def taking_part(edition: Edition) -> set[UUID]:
    """The organisations of an edition, also those that wait or were taken out."""
    rows = Participation.objects.filter(edition=edition)
    return set(rows.values_list("organisation_id", flat=True))


class Newcomers:
    """For targets whose rows name an organisation (`importing.making.Maker`).

    Use one for each import: `of(names)` before the transaction gives an id for each name and the
    instances to insert (put `MODELS` first into the maker's models); call `check()` from
    `conclude()`. Names are compared as `identity.organisation_key` does, and an organisation has
    one in each of its languages; where several known ones share a key, the one that takes part in
    the edition, then the oldest, is meant. Memory: about 200 bytes a different name.
    """

    MODELS: tuple[type[models.Model], ...] = (Organisation, Participation)

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._ids: dict[str, UUID] = {}
        self._made: set[str] = set()
        self._taking_part = taking_part(batch.edition)
        self._others = OtherNames()

    def of(self, names: Iterable[str]) -> tuple[dict[str, UUID], list[Kept]]:
        """name -> id of its organisation, and what is to be inserted for the first time.

        An empty name is the `UNNAMED` organisation.
        """
        keys = {name: organisation_key(name) if name.strip() else _UNNAMED_KEY for name in names}
        unknown = {key for key in keys.values() if key not in self._ids}
        self._ids |= meant(unknown, self._taking_part, self._others)
        made: list[Kept] = []
        for name, key in keys.items():
            if key not in self._ids:
                made.append(self._make(name, key))
            if self._ids[key] not in self._taking_part:
                self._taking_part.add(self._ids[key])
                made.append(
                    Participation(
                        organisation_id=self._ids[key],
                        edition=self._batch.edition,
                        source=self._batch.source,
                    )
                )
        return {name: self._ids[key] for name, key in keys.items()}, made

    def _make(self, name: str, key: str) -> Organisation:
        text = (
            UNNAMED
            if key == _UNNAMED_KEY
            else TranslatedText.of(name[:200], language_of(name), "import")
        )
        organisation = Organisation(kind=OrganisationKind.ENTERPRISE, name=text, **derived(text))
        self._ids[key] = organisation.pk
        self._made.add(key)
        return organisation

    def check(self) -> None:
        """Inside the transaction: nobody else made one of these organisations meanwhile."""
        made = {self._ids[key] for key in self._made}
        keys = sorted(self._made)
        for start in range(0, len(keys), 500):
            others = Organisation.objects.filter(name_key__in=keys[start : start + 500])
            if any(pk not in made for pk in others.values_list("pk", flat=True)):
                raise Stale
        if not self._made.isdisjoint(self._others.come_since()):
            raise Stale
