"""Writing organisations and their part in editions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.countries import abroad, country_name
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.ids import parse
from talex.core.masking import has_contact, is_contact_as_brand, is_contact_as_size
from talex.core.translated import TranslatedText, Version
from talex.core.work import work
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.ledger.services import record
from talex.participants import rules
from talex.participants.abroad import country_told
from talex.participants.choices import Mode, OrganisationKind
from talex.participants.commands import (
    CreateOrganisation,
    OrganisationFacts,
    TakePart,
    UpdateOrganisation,
)
from talex.participants.facts import plain
from talex.participants.identity import organisation_key
from talex.participants.models import Organisation, Participation

FIELDS = tuple(f.name for f in fields(OrganisationFacts))
_LIMITS = {"registration_number": 60, "region": 100, "address": 400, "industry": 100, "size": 60}
DEEPEST = 20
#: What stands between the names of an organisation in its languages (`Organisation.name_line`).
BETWEEN_NAMES = " · "

NO_WEBSITE = _("This is no web address. Write it like https://example.org.")


#: A name is written into mails: what leads somewhere else has no place in it (Booking.com may).
_ADDRESS = re.compile(r"://|\bwww\.|\S@\S|\.\w{2,}/\S", re.IGNORECASE)


#: A place or an industry stands in lists and filters as it was written.
NO_CONTACT = _(
    "Name it without an address, number or link. Whoever agrees to meet reads how to reach you."
)


def clean_organisation(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises `Invalid` with every field that is wrong."""
    cleaned: dict[str, Any] = {}
    faults: dict[str, Message] = {}

    def take(name: str, read: Callable[[Any], Any], message: Message) -> None:
        if name in values:
            try:
                cleaned[name] = read(values[name])
            except (ValueError, TypeError, ValidationError):
                faults[name] = message

    for name, limit in _LIMITS.items():
        take(name, _short(limit), _("This is too long."))
    take("name", _name, _("Say what the organisation is called, in at least one language."))
    take("description", _translated(20_000), _("This is too long."))
    take("country", _country, _("Choose a country."))
    take("kind", lambda v: OrganisationKind(v).value, _("Choose a kind of organisation."))
    take("founded", _year, _("Give the year with four digits, for example 1998."))
    take("website", website, NO_WEBSITE)
    take("industries", _words, _("Give a list of at most 50 industries."))
    take("parent", lambda v: parse(v), _("There is no such organisation."))
    for name in values.keys() - set(FIELDS):
        faults[name] = _("There is no such field.")
    faults |= _reached(cleaned)
    if faults:
        raise Invalid(faults)
    if there := country_told(cleaned.get("registration_number", "")):
        if cleaned.get("country") and abroad(there, cleaned["country"]):
            raise Invalid(
                {"country": _("The registration number is one of %(country)s: give that country.")
                 % {"country": country_name(there)}}
            )  # fmt: skip
        if not cleaned.get("country", ""):
            cleaned["country"] = there
    if cleaned.get("industries") and not cleaned.get("industry", "-"):
        cleaned["industry"] = cleaned["industries"][0][:100]
    return cleaned


def is_reached_by_name(name: str) -> bool:
    """Whether the name of an organisation says how to reach somebody."""
    return bool(_ADDRESS.search(name)) or is_contact_as_brand(name)


def _reached(cleaned: Mapping[str, Any]) -> dict[str, Message]:
    """What stands in lists and filters as it was written, and says how to reach somebody."""
    faults: dict[str, Message] = {}
    names = cleaned["name"].texts().values() if "name" in cleaned else ()
    if any(map(is_reached_by_name, names)):
        faults["name"] = _("A name holds no web address, e-mail address or number to call.")
    for name in ("region", "industry"):
        if has_contact(cleaned.get(name) or ""):
            faults[name] = NO_CONTACT
    if any(map(has_contact, cleaned.get("industries") or ())):
        faults["industries"] = NO_CONTACT
    if is_contact_as_size(cleaned.get("size") or ""):
        faults["size"] = NO_CONTACT
    return faults


def _short(limit: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = " ".join(plain(value).split())
        if len(text) > limit:
            raise ValueError(limit)
        return text

    return read


def _country(value: Any) -> str:
    code = plain(value).strip().upper()
    if code and not country_name(code):
        raise ValueError(code)
    return code


def _translated(limit: int) -> Callable[[Any], TranslatedText]:
    def read(value: Any) -> TranslatedText:
        given = TranslatedText.from_json(value)
        text = TranslatedText(
            {
                language: Version(
                    plain(given[language].text), given[language].origin, given[language].state
                )
                for language in given
            }
        )
        if any(len(one) > limit for one in text.texts().values()):
            raise ValueError(limit)
        return text

    return read


def _name(value: Any) -> TranslatedText:
    text = _translated(200)(value)
    if not text:
        raise ValueError(value)
    return text


def _year(value: Any) -> int | None:
    if value in (None, ""):
        return None
    year = int(value)
    if not 800 <= year <= clock.now().year:
        raise ValueError(year)
    return year


def website(value: Any) -> str:
    """A web address as it is kept. Raises `ValueError` or `ValidationError` where it is none."""
    text = plain(value)
    if text and "://" not in text:
        text = f"https://{text}"
    if text:
        if len(text) > 300:
            raise ValueError(text)
        URLValidator(schemes=["http", "https"])(text)
    return text


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        raise ValueError(value)
    found = list(dict.fromkeys(" ".join(plain(word).split())[:100] for word in value or ()))
    if len(found) > 50:
        raise ValueError(value)
    return [word for word in found if word]


def derived(name: TranslatedText) -> dict[str, str]:
    """What is kept of a name for search, sorting and comparing."""
    texts = name.texts()
    return {
        "name_line": BETWEEN_NAMES.join(dict.fromkeys(texts.values()))[:600],
        "name_key": organisation_key(next(iter(texts.values()), "")),
    }


def create_organisation(actor: Actor, command: CreateOrganisation) -> Organisation:
    """Make an organisation that takes part in an edition.

    Raises `NotAllowed`, `NotFound` (edition, parent), `Invalid`, `Conflict` where its registration
    number is known: let the known one take part instead (`take_part`).
    """
    if not rules.can_create_organisation(actor, command.edition):
        raise NotAllowed
    cleaned = clean_organisation({f: getattr(command.facts, f) for f in FIELDS})
    mode = _mode(command.mode)
    with work():
        if not Edition.objects.filter(pk=command.edition).exists():
            raise NotFound
        parent = checked_parent(cleaned.pop("parent"), None)
        organisation = Organisation(**cleaned, parent=parent, **derived(cleaned["name"]))
        _refuse_known_number(organisation)
        organisation.save(force_insert=True)
        Participation.objects.create(
            organisation=organisation,
            edition_id=command.edition,
            mode=mode,
            source=plain(command.source)[:200],
        )
        record(
            "participants.organisation_created",
            actor=actor,
            edition=command.edition,
            obj=organisation,
            facts={"kind": organisation.kind, "name": organisation.name},
        )
    return organisation


def _mode(mode: str) -> str:
    if mode not in Mode.values:
        raise Invalid({"mode": _("Choose how they take part: on site, online or both.")})
    return mode


def _refuse_known_number(organisation: Organisation) -> None:
    number = organisation.registration_number
    if not number:
        return
    known = (
        Organisation.objects.filter(registration_number=number).exclude(pk=organisation.pk).first()
    )
    if known is not None:
        raise Conflict(
            _("An organisation with this registration number is known already: %(name)s.")
            % {"name": str(known.name)}
        )


def lock_tree() -> None:
    """Whoever changes who stands below whom waits here for the others, until the transaction ends.

    Of two that make a circle only together, neither sees it alone. A lock on the organisations
    would have to be taken in one order along paths that change; there are few such changes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('talex.organisations.tree'))")


def checked_parent(
    parent_id: UUID | None, organisation: Organisation | None
) -> Organisation | None:
    """The organisation above; `Invalid` where this would make a circle."""
    if parent_id is None:
        return None
    parent = Organisation.objects.filter(pk=parent_id).first()
    if parent is None:
        raise Invalid({"parent": _("There is no such organisation.")})
    if organisation is not None and parent.pk == organisation.pk:
        raise Invalid({"parent": _("An organisation cannot stand below itself.")})
    above: Organisation | None = parent
    for _step in range(DEEPEST):
        if above is None:
            return parent
        if organisation is not None and above.pk == organisation.pk:
            raise Invalid(
                {
                    "parent": _(
                        "That would be a circle: the one above stands below this organisation "
                        "already."
                    )
                }
            )
        above = above.parent
    raise Invalid({"parent": _("The tree of organisations is too deep here.")})


def update_organisation(actor: Actor, command: UpdateOrganisation) -> Organisation:
    """Change fields of an organisation, as the office or as a delegate of an edition it is in.

    Kind, registration number and parent are the office's to change, and the name of one that was
    let in: it stands in openings and mails of the conference at once. Raises `NotFound`,
    `NotAllowed`, `Invalid`, `Conflict` (changed meanwhile, number known).
    """
    with work():
        if "parent" in command.changes:
            lock_tree()
        organisation = (
            Organisation.objects.select_for_update().filter(pk=command.organisation).first()
        )
        if organisation is None or not rules.can_see_organisation(actor, organisation):
            raise NotFound
        if not rules.can_edit_organisation(actor, organisation, command.edition):
            raise NotAllowed
        if command.version is not None and command.version != organisation.version:
            raise Conflict
        cleaned = clean_organisation(command.changes)
        if "country" not in command.changes and organisation.country:
            cleaned.pop("country", None)
        if "parent" in cleaned:
            cleaned["parent"] = checked_parent(cleaned["parent"], organisation)
        changed = [name for name in cleaned if getattr(organisation, name) != cleaned[name]]
        if not changed:
            return organisation
        office = is_office(actor, command.edition)
        if not office and {"kind", "registration_number", "parent"} & set(changed):
            raise NotAllowed(
                _("Ask the office to change kind, registration number or parent organisation.")
            )
        renamed = "name" in changed and organisation.name.texts() != cleaned["name"].texts()
        if not office and renamed and rules.name_is_fixed(organisation):
            raise NotAllowed(
                _("Ask the office to change the name: the organisation takes part under it.")
            )
        if not office and "country" in changed and organisation.country:
            # Who moved home by a click would read what was not agreed to for abroad.
            raise NotAllowed(_("Ask the office to change the country."))
        for name in changed:
            setattr(organisation, name, cleaned[name])
        if "name" in changed:
            for name, value in derived(organisation.name).items():
                setattr(organisation, name, value)
        _refuse_known_number(organisation)
        organisation.version += 1
        organisation.save()
        record(
            "participants.organisation_updated",
            actor=actor,
            edition=command.edition,
            obj=organisation,
            facts={"fields": sorted(changed), "version": organisation.version},
        )
    return organisation


def take_part(actor: Actor, command: TakePart) -> Participation:
    """A known organisation takes part in an edition, or no longer does.

    Raises `NotAllowed`, `NotFound`, `Invalid` (mode).
    """
    if not rules.can_create_organisation(actor, command.edition):
        raise NotAllowed
    mode = _mode(command.mode)
    with work():
        organisation = Organisation.objects.filter(pk=command.organisation).first()
        if organisation is None or not Edition.objects.filter(pk=command.edition).exists():
            raise NotFound
        found = (
            Participation.objects.select_for_update()
            .filter(organisation=organisation, edition_id=command.edition)
            .first()
        )
        part = found or Participation(organisation=organisation, edition_id=command.edition)
        before = (part.mode, part.withdrawn_at is not None)
        if found is not None and before == (mode, command.withdrawn):
            return part
        part.mode = mode
        part.withdrawn_at = clock.now() if command.withdrawn else None
        try:
            part.save()
        except IntegrityError as error:
            raise Conflict from error
        record(
            "participants.organisation_withdrawn"
            if command.withdrawn
            else "participants.organisation_takes_part",
            actor=actor,
            edition=command.edition,
            obj=organisation,
            facts={"mode": mode},
        )
    return part
