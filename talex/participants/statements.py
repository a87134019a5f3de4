"""What each consent says before it is given: to whom, which fields, where to, until when."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.countries import country_name
from talex.core.errors import Message
from talex.editions.models import ConsentPurpose, Edition, Privacy
from talex.participants import rules
from talex.participants.models import Organisation
from talex.ui.lines import Lines

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
    ConsentPurpose.ABROAD: tuple(sorted(rules.PROFILE_FIELDS | rules.CONTACT_FIELDS)),
}
FIELDS_IN_WORDS: dict[str, Message] = {
    ConsentPurpose.PROFILE: _(
        "Name, place of residence (city or region, country), studies, work, skills, languages, "
        "wishes, free hours with their time zone"
    ),
    ConsentPurpose.CONTACT: _("E-mail address and telephone number"),
    ConsentPurpose.PARTNERS: _(
        "Name, place of residence (city or region, country), studies, work, skills, languages, "
        "wishes, free hours with their time zone"
    ),
    ConsentPurpose.PRESS: _("Name and picture"),
    ConsentPurpose.FOLLOW_UP: _("E-mail address and language"),
    ConsentPurpose.UNIVERSITY: _("Name, registration and what became of it"),
    ConsentPurpose.ABROAD: _(
        "Of what you share with organisations: name, place of residence (city or region, country), "
        "studies, work, skills, languages, wishes, free hours with their time zone; e-mail address "
        "and telephone number only where you share them too"
    ),
}
RECIPIENTS: dict[str, Message] = {
    ConsentPurpose.PROFILE: _("All organisations that take part in this conference"),
    ConsentPurpose.CONTACT: _("All organisations that take part in this conference"),
    ConsentPurpose.PARTNERS: _("Partner conferences and regions"),
    ConsentPurpose.PRESS: _("The press and everybody who reads its reports"),
    ConsentPurpose.FOLLOW_UP: _("The organiser's office of this conference"),
    ConsentPurpose.UNIVERSITY: _("The university whose cohort you join"),
    ConsentPurpose.ABROAD: _("The organisations of this conference that are abroad"),
}
#: Named one by one in a statement; the others by their number, with the list of organisations.


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


def terms_of(edition: Edition, purpose: str, organisation: Organisation | None = None) -> Terms:
    """What a consent that is given now covers: it ends so many months after the conference."""
    told = privacy_of(edition)
    zone = zoneinfo.ZoneInfo(edition.time_zone)
    first = max(edition.ends_on, clock.now().astimezone(zone).date())
    end = months_later(first, told.consent_months or DEFAULT_MONTHS)
    country = told.country if purpose == ConsentPurpose.FOLLOW_UP else ""
    if purpose in (ConsentPurpose.ABROAD, ConsentPurpose.UNIVERSITY) and organisation is not None:
        country = organisation.country
    return Terms(FIELDS[purpose], country, datetime.combine(end, time(), zone))


def where_to(edition: Edition, purpose: str, to: str = "") -> Message:
    """The country the data go to, in words; `to`: that of the one recipient."""
    if to and purpose in (ConsentPurpose.ABROAD, ConsentPurpose.UNIVERSITY):
        return country_name(to)
    country = privacy_of(edition).country
    if purpose in ABROAD:
        return _("Also other countries, where data protection law may differ")
    if purpose == ConsentPurpose.FOLLOW_UP:
        return country_name(country) or _("The country of the organiser's office")
    if purpose == ConsentPurpose.ABROAD:
        return _("The country of each organisation, where data protection law may differ")
    if purpose in (ConsentPurpose.PROFILE, ConsentPurpose.CONTACT):
        return _("The country of the conference; abroad only what you agree to separately")
    return _("Where each organisation is, which may be abroad")


def last_day(edition: Edition, until: datetime) -> date:
    """The last day on which a consent holds, in the conference's zone: it ends at its midnight."""
    return (
        (until - timedelta(microseconds=1)).astimezone(zoneinfo.ZoneInfo(edition.time_zone)).date()
    )


def statement(
    edition: Edition, purpose: str, organisation: Organisation | None = None
) -> list[tuple[Any, Any]]:
    """(label, text) pairs that are read before a box is ticked."""
    return [
        (_("Who receives it"), organisation.name if organisation else RECIPIENTS[purpose]),
        (_("Which data"), FIELDS_IN_WORDS[purpose]),
        (_("Where to"), where_to(edition, purpose)),
        (_("Until"), last_day(edition, terms_of(edition, purpose).until)),
    ]


def _reached(organisation: Organisation) -> str:
    return ", ".join(part for part in (organisation.address, organisation.website) if part)


def _office(edition: Edition) -> Any:
    told = privacy_of(edition)
    named = told.controller or edition.name
    return f"{named} ({told.email})" if told.email else named


def statement_abroad(
    edition: Edition, organisations: Sequence[Organisation]
) -> list[tuple[Any, Any]]:
    """(label, text) pairs of the separate consent to these organisations abroad; several that
    receive it stand on a line each.

    Name and contact of the recipient, purpose, manner, kinds of data, and how to use one's rights
    towards them (PIPL 39), with the country and what that may mean (GDPR 49(1)(a)).
    """
    who: Any
    reach: Any
    if len(organisations) == 1:
        organisation = organisations[0]
        country = country_name(organisation.country)
        who = f"{organisation.name} ({country})"
        reach = _reached(organisation) or _("Through the organiser's office: %(office)s") % {
            "office": _office(edition)
        }
        where: Any = country
    else:
        # All of them: who is not named here is not agreed to.
        who = Lines(
            f"{one.name} ({', '.join(filter(None, [country_name(one.country), _reached(one)]))})"
            for one in organisations
        ) or _("None takes part yet.")
        reach = _("As named above, or through the organiser's office: %(office)s") % {
            "office": _office(edition)
        }
        where = _("The countries named above")
    return [
        (_("Who receives it"), who),
        (_("How to reach them"), reach),
        (_("Where to"), where),
        (_("What for"), _("To find out whether an opening suits you, and to invite and meet you")),
        (
            _("How"),
            _("Their delegates read it in Talex and may take what they read with them."),
        ),
        (_("Which data"), FIELDS_IN_WORDS[ConsentPurpose.ABROAD]),
        (
            _("What to think of"),
            _(
                "Law there may protect your data less than here, and a court or an authority there "
                "may ask for them."
            ),
        ),
        (
            _("Your rights"),
            _(
                "Take it back here at any time: from then on they see nothing. To see, mend or "
                "have deleted what they took with them, write to them or to the office of the "
                "conference: "
                "%(office)s"
            )
            % {"office": _office(edition)},
        ),
        (_("Until"), last_day(edition, terms_of(edition, ConsentPurpose.ABROAD).until)),
    ]
