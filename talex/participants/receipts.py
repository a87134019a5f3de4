"""Receipts of consents, by the fields of ISO/IEC TS 27560:2023.

The fields and which of them are mandatory: the table of W3C's Data Privacy Vocabularies group,
"Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV" (final report of 2024-08-01,
https://w3id.org/dpv/guides/consent-27560). Ours beside them: `wording`, `transfer`, `issued_at`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import clock, outbox
from talex.core.canonical import plain
from talex.core.countries import country_name
from talex.core.ids import parse
from talex.core.outbox import Kind, Recipient
from talex.core.work import work
from talex.editions.models import Consent, ConsentPurpose, Privacy
from talex.participants.addresses import language_of
from talex.participants.models import Organisation, Person
from talex.participants.named import is_list, named
from talex.participants.statements import (
    FIELDS_IN_WORDS,
    RECIPIENTS,
    last_day,
    privacy_of,
    where_to,
)

RECEIPT = Kind("participants.receipt", _("Receipt of a consent"), "participants/mail/receipt")
ENDING = Kind("participants.consent_ending", _("A consent ends"), "participants/mail/ending")
ERASED = Kind(
    "participants.erased", _("Your data were erased"), "participants/mail/erased", last=True
)
#: So long after its decision the evidence of a case of abuse is kept (see `fair.conversations`).
CASE_DAYS = 365
#: So long before its end somebody is told.
NOTICE = timedelta(days=30)
SCHEMA = "ISO/IEC TS 27560:2023"


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(RECEIPT)
    outbox.register_kind(ENDING)
    outbox.register_kind(ERASED)


def recipient_name(consent: Consent) -> Any:
    """Whom it was given to, in words."""
    if is_list(consent.recipient):
        return "; ".join(
            f"{one.organisation.name} ({country_name(one.country)})"
            for one in named(consent.edition_id, consent.recipient)
        )
    if consent.recipient and (pk := parse(consent.recipient)):
        found = Organisation.objects.filter(pk=pk).first()
        return found.name if found else _("An organisation that is gone")
    return RECIPIENTS.get(consent.purpose, consent.recipient)


def receipt(consent: Consent) -> dict[str, Any]:
    """The consent as a receipt, plain JSON."""
    edition = consent.edition
    told = privacy_of(edition)
    page = settings.TALEX_URL + reverse(
        "participants:own_consents", kwargs={"edition": edition.slug}
    )
    controller = str(edition.pk)
    events: list[tuple[Any, str, Any]] = [(consent.given_at, "consent given", consent.person)]
    if consent.withdrawn_at:
        events.append((consent.withdrawn_at, "consent withdrawn", consent.person))
    elif consent.state == "expired":
        ended = consent.valid_until or consent.expired_at
        events.append((ended, "consent expired", controller))
    made: dict[str, Any] = plain(
        {
            "receipt_metadata": {
                "schema_version": SCHEMA,
                "receipt_id": f"{consent.pk}.{len(events)}",
                "record_id": consent.pk,
                "pii_principal_id": consent.person,
                "issued_at": clock.now(),
            },
            "pii_processing": {
                "privacy_notice": page,
                "language": consent.language,
                "wording": consent.wording,
                "purposes": [_purpose(consent, told, controller, page)],
            },
            "party_identification": _parties(consent, told, controller, page),
            "events": [
                {
                    "event_time": when,
                    "validity_duration": _until(consent),
                    "entity_id": who,
                    "event_type": "explicit",
                    "event_state": what,
                }
                for when, what, who in events
            ],
        }
    )
    return made


def _until(consent: Consent) -> Any:
    """The instant at which it ends; one without a term holds until it is taken back."""
    return consent.valid_until or "until withdrawn"


def _purpose(consent: Consent, told: Privacy, controller: str, page: str) -> dict[str, Any]:
    country = told.country or told.storage_country
    return {
        "purpose": str(ConsentPurpose(consent.purpose).label),
        "purpose_type": consent.purpose,
        "lawful_basis": "consent",
        "pii_information": [{"pii_type": name} for name in consent.fields],
        "pii_controllers": [controller],
        "collection_method": consent.source,
        "storage_locations": [told.storage_country or told.country or "not told"],
        "retention_period": _until(consent),
        "geographic_restrictions": [consent.country] if consent.country else [],
        "jurisdiction": [country or "not told"],
        "recipient_third_parties": [pk for pk, _name, _country in _recipients(consent)],
        "withdrawal_method": page,
        "privacy_rights": page,
        "transfer": str(where_to(consent.edition, consent.purpose, consent.country)),
    }


def _recipients(consent: Consent) -> list[tuple[str, str, str]]:
    """(id, name, country) of each recipient."""
    if is_list(consent.recipient):
        return [
            (str(one.organisation_id), str(one.organisation.name), one.country)
            for one in named(consent.edition_id, consent.recipient)
        ]
    name = str(recipient_name(consent))
    return [(str(consent.recipient or consent.purpose), name, consent.country)]


def _parties(consent: Consent, told: Privacy, controller: str, page: str) -> list[dict[str, Any]]:
    """Who is named by an id elsewhere: the controller, and whom the data go to."""
    others = [
        {
            "party_id": pk,
            "party_name": name,
            "party_role": "third party",
            "party_type": "recipient",
            # Reached through the controller: the consent names no address of its own.
            "party_address": "by way of the PII controller",
            "party_contact": told.email or page,
            "party_country": country,
            "party_url": page,
        }
        for pk, name, country in _recipients(consent)
    ]
    return [
        {
            "party_id": controller,
            "party_name": told.controller or str(consent.edition.name),
            "party_role": "PII controller",
            "party_type": "organisation",
            "party_address": told.address or "not told",
            "party_contact": told.email or page,
            "party_country": told.country,
            "party_url": page,
        },
        *others,
    ]


def in_words(consent: Consent) -> dict[str, Any]:
    """The same for a page and a mail, in the reader's language."""
    return {
        "consent": consent,
        "purpose": str(ConsentPurpose(consent.purpose).label),
        "recipient": str(recipient_name(consent)),
        "fields": str(FIELDS_IN_WORDS[consent.purpose]),
        "where": str(where_to(consent.edition, consent.purpose, consent.country)),
        "until": last_day(consent.edition, consent.valid_until) if consent.valid_until else None,
        "state": consent.state,
        "controller": privacy_of(consent.edition),
        "url": settings.TALEX_URL
        + reverse(
            "participants:own_receipt",
            kwargs={"edition": consent.edition.slug, "consent": consent.pk},
        ),
    }


def addressee(person: Person) -> Recipient | None:
    """How a person is written to: the account's address and language, else the record's own."""
    account = person.user
    if account is not None and account.is_active:
        return Recipient(account.email, account.language, account.pk)
    if not person.email:
        return None
    return Recipient(person.email, language_of(person) or settings.LANGUAGE_CODE)


def _tell(person: Person, kind: Kind, rows: Sequence[Consent]) -> None:
    to = addressee(person)
    if to is None or not rows:
        return
    edition = rows[0].edition
    outbox.tell(
        to,
        kind.name,
        lambda: {"edition": str(edition.name), "receipts": [in_words(one) for one in rows]},
        edition=edition.pk,
    )


def _rows(ids: Sequence[UUID]) -> list[Consent]:
    rows = Consent.objects.filter(pk__in=ids).select_related("edition__privacy")
    return list(rows.order_by("given_at", "purpose"))


def send(person: Person, ids: Sequence[UUID]) -> None:
    """Mail the receipts of what was given or taken back just now; one mail for one decision."""
    _tell(person, RECEIPT, _rows(ids))


def remind() -> int:
    """Tell people whose consents end soon, once; called by the worker every hour."""
    soon = Consent.objects.current().filter(
        valid_until__lte=clock.now() + NOTICE, reminded_at__isnull=True
    )
    told = 0
    for person, edition in list(
        soon.order_by("person", "edition").values_list("person", "edition").distinct()[:200]
    ):
        with work():
            rows = list(soon.select_for_update().filter(person=person, edition=edition))
            found = Person.objects.filter(pk=person, erased_at__isnull=True).first()
            Consent.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_at=clock.now())
            if found is not None:
                _tell(found, ENDING, _rows([one.pk for one in rows]))
                told += 1
    return told
