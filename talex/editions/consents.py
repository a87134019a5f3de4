"""What a person allows in one edition: given, withdrawn, asked for by rooms that share data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions import rules
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.ledger.services import record


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """A person allows a purpose; `recipient` empty means all recipients of that purpose.

    `wording` names the text that was agreed to, `source` how (page, or where the office has it
    from).
    """

    edition: UUID
    person: UUID
    purpose: str
    wording: str
    recipient: str = ""
    language: str = "en"
    source: str = "page"
    fields: tuple[str, ...] = ()
    country: str = ""
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """A person takes a purpose back; with an empty recipient, for every recipient of it."""

    edition: UUID
    person: UUID
    purpose: str
    recipient: str = ""


def can_set_consent(actor: Actor, edition: UUID, person: UUID) -> bool:
    """The person, or the office on their behalf (from a form on paper, from an import)."""
    return person in actor.persons() or rules.is_office(actor, edition)


def can_see_consent(actor: Actor, consent: Consent) -> bool:
    """The person, the office and auditors."""
    return consent.person in actor.persons() or rules.can_audit(actor, consent.edition_id)


def visible_consents(actor: Actor) -> Q:
    """The consents for which `can_see_consent` is true."""
    if actor.all_powerful:
        return Q()
    audited = actor.editions("organiser", "auditor")
    return Q(person__in=actor.persons()) | Q(edition_id__in=audited)


def _check(actor: Actor, edition: UUID, person: UUID, purpose: str) -> None:
    if not Edition.objects.filter(pk=edition).exists():
        raise NotFound()
    if not can_set_consent(actor, edition, person):
        raise NotAllowed()
    faults: dict[str, list[Message]] = {}
    if purpose not in ConsentPurpose.values:
        faults["purpose"] = [_("This purpose is not known.")]
    if faults:
        raise Invalid(faults)


def give_consent(actor: Actor, command: GiveConsent) -> Consent:
    """Keep that it was given; giving it again changes nothing."""
    _check(actor, command.edition, command.person, command.purpose)
    with work():
        end_terms(
            Consent.objects.filter(
                edition_id=command.edition, person=command.person, purpose=command.purpose
            )
        )
        consent, made = Consent.objects.get_or_create(
            edition_id=command.edition,
            person=command.person,
            purpose=command.purpose,
            recipient=command.recipient,
            withdrawn_at=None,
            expired_at=None,
            defaults={
                "fields": list(command.fields),
                "country": command.country,
                "valid_until": command.valid_until,
                "wording": command.wording,
                "language": command.language,
                "source": command.source,
                "given_at": clock.now(),
            },
        )
        if made:
            record(
                "editions.consent_given",
                actor=actor,
                edition=command.edition,
                obj=consent,
                subject=command.person,
                facts={
                    "purpose": command.purpose,
                    "recipient": command.recipient,
                    "wording": command.wording,
                    "source": command.source,
                },
            )
    return consent


def withdraw_consent(actor: Actor, command: WithdrawConsent) -> int:
    """Take it back; returns how many consents that ended."""
    _check(actor, command.edition, command.person, command.purpose)
    with work():
        found = Consent.objects.select_for_update().filter(
            edition_id=command.edition,
            person=command.person,
            purpose=command.purpose,
            withdrawn_at__isnull=True,
            expired_at__isnull=True,
        )
        if command.recipient:
            found = found.filter(recipient=command.recipient)
        ended = list(found)
        for consent in ended:
            consent.withdrawn_at = clock.now()
            consent.save(update_fields=["withdrawn_at"])
            record(
                "editions.consent_withdrawn",
                actor=actor,
                edition=command.edition,
                obj=consent,
                subject=command.person,
                facts={"purpose": str(consent.purpose), "recipient": consent.recipient},
            )
    return len(ended)


def end_terms(rows: QuerySet[Consent]) -> int:
    """Write down which of these consents ended by their term; returns how many."""
    now = clock.now()
    with work():
        over = list(
            rows.select_for_update().filter(
                valid_until__lte=now, withdrawn_at__isnull=True, expired_at__isnull=True
            )
        )
        for consent in over:
            consent.expired_at = now
            consent.save(update_fields=["expired_at"])
            record(
                "editions.consent_expired",
                actor=SYSTEM,
                edition=consent.edition_id,
                obj=consent,
                subject=consent.person,
                facts={"purpose": str(consent.purpose), "recipient": consent.recipient},
            )
    return len(over)


def expire_consents() -> int:
    """End what is past its term; called by the worker every hour, some at a time."""
    due = Consent.objects.filter(
        valid_until__lte=clock.now(), withdrawn_at__isnull=True, expired_at__isnull=True
    ).order_by("valid_until")
    some = list(due.values_list("pk", flat=True)[:500])
    return end_terms(Consent.objects.filter(pk__in=some)) if some else 0


def allowed(edition: UUID, purpose: str, recipient: str = "") -> QuerySet[Consent, UUID]:
    """The persons (ids) who allow a purpose now, to all or to this recipient."""
    return (
        Consent.objects.current()
        .filter(Q(recipient="") | Q(recipient=recipient), edition_id=edition, purpose=purpose)
        .values_list("person", flat=True)
    )


def consents_of(actor: Actor, edition: UUID, person: UUID) -> Iterable[Consent]:
    """All consents of a person in an edition that the actor may see, withdrawn ones as well."""
    return Consent.objects.filter(visible_consents(actor), edition_id=edition, person=person)
