"""What each consent says before it is given: to whom, which fields, where to, until when."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.countries import country_name
from talex.core.errors import Message
from talex.editions.models import ConsentPurpose, Edition, Privacy
from talex.participants import rules
from talex.participants.models import Organisation

DEFAULT_MONTHS = 12
#: Purposes whose recipients may be in any country: saying yes to them is the separate consent that
#: the law asks for where data leave the country (PIPL 39, GDPR 49).
ABROAD = frozenset({ConsentPurpose.PARTNERS, ConsentPurpose.PRESS})

FIELDS: dict[str, tuple[str, ...]] = {
    ConsentPurpose.PROFILE: tuple(sorted(rules.PROFILE_FIELDS)),
    ConsentPurpose.CONTACT: tuple(sorted(rules.CONTACT_FIELDS)),
    ConsentPurpose.PARTNERS: tuple(sorted(rules.PROFILE_FIELDS)),
    ConsentPurpose.PRESS: ("names", "picture"),
    ConsentPurpose.FOLLOW_UP: ("email", "language"),
    ConsentPurpose.UNIVERSITY: ("names", "rungs"),
}
FIELDS_IN_WORDS: dict[str, Message] = {
    ConsentPurpose.PROFILE: _("Name, studies, work, skills, languages, wishes, free hours"),
    ConsentPurpose.CONTACT: _("E-mail address and telephone number"),
    ConsentPurpose.PARTNERS: _("Name, studies, work, skills, languages, wishes, free hours"),
    ConsentPurpose.PRESS: _("Name and picture"),
    ConsentPurpose.FOLLOW_UP: _("E-mail address and language"),
    ConsentPurpose.UNIVERSITY: _("Name, registration and what became of it"),
}
RECIPIENTS: dict[str, Message] = {
    ConsentPurpose.PROFILE: _("All organisations that take part in this conference"),
    ConsentPurpose.CONTACT: _("All organisations that take part in this conference"),
    ConsentPurpose.PARTNERS: _("Partner conferences and regions"),
    ConsentPurpose.PRESS: _("The press and everybody who reads its reports"),
    ConsentPurpose.FOLLOW_UP: _("The organiser's office of this conference"),
    ConsentPurpose.UNIVERSITY: _("The university whose cohort you join"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What is kept with a consent. An empty country: more than one, or any."""

    fields: tuple[str, ...]
    country: str
    until: datetime


def privacy_of(edition: Edition) -> Privacy:
    """The settings of the edition; those that hold by themselves where none were made."""
    return getattr(edition, "privacy", None) or Privacy(edition=edition)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where there is none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def terms_of(edition: Edition, purpose: str) -> Terms:
    """What a consent that is given now covers: it ends so many months after the conference."""
    told = privacy_of(edition)
    zone = zoneinfo.ZoneInfo(edition.time_zone)
    first = max(edition.ends_on, clock.now().astimezone(zone).date())
    end = months_later(first, told.consent_months or DEFAULT_MONTHS)
    country = told.country if purpose == ConsentPurpose.FOLLOW_UP else ""
    return Terms(FIELDS[purpose], country, datetime.combine(end, time(), zone))


def where_to(edition: Edition, purpose: str) -> Message:
    """The country the data go to, in words."""
    country = privacy_of(edition).country
    if purpose in ABROAD:
        return _("Also other countries, where data protection law may differ")
    if purpose == ConsentPurpose.FOLLOW_UP:
        return country_name(country) or _("The country of the organiser's office")
    return _("Where each organisation is, which may be abroad")


def statement(
    edition: Edition, purpose: str, organisation: Organisation | None = None
) -> list[tuple[Any, Any]]:
    """(label, text) pairs that are read before a box is ticked."""
    return [
        (_("Who receives it"), organisation.name if organisation else RECIPIENTS[purpose]),
        (_("What"), FIELDS_IN_WORDS[purpose]),
        (_("Where to"), where_to(edition, purpose)),
        (_("Until"), terms_of(edition, purpose).until.date()),
    ]
