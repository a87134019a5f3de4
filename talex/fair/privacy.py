"""What of a talent an organisation may be shown: what they consented to, or agreed to by meeting.

Coarse facts that matching stands on (degree level, disciplines, skills, languages, experience,
wishes) are shown with a proposal under an alias. Name, position, institution and profile need the
consent `profile`, or an agreement to meet (what only the office approved is none); e-mail and
telephone need the consent `contact`. An organisation abroad is shown nothing of it without the
consent `abroad`, not even an alias.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from talex.editions.models import Consent, ConsentPurpose
from talex.fair.choices import InterestState
from talex.fair.models import Interest
from talex.participants.abroad import ABROAD, those_abroad
from talex.participants.barred import barred, barred_persons
from talex.participants.models import Talent
from talex.participants.named import covers
from talex.participants.rules import without_contact

#: Fields of a talent by what they need; whoever reads one of them for an employer asks here.
COARSE = (
    "degree_level", "disciplines", "skills", "languages", "experience_years", "wished_regions",
    "wished_industries", "available_from", "available_until", "mode",
)  # fmt: skip
PROFILE = ("name", "current_position", "institution", "profile_text", "region", "industry")
CONTACT = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Shown:
    """What one organisation sees of one talent."""

    profile: bool
    contact: bool
    #: The facts that matching stands on; not for one abroad without the separate consent.
    coarse: bool = True


ALL = Shown(True, True)
NOTHING = Shown(False, False, False)


def _consents(edition: UUID, persons: Iterable[UUID], organisation: UUID) -> set[tuple[UUID, str]]:
    rows = Consent.objects.current().filter(
        Q(recipient__in=["", str(organisation)])
        | (Q(purpose=ABROAD) & covers([str(organisation)])),
        edition_id=edition,
        person__in=list(persons),
    )
    return set(rows.values_list("person", "purpose"))


def shown_to(
    organisation: UUID, talents: Iterable[Talent], *, of_suspended: bool = False
) -> dict[UUID, Shown]:
    """talent id -> what the organisation sees; five statements for a page of talents, six abroad.

    One abroad sees nothing at all, neither alias nor facts, of who did not agree to that by itself.
    Whom the office suspended is shown to those only who agreed to meet them (`of_suspended`: as if
    they were not).
    """
    page = list(talents)
    if not page:
        return {}
    persons = {t.pk: t.person_id for t in page}
    if barred([(page[0].edition_id, organisation)]):
        return dict.fromkeys(persons, NOTHING)
    given = _consents(page[0].edition_id, persons.values(), organisation)
    agreed = set(
        Interest.objects.filter(
            talent_id__in=persons, opening__organisation_id=organisation,
            state=InterestState.ACCEPTED,
        ).values_list("talent_id", flat=True)
    )  # fmt: skip
    far = bool(those_abroad(page[0].edition_id, [organisation]))
    suspended = set() if of_suspended else barred_persons(page[0].edition_id, persons.values())
    return {
        talent: NOTHING
        if (far and (person, ABROAD) not in given) or (person in suspended and talent not in agreed)
        else Shown(
            talent in agreed or (person, ConsentPurpose.PROFILE.value) in given,
            (person, ConsentPurpose.CONTACT.value) in given,
        )
        for talent, person in persons.items()
    }


def shown_in(pairs: Iterable[tuple[Talent, UUID]]) -> dict[tuple[UUID, UUID], Shown]:
    """(talent, organisation) -> what it sees of them; the statements of `shown_to` for each
    organisation."""
    by_organisation: dict[UUID, list[Talent]] = {}
    for talent, organisation in pairs:
        by_organisation.setdefault(organisation, []).append(talent)
    return {
        (talent, organisation): seen
        for organisation, talents in by_organisation.items()
        for talent, seen in shown_to(organisation, talents).items()
    }


def shows_profile(talent: Talent, organisation: UUID) -> bool:
    """Whether the talent opened the profile to the organisation. Also of who is suspended: who
    asks them is told so, not that there is nobody."""
    return shown_to(organisation, [talent], of_suspended=True)[talent.pk].profile


def alias(talent: Talent) -> str:
    """A short sign that tells talents apart without naming them.

    Of the id's hash: ids that were given to many rows at once begin alike and count on.
    """
    return hashlib.sha256(talent.pk.bytes).hexdigest()[:6].upper()


def card(talent: Talent, shown: Shown) -> dict[str, Any]:
    """The talent as this organisation may see it; what is hidden is not in it."""
    facts: dict[str, Any] = {name: getattr(talent, name) for name in COARSE} if shown.coarse else {}
    if shown.profile:
        facts |= {
            name: talent.person.name if name == "name" else getattr(talent, name)
            for name in PROFILE
        }
    if shown.contact:
        facts |= {name: getattr(talent.person, name) for name in CONTACT}
    # Free texts hide what the consent `contact` is needed for.
    return facts if shown.contact else without_contact(facts)
