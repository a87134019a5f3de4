"""Many talents at once: cleaned and converted first, then inserted in one short transaction.

While the rows are prepared nothing is locked; they wait in temporary tables (`waiting`).
`Prepared.apply` holds SQLite's write lock only while they are copied, one statement a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Invalid, NotAllowed
from talex.core.ids import ascending
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.editions.rules import is_office
from talex.evidence.bulk import registration_rows
from talex.evidence.columns import adapter
from talex.evidence.models import Dimension, Evidence
from talex.evidence.services import Facts
from talex.ledger.services import record
from talex.participants.facts import PERSON_FIELDS, TALENT_FIELDS, TalentFacts, clean, values_of
from talex.participants.identity import email_key, name_key, phone_key, text_key
from talex.participants.industries import industry_code
from talex.participants.models import Person, PersonName, SourceRow, Talent
from talex.participants.services.consents import WORDING, checked_purposes
from talex.participants.services.linking import link_list
from talex.participants.services.waiting import (
    Applied,
    Faults,
    SourceKey,
    Waiting,
    read_portions,
    taking_over,
)
from talex.participants.statements import FIELDS, terms_of

# In the order in which they are inserted.
_MODELS = (Person, PersonName, Talent, SourceRow, Consent, Evidence, Dimension)
_LOOKUP = 400

_PERSON = (
    "id", "name", "email", "phone", "email_key", "phone_key", "birth_year", "nationality",
    "language", "time_zone", "created_at", "version",
)  # fmt: skip
_NAME = ("id", "person", "text", "script", "is_primary", "key")
_TALENT = (
    "id", "person", "edition", *TALENT_FIELDS, "text_key", "source", "unread", "created_at",
    "version",
)  # fmt: skip
_SOURCE = (
    "id", "edition", "kind", "source", "fingerprint", "occurrence", "object_id", "batch",
    "row_number", "taken_at",
)  # fmt: skip
_CONSENT = (
    "id", "edition", "person", "purpose", "recipient", "wording", "language", "given_at", "source",
    "fields", "country", "valid_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentRow(TalentFacts):
    """A talent as a list says. Several `sources` are identical rows that were merged by decision.

    `unread`: heading -> text of cells that were not understood.
    """

    sources: Sequence[SourceKey] = ()
    consents: Sequence[str] = ()
    unread: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Portion:
    persons: list[tuple[Any, ...]] = field(default_factory=list)
    names: list[tuple[Any, ...]] = field(default_factory=list)
    talents: list[tuple[Any, ...]] = field(default_factory=list)
    sources: list[tuple[Any, ...]] = field(default_factory=list)
    consents: list[tuple[Any, ...]] = field(default_factory=list)
    facts: list[tuple[str, tuple[str, str, str]]] = field(default_factory=list)


class Prepared(Waiting):
    """Talents that wait in temporary tables."""

    def __init__(self, actor: Actor, edition: UUID, batch: UUID | None) -> None:
        super().__init__(actor, edition, batch, _MODELS)
        self.created = 0
        self._digest = hashlib.sha256()
        self._at = clock.now()

    def keep(self, portion: _Portion) -> None:
        """Let converted rows wait, with the evidence that these talents are registered."""
        evidence = registration_rows(
            self.actor,
            edition=self.edition,
            facts=[(subject, Facts(*facts)) for subject, facts in portion.facts],
            at=self._at,
            source_kind="import",
            source_id=str(self.batch or ""),
        )
        self._loading.add_rows(
            [
                (Person, _PERSON, portion.persons),
                (PersonName, _NAME, portion.names),
                (Talent, _TALENT, portion.talents),
                (SourceRow, _SOURCE, portion.sources),
                (Consent, _CONSENT, portion.consents),
                *evidence,
            ]
        )
        self.created += len(portion.talents)
        for subject, _facts in portion.facts:
            self._digest.update(UUID(subject).bytes)

    def apply(self) -> Applied:
        """Insert everything in one transaction with one entry of the ledger, or nothing.

        `Conflict` where another import took rows of the same list in the meantime: prepare again.
        """
        if not self.created:
            return Applied(0, self.known)
        with taking_over():
            self._loading.insert()
            link_list(self.actor, self.edition)
            record(
                "participants.talents_imported",
                actor=self.actor,
                edition=self.edition,
                obj=self.imported,
                facts={
                    "count": self.created,
                    "known": self.known,
                    "rung": "registered",
                    "ids_sha256": self._digest.hexdigest(),
                },
            )
        return Applied(self.created, self.known)


def prepare_talents(
    actor: Actor,
    edition: UUID,
    rows: Iterable[TalentRow],
    *,
    batch: UUID | None = None,
    progress: Callable[[int], None] | None = None,
) -> Prepared:
    """Clean and convert rows, leaving out those that are known; nothing is written yet.

    `rows` is read once, portion by portion; `progress(rows read)` may raise to cancel. Raises
    `NotAllowed`, and `Invalid` for the first rows that are wrong (key: `row <number>.<field>`).
    """
    if not is_office(actor, edition):
        raise NotAllowed
    prepared = Prepared(actor, edition, batch)
    try:
        converter = _Converter(edition, batch)
        read_portions(
            rows,
            lambda portion, before: prepared.keep(_convert(converter, portion, prepared, before)),
            progress,
        )
    except BaseException:
        prepared.close()
        raise
    return prepared


def apply_talents(
    actor: Actor, edition: UUID, rows: Iterable[TalentRow], *, batch: UUID | None = None
) -> Applied:
    """Prepare and insert rows; see `prepare_talents` and `Prepared.apply`."""
    with prepare_talents(actor, edition, rows, batch=batch) as prepared:
        return prepared.apply()


def _convert(
    converter: _Converter, rows: Sequence[TalentRow], prepared: Prepared, before: int
) -> _Portion:
    taken = (
        known_rows(prepared.edition, "talent", [key for row in rows for key in row.sources])
        | converter.seen
    )
    portion = _Portion()
    faults = Faults()
    for number, row in enumerate(rows, before + 1):
        keys = {(k.source[:200], k.fingerprint, k.occurrence) for k in row.sources}
        if keys and keys <= taken:
            prepared.known += 1
            continue
        try:
            converter.add(portion, row, taken)
        except Invalid as error:
            faults.add(row.sources, number, error)
        if faults.enough:
            break
    faults.refuse()
    return portion


class _Converter:
    """From rows to tuples as the database takes them."""

    def __init__(self, edition: UUID, batch: UUID | None) -> None:
        self.edition, self.batch = edition, batch
        self.now = clock.now()
        self.seen: set[tuple[str, str, int]] = set()
        # A run of ids a table: they are inserted in this order.
        self.ids = {model: ascending() for model in _MODELS}
        self.person = adapter(Person, _PERSON)
        self.name = adapter(PersonName, _NAME)
        self.talent = adapter(Talent, _TALENT)
        self.source = adapter(SourceRow, _SOURCE)
        self.consent = adapter(Consent, _CONSENT)
        here = Edition.objects.select_related("privacy").get(pk=edition)
        self._terms = {purpose: terms_of(here, purpose) for purpose in ConsentPurpose.values}

    def _term(self, purpose: str) -> tuple[str, datetime]:
        terms = self._terms[purpose]
        return terms.country, terms.until

    def add(self, portion: _Portion, row: TalentRow, taken: set[tuple[str, str, int]]) -> None:
        given = values_of(row)
        for name in ("sources", "consents", "unread"):
            given.pop(name)
        cleaned = clean(given, (*PERSON_FIELDS, *TALENT_FIELDS))
        # The separate consent stands in a list as one more word; nothing gives it along.
        named = [p for p in row.consents if p != ConsentPurpose.ABROAD]
        purposes = checked_purposes(named)
        if len(named) < len(row.consents):
            purposes.append(ConsentPurpose.ABROAD.value)
        person, talent = next(self.ids[Person]), next(self.ids[Talent])
        names = cleaned["names"]
        email, phone = cleaned["email"], cleaned["phone"]
        portion.persons.append(
            self.person(
                (person, names[0].text if names else "", email, phone, email_key(email),
                 phone_key(phone), cleaned["birth_year"], cleaned["nationality"],
                 cleaned["language"], cleaned["time_zone"], self.now, 1)
            )
        )  # fmt: skip
        for number, name in enumerate(names):
            portion.names.append(
                self.name(
                    (
                        next(self.ids[PersonName]),
                        person,
                        name.text,
                        name.script,
                        number == 0,
                        name_key(name.text),
                    )
                )
            )
        source = row.sources[0].source[:200] if row.sources else ""
        portion.talents.append(
            self.talent(
                (talent, person, self.edition, *(cleaned[n] for n in TALENT_FIELDS),
                 text_key(cleaned["profile_text"]), source, row.unread, self.now, 1)
            )
        )  # fmt: skip
        for key in row.sources:
            identity = (key.source[:200], key.fingerprint, key.occurrence)
            if identity not in taken:
                taken.add(identity)
                self.seen.add(identity)
                portion.sources.append(
                    self.source(
                        (next(self.ids[SourceRow]), self.edition, "talent", *identity, talent,
                         self.batch, key.row_number, self.now)
                    )
                )  # fmt: skip
        for purpose in purposes:
            portion.consents.append(
                self.consent(
                    (next(self.ids[Consent]), self.edition, person, purpose, "", WORDING,
                     cleaned["language"][:10] or "en", self.now, "import",
                     list(FIELDS[purpose]), *self._term(purpose))
                )
            )  # fmt: skip
        facts = (cleaned["degree_level"], industry_code(cleaned["industry"]), cleaned["region"])
        portion.facts.append((portion.talents[-1][0], facts))


def known_rows(edition: UUID, kind: str, keys: Sequence[SourceKey]) -> set[tuple[str, str, int]]:
    """Of these rows, those that were taken before: (source, fingerprint, occurrence)."""
    found: set[tuple[str, str, int]] = set()
    prints = list({key.fingerprint for key in keys})
    for start in range(0, len(prints), _LOOKUP):
        found.update(
            SourceRow.objects.filter(
                edition_id=edition, kind=kind, fingerprint__in=prints[start : start + _LOOKUP]
            ).values_list("source", "fingerprint", "occurrence")
        )
    return found
