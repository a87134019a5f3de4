"""What the lists of people have in common: names, the search, notes of looks and of files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.masking import mask_word
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import PersonName


def shown_name(person_name: str) -> Any:
    """A name, or words that say that there is none."""
    return person_name or _("(without a name)")


def noted_export(edition: Edition, what: str) -> Any:
    def told(request: HttpRequest, kind: str, count: int) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        with work():
            record(
                f"participants.{what}_exported",
                actor=actor,
                edition=edition.pk,
                obj=None,
                facts={"kind": kind, "count": count},
            )

    return told


def noted_looks(edition: Edition) -> Any:
    """Notes whose names somebody saw in the list, or took out of it as a file."""

    def told(request: HttpRequest, way: str, rows: Iterable[Any]) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        # A file may hold all rows: their ids alone are read, not the rows a second time.
        persons = (
            rows.values_list("person_id", flat=True)
            if isinstance(rows, QuerySet) and way == Way.FILE
            else (row.person_id for row in rows)
        )
        note(actor, edition.pk, persons, Way(way))

    return told


@dataclass(frozen=True, slots=True)
class Looked:
    """Rows through which a reader looks, some of which they read without the contact details.

    `whole`: of which rows they read everything; None of all.

    What is masked must not be found either: by trying words one could spell it out.
    """

    rows: QuerySet[Any]
    whole: Q | None = None

    def has(self, name: str, word: str) -> Q:
        """The rows in whose field the reader finds the word."""
        found = Q(**{f"{name}__icontains": word})
        if self.whole is None:
            return found
        hidden = [
            text
            for text, read in self._texts(name, word).items()
            if word.casefold() not in read.casefold()
        ]
        return found & (self.whole | ~Q(**{f"{name}__in": hidden})) if hidden else found

    def _texts(self, name: str, word: str) -> dict[str, str]:
        """The texts with the word that hide something, as they are read. Few have any."""
        texts = self.rows.order_by().filter(**{f"{name}__icontains": word})
        return {
            text: read
            for text in texts.values_list(name, flat=True).distinct()
            if (read := mask_word(text)) != text
        }


def find_people(
    rows: QuerySet[Any], words: str, *fields: str, whole: Q | None = None
) -> QuerySet[Any]:
    """Rows in whose fields, or in any form of whose person's name, every word is found.

    `whole`: see `Looked`.
    """
    looked = Looked(rows, whole)
    for word in words.split()[:8]:
        names = PersonName.objects.filter(person=OuterRef("person_id"), text__icontains=word)
        found = Q(Exists(names))
        for name in fields:
            found |= looked.has(name, word)
        rows = rows.filter(found)
    return rows
