"""Where and in which language a person may be written to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_supported_language_variant

from talex.core.chunks import chunks
from talex.core.outbox import Recipient
from talex.editions.models import Consent
from talex.participants.models import Delegate, Person


def language_of(person: Person) -> str:
    """The language Talex has that the record names or comes nearest to ('zh' of a list: simplified
    Chinese); '' where it has none of it."""
    try:
        return get_supported_language_variant(person.language.lower().replace("_", "-"))
    except LookupError:
        return ""


def recipients_of(persons: Iterable[UUID], edition: UUID) -> dict[UUID, Recipient]:
    """person -> their address; without those who may not be written to.

    Who has an account is written to there. Who was only entered by others (an import) is written
    to where they gave a consent in this conference: nobody hears from us first by a mail they
    cannot place.
    """
    found: dict[UUID, Recipient] = {}
    silent: dict[UUID, Recipient] = {}
    for some in chunks(dict.fromkeys(persons)):
        rows = Person.objects.filter(pk__in=some, erased_at__isnull=True).select_related("user")
        for person in rows:
            user = person.user
            if user is not None and user.is_active:
                found[person.pk] = Recipient(user.email, user.language, user.pk)
            elif user is None and person.email:
                language = language_of(person) or settings.LANGUAGE_CODE
                silent[person.pk] = Recipient(person.email, language)
    for some in chunks(silent):
        given = Consent.objects.filter(
            edition_id=edition, person__in=some, withdrawn_at__isnull=True
        )
        found |= {pk: silent[pk] for pk in given.values_list("person", flat=True)}
    return found


def delegates_of(organisations: Iterable[UUID], edition: UUID) -> dict[UUID, list[Recipient]]:
    """organisation -> everybody who acts for it in the conference and may be written to."""
    pairs: list[tuple[UUID, UUID]] = []
    for some in chunks(dict.fromkeys(organisations)):
        rows = Delegate.objects.filter(
            edition_id=edition,
            organisation_id__in=some,
            withdrawn_at__isnull=True,
            merged_into__isnull=True,
        ).order_by("created_at", "id")
        pairs += rows.values_list("organisation_id", "person_id")
    known = recipients_of([person for _organisation, person in pairs], edition)
    found: dict[UUID, list[Recipient]] = {}
    for organisation, person in pairs:
        to = known.get(person)
        if to is not None and to not in found.setdefault(organisation, []):
            found[organisation].append(to)
    return found
