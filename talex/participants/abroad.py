"""Which organisations are abroad from a conference, and so need a talent's separate consent.

Whoever hands personal data to a recipient abroad needs consent given for that by itself, with the
recipient named (PIPL article 39; GDPR article 49(1)(a)). Abroad is an organisation whose country is
known and is not the conference's (`core.countries.abroad`: the EEA is one, Hong Kong, Macao and
Taiwan are not mainland China). The conference's country is its controller's (settings → privacy),
else that of its time zone.

An organisation that has not said its country counts as at home until it is said: a list that is
taken over has no countries, and nobody could be shown to anybody. So that it does not stay unsaid,
the number tells it where it can, whoever registers says it, no organisation is verified without it,
and the office is shown who has none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from talex.core.countries import abroad, area, country_of_zone
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.participants.models import Organisation, Talent
from talex.participants.named import covered, covers, recipients

if TYPE_CHECKING:
    from talex.core.actor import Actor

ABROAD = ConsentPurpose.ABROAD.value
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_VAT = re.compile(r"[A-Z]{2}[0-9A-Z]{7,13}")


def country_of(controller_country: str, zone: str) -> str:
    """The country of a conference from its settings; empty where neither tells it."""
    return controller_country or country_of_zone(zone)


def home_of(edition: Edition | UUID) -> str:
    """The country of a conference."""
    pk = edition.pk if isinstance(edition, Edition) else edition
    row = Edition.objects.filter(pk=pk).values_list("privacy__country", "time_zone").first()
    return country_of(row[0] or "", row[1]) if row else ""


def country_told(number: str) -> str:
    """The country that a registration number tells by its form and check digit, or ''.

    A unified social credit code is of China, a VAT number of the state of its first letters.
    """
    code = re.sub(r"[\W_]+", "", number).upper()
    if _USCC.fullmatch(code):
        from stdnum.cn import uscc

        return "CN" if uscc.is_valid(code) else ""
    if _VAT.fullmatch(code):
        from stdnum.eu import vat

        prefix = {"EL": "GR", "XI": "GB"}.get(code[:2], code[:2])
        return prefix if vat.is_valid(code) else ""
    return ""


def is_abroad(edition: Edition | UUID, organisation: Organisation) -> bool:
    """Whether one organisation is abroad from the conference."""
    return bool(organisation.country) and abroad(home_of(edition), organisation.country)


def those_abroad(edition: UUID, organisations: Iterable[UUID]) -> set[UUID]:
    """Of these organisations the ones abroad; one statement, a second where a country is known."""
    known = dict(
        Organisation.objects.filter(pk__in=set(organisations))
        .exclude(country="")
        .values_list("pk", "country")
    )
    if not known:
        return set()
    home = home_of(edition)
    return {pk for pk, country in known.items() if abroad(home, country)}


def at_home(edition: Edition | UUID, field: str = "country") -> Q:
    """Rows whose organisation is not abroad: of the conference's country, or not yet said."""
    return Q(**{f"{field}__in": ["", *area(home_of(edition))]})


def organisations_abroad(edition: Edition | UUID) -> QuerySet[Organisation]:
    """The organisations abroad that take part in a conference."""
    pk = edition.pk if isinstance(edition, Edition) else edition
    rows = Organisation.objects.filter(
        participations__edition=pk,
        participations__withdrawn_at__isnull=True,
        participations__pending_since__isnull=True,
    )
    return rows.exclude(at_home(edition)).order_by("name_line", "pk")


@dataclass(frozen=True, slots=True)
class Abroad:
    """The organisations abroad of a conference, and which of them a talent agreed to by itself."""

    there: tuple[Organisation, ...]
    agreed: frozenset[UUID]
    #: Whether anything was agreed to, which can be taken back.
    given: bool

    @property
    def new(self) -> tuple[Organisation, ...]:
        """Those that were not agreed to."""
        return tuple(one for one in self.there if one.pk not in self.agreed)


def abroad_of(talent: Talent) -> Abroad:
    """What a talent agreed to of what is abroad now; three statements."""
    there = tuple(organisations_abroad(talent.edition_id))
    held = set(
        Consent.objects.current()
        .filter(edition_id=talent.edition_id, person=talent.person_id, purpose=ABROAD)
        .values_list("recipient", flat=True)
    )
    agreed = covered(held, recipients(one.pk for one in there)) if there and held else set()
    return Abroad(there, frozenset(agreed), bool(held))


def without_country(edition: UUID) -> QuerySet[Organisation]:
    """Those that take part and have not said where they are."""
    return Organisation.objects.filter(
        participations__edition=edition, participations__withdrawn_at__isnull=True, country=""
    ).distinct()


def agreed(edition: str, person: str, organisations: Collection[str]) -> Exists:
    """Whether the person of the outer row agreed separately, to one of these organisations.

    `edition`, `person`: the outer row's fields.
    """
    return Exists(
        Consent.objects.current().filter(
            covers(organisations),
            edition_id=OuterRef(edition),
            person=OuterRef(person),
            purpose=ABROAD,
        )
    )


def agrees(edition: UUID, person: UUID, organisation: UUID) -> bool:
    """Whether a person agreed separately that this organisation abroad receives their data."""
    return (
        Consent.objects.current()
        .filter(covers([str(organisation)]), edition_id=edition, person=person, purpose=ABROAD)
        .exists()
    )


class Separately:
    """Who agreed separately to which of these organisations, asked pair by pair; two statements."""

    def __init__(self, edition: UUID, organisations: Collection[UUID]) -> None:
        self._names = recipients(organisations) if organisations else {}
        # By edition, not by person: of thousands of persons one statement holds only some.
        rows = Consent.objects.current().filter(edition_id=edition, purpose=ABROAD)
        self._given = set(rows.values_list("person", "recipient")) if self._names else set()

    def to(self, person: UUID, organisation: UUID) -> bool:
        """Whether this person did to this one, which must be one of the organisations."""
        return any((person, name) in self._given for name in self._names[organisation])


def agreed_to_all(edition: UUID) -> Q:
    """Talents whose consents, each to several at once, cover every organisation abroad now."""
    foreign = organisations_abroad(edition).values_list("pk", flat=True)
    # Few: organisations that came together stand in the same lists.
    groups = {names - {str(pk)} for pk, names in recipients(foreign).items()} or {frozenset({""})}
    found = Q()
    for names in groups:
        held = Consent.objects.current().filter(
            edition_id=edition, person=OuterRef("person_id"), purpose=ABROAD
        )
        found &= Q(Exists(held.filter(recipient__in=names)))
    return found


def must_ask(edition: Edition | UUID, person: UUID, organisation: Organisation) -> bool:
    """Whether the separate consent is needed for this organisation and was not given."""
    pk = edition.pk if isinstance(edition, Edition) else edition
    return is_abroad(pk, organisation) and not agrees(pk, person, organisation.pk)


def sides(actor: Actor, edition: UUID) -> tuple[list[str], list[str]]:
    """The organisations an actor acts for there: (at home, abroad), as recipients of consents."""
    foreign = actor.organisations_abroad(edition)
    mine = actor.organisations(edition)
    return [str(one) for one in mine - foreign], [str(one) for one in mine & foreign]
