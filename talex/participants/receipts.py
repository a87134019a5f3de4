"""Receipts of consents, after the record structure of ISO/IEC TS 27560:2023."""

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
from talex.core.ids import parse
from talex.core.outbox import Kind, Recipient
from talex.core.work import work
from talex.editions.models import Consent, ConsentPurpose
from talex.participants.models import Organisation, Person
from talex.participants.statements import (
    FIELDS_IN_WORDS,
    RECIPIENTS,
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
    events: list[tuple[Any, str]] = [(consent.given_at, "consent given")]
    if consent.withdrawn_at:
        events.append((consent.withdrawn_at, "consent withdrawn"))
    elif consent.state == "expired":
        events.append((consent.valid_until or consent.expired_at, "consent expired"))
    controller = str(edition.pk)
    made: dict[str, Any] = plain(
        {
            "receipt_metadata": {
                "schema_version": SCHEMA,
                "receipt_id": f"{consent.pk}.{len(events)}",
                "consent_record_id": consent.pk,
                "pii_principal_id": consent.person,
                "language": consent.language,
                "issued_at": clock.now(),
            },
            "pii_processing": {
                "privacy_notice": page,
                "wording": consent.wording,
                "collection_method": consent.source,
                "purposes": [
                    {
                        "purpose": str(ConsentPurpose(consent.purpose).label),
                        "purpose_id": consent.purpose,
                        "lawful_basis": "consent",
                        "pii_information": [{"pii_type": name} for name in consent.fields],
                        "pii_controllers": [controller],
                        "recipient_third_parties": [
                            {"id": consent.recipient, "name": str(recipient_name(consent))}
                        ],
                        "jurisdictions": [told.country] if told.country else [],
                        "geographic_restrictions": [consent.country] if consent.country else [],
                        "transfer": str(where_to(edition, consent.purpose)),
                        "storage_locations": [told.storage_country] if told.storage_country else [],
                        "retention_period": consent.valid_until,
                        "withdrawal_method": page,
                    }
                ],
            },
            "party_identification": [
                {
                    "party_id": controller,
                    "party_role": "PII controller",
                    "party_name": told.controller or str(edition.name),
                    "party_address": told.address,
                    "party_contact": told.email,
                    "party_country": told.country,
                }
            ],
            "events": [
                {
                    "event_time": when,
                    "event_type": "explicit",
                    "event_state": what,
                    "validity_until": consent.valid_until,
                }
                for when, what in events
            ],
        }
    )
    return made


def in_words(consent: Consent) -> dict[str, Any]:
    """The same for a page and a mail, in the reader's language."""
    return {
        "consent": consent,
        "purpose": str(ConsentPurpose(consent.purpose).label),
        "recipient": str(recipient_name(consent)),
        "fields": str(FIELDS_IN_WORDS[consent.purpose]),
        "where": str(where_to(consent.edition, consent.purpose)),
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
    known = dict(settings.LANGUAGES)
    return Recipient(person.email, person.language if person.language in known else "en")


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
