"""What the fields are called, and what a value looks like to people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.participants.importing.fields import FIELDS, Target
from talex.ui.forms import number_shown

FIELD_LABELS: dict[str, Message] = {
    "source_id": _("Number in the list"),
    "name": _("Name"),
    "name_latin": _("Name in Latin letters"),
    "name_native": _("Name in its own script"),
    "name_zh": _("Name in Chinese"),
    "name_en": _("Name in English"),
    "name_de": _("Name in German"),
    "title": pgettext_lazy("of an opening", "Title"),
    "email": _("E-mail address"),
    "phone": _("Telephone"),
    "contact_name": _("Contact person"),
    "contact_email": _("E-mail address of the contact"),
    "degree_level": _("Degree"),
    "degree_required": _("Degree asked for"),
    "institution": _("University or school"),
    "discipline": _("Discipline"),
    "skills": _("Skills"),
    "languages": _("Languages"),
    "experience_years": _("Years of experience"),
    "experience_required": _("Years of experience asked for"),
    "current_position": _("Current position"),
    "resume_text": _("Résumé"),
    "nationality_region": _("Country or region of origin"),
    "wished_regions": _("Wished regions"),
    "wished_industries": _("Wished industries"),
    "available_from": _("Available from"),
    "available_until": _("Available until"),
    "time_zone": _("Time zone"),
    "mode": _("On site or online"),
    "consent": _("Agrees that organisations see the profile"),
    "language": _("Language to write to them"),
    "kind": _("Kind"),
    "registration_number": _("Registration number"),
    "country": _("Country"),
    "region": _("Place or region"),
    "address": _("Address"),
    "industry": _("Industry"),
    "website": _("Website"),
    "size": _("Size (people)"),
    "description": _("Description"),
    "organisation": _("Organisation"),
    "headcount": _("Number of people sought"),
    "pay": _("Pay"),
    "starts_on": _("Starts on"),
    "closes_on": _("Apply until"),
}


def field_label(field: str) -> Message:
    """The field in the reader's language; the bare name for one that is unknown."""
    return FIELD_LABELS.get(field, field)


def field_choices(target: Target) -> list[tuple[str, Message]]:
    """The fields of a target with their labels, in the order of a form."""
    return [(field, field_label(field)) for field in FIELDS[target]]


PERIODS: dict[str, Message] = {
    "hour": pgettext_lazy("pay for one", "hour"),
    "day": pgettext_lazy("pay for one", "day"),
    "month": pgettext_lazy("pay for one", "month"),
    "year": pgettext_lazy("pay for one", "year"),
}


def shown(field: str, value: Any) -> str:
    """A staged value as one line for people, in the reader's language."""
    # Loaded here: they read models, and the pure parts of this package do without.
    from talex.participants.choices import Mode, OrganisationKind
    from talex.participants.words import degree_name, languages_shown

    if field == "pay" and isinstance(value, dict):
        return _pay(value)
    if isinstance(value, dict) and "least" in value:
        return _range(value)
    if field in ("degree_level", "degree_required"):
        return str(_NO_DEGREE if value == "none" else degree_name(value))
    if field == "kind":
        return str(_OPENING_KINDS.get(value) or dict(OrganisationKind.choices).get(value, value))
    if field == "mode":
        return str(dict(Mode.choices).get(value, value))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return ", ".join(languages_shown(value))
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


_NO_DEGREE = _("No degree asked for")
_OPENING_KINDS: dict[str, Message] = {
    "job": _("Job"),
    "postdoc": _("Postdoctoral position"),
    "project": _("Project"),
}


def _range(value: dict[str, Any]) -> str:
    least, most = (None if n is None else number_shown(n) for n in (value["least"], value["most"]))
    if most is None:
        return f"{least}+"
    return str(least) if least == most else f"{least}–{most}"


def _pay(value: dict[str, Any]) -> str:
    if value["low"] is None and value["high"] is None:
        return gettext("negotiable")
    amounts = "–".join(_amount(n) for n in dict.fromkeys((value["low"], value["high"])) if n)
    parts = [amounts, value["currency"] or ""]
    if value["period"]:
        parts.append(f"/ {PERIODS[value['period']]}")
    if value["months"]:
        parts.append(f"× {value['months']}")
    return " ".join(part for part in parts if part)


def _amount(text: str) -> str:
    number = Decimal(text)
    return number_format(number, 0 if number == int(number) else 2, force_grouping=True)
