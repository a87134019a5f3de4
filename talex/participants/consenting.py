"""The people who agreed to a purpose, as a list that may be handed on: nobody else, nothing else.

A row stands in it as long as the consent does; its columns are the fields that the consent names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.actor import Actor
from talex.core.cities import city
from talex.core.errors import Message, NotFound
from talex.core.masking import masked
from talex.core.work import work
from talex.editions.consents import allowed
from talex.editions.models import ConsentPurpose, Edition
from talex.ledger.services import record
from talex.participants import queries, rules
from talex.participants.abroad import ABROAD, agreed_to_all, is_abroad
from talex.participants.abroad import agreed as separately
from talex.participants.barred import barred_rows
from talex.participants.choices import GENERAL_PURPOSES
from talex.participants.lists import find_people, noted_looks, shown_name
from talex.participants.models import Organisation, Talent
from talex.participants.statements import FIELDS
from talex.participants.words import (
    degree_name,
    industry_shown,
    language_name,
    languages_shown,
    months_shown,
)
from talex.ui.lists import Column, ListSpec

#: What is shared with one organisation by name (see `ShareContact`).
NAMED = frozenset({rules.PROFILE, rules.CONTACT, ABROAD})
LISTED = frozenset({*dict(GENERAL_PURPOSES), ABROAD})


def _joined(name: str) -> Callable[[Talent], str]:
    return lambda talent: "; ".join(getattr(talent, name))


def _studies(talent: Talent) -> str:
    keys = ("institution", "discipline", "year")
    return "; ".join(
        ", ".join(str(part) for part in (degree_name(one["level"]), *map(one.get, keys)) if part)
        for one in talent.education
    )


def _posts(talent: Talent) -> str:
    keys = ("position", "employer")
    return "; ".join(
        ", ".join(str(part) for part in (*map(one.get, keys), months_shown(one)) if part)
        for one in talent.experience
    )


#: Field of a consent -> heading and value in a file. `names` and the hours of a day are not here:
#: the name leads every list, free hours are for the timetable.
_CELLS: dict[str, tuple[Message, Callable[[Talent], Any]]] = {
    "email": (_("E-mail address"), lambda t: t.person.email),
    "phone": (_("Telephone"), lambda t: t.person.phone),
    "language": (
        _("Language of letters"),
        lambda t: language_name(t.person.language) if t.person.language else "",
    ),
    "time_zone": (_("Time zone"), lambda t: city(t.person.time_zone) if t.person.time_zone else ""),
    "region": (_("Region"), lambda t: t.region),
    "degree_level": (_("Degree"), lambda t: degree_name(t.degree_level)),
    "institution": (_("Institution"), lambda t: t.institution),
    "disciplines": (_("Disciplines"), _joined("disciplines")),
    "education": (_("Studies"), _studies),
    "current_position": (_("Position"), lambda t: t.current_position),
    "experience": (_("Work"), _posts),
    "experience_years": (_("Years of work"), lambda t: t.experience_years),
    "industry": (_("Industry"), lambda t: industry_shown(t.industry)),
    "skills": (_("Skills"), _joined("skills")),
    "languages": (_("Languages"), lambda t: "; ".join(languages_shown(t.languages))),
    "profile_text": (_("Profile"), lambda t: t.profile_text),
    "wished_regions": (_("Wished regions"), _joined("wished_regions")),
    "wished_industries": (_("Wished industries"), _joined("wished_industries")),
    "mode": (_("Takes part"), lambda t: t.get_mode_display()),
}


def _hiding(value: Callable[[Talent], Any]) -> Callable[[Talent], Any]:
    """What is handed on hides contact details: with the consent `contact` they have own columns."""
    return lambda talent: masked(value(talent))


_ON_THE_PAGE = ("email", "phone", "language", "degree_level", "institution", "current_position")


def agreed(
    actor: Actor, edition: Edition, purpose: str, organisation: Organisation | None = None
) -> QuerySet[Talent]:
    """The talents taking part who agree now, to all recipients or also to this one alone.

    An address without the profile is shown to nobody, as everywhere (`rules.visible_contacts`); an
    organisation abroad receives who also agreed to that. Whom the office suspended is handed on to
    nobody meanwhile; the office itself may still write to them (`FOLLOW_UP`).
    """
    if purpose not in LISTED or (organisation and purpose not in NAMED):
        raise NotFound
    to = str(organisation.pk) if organisation else ""
    rows = queries.talents(actor, edition.pk).filter(withdrawn_at__isnull=True)
    if purpose != ConsentPurpose.FOLLOW_UP:
        rows = rows.exclude(barred_rows())
    if purpose != ABROAD:
        rows = rows.filter(person_id__in=allowed(edition.pk, purpose, to))
    elif organisation is None:
        rows = rows.filter(agreed_to_all(edition.pk))
    if purpose in (rules.CONTACT, ABROAD):
        rows = rows.filter(person_id__in=allowed(edition.pk, rules.PROFILE, to))
    if purpose in NAMED and organisation and is_abroad(edition, organisation):
        rows = rows.filter(separately("edition_id", "person_id", [to]))
    elif purpose == ABROAD and organisation:
        rows = rows.none()
    return rows


def agreed_list(
    edition: Edition, purpose: str, organisation: Organisation | None = None
) -> ListSpec:
    """The list of them: on the page, and as a file with the fields of the consent."""
    # An address goes abroad with the consent `contact`, from the list of that.
    fields = FIELDS[rules.PROFILE if purpose == ABROAD else purpose]
    # Who agreed to be reached agreed to be shown: `agreed` sees to it.
    named = "names" in fields or purpose == rules.CONTACT

    def told(request: HttpRequest, kind: str, count: int) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        facts: dict[str, Any] = {"kind": kind, "count": count, "purpose": purpose}
        if organisation is not None:
            facts["recipient"] = str(organisation.pk)
        with work():
            record(
                "participants.agreed_exported",
                actor=actor,
                edition=edition.pk,
                obj=organisation,
                facts=facts,
            )

    name = Column(
        key="name",
        label=pgettext_lazy("person", "Name"),
        value=lambda t: shown_name(t.person.name),
        sort="person__name",
        export=(lambda t: t.person.name) if named else False,
    )
    others = [
        Column(
            key=key,
            label=label,
            value=value if key in rules.CONTACT_FIELDS else _hiding(value),
            shown=key in _ON_THE_PAGE,
        )
        for key, (label, value) in _CELLS.items()
        if key in fields
    ]
    return ListSpec(
        key=f"agreed-{purpose}",
        default_sort="name",
        search=lambda rows, words: find_people(rows, words),
        search_label=_("Search by name"),
        columns=[name, *others],
        exported=told,
        seen=noted_looks(edition),
        row_label=lambda t: shown_name(t.person.name),
        empty_title=_("Nobody has agreed"),
        empty_text=_("Whoever agrees stands here as long as the consent holds."),
        empty_icon="lock",
    )
