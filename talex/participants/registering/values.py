"""From records to answers as they are typed, and back to what the services take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from talex.core.canonical import canonical, digest
from talex.core.errors import Invalid, Message
from talex.editions.models import Consent, Edition
from talex.participants.availability import hours_of, instants, zone_of
from talex.participants.facts import Name
from talex.participants.models import Person, ProjectOwner, Talent
from talex.participants.registering.forms import STEPS, StepForm
from talex.participants.services.persons import names_of
from talex.participants.vocabulary import DegreeLevel
from talex.participants.words import languages_typed

Values = dict[str, Any]
_PERSON = ("phone", "region", "nationality", "birth_year", "language")
_LINES = (
    "degree_level", "experience_years", "current_position", "industry", "profile_text", "mode",
    "daily_max",
)  # fmt: skip
_LISTS = ("skills", "wished_regions", "wished_industries")
_HAN, _MOBILE = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"1[3-9]\d{9}")
_PROJECT = ("title", "about", "industry", "stage", "region")


def sign_of(value: Any) -> str:
    """A short fingerprint of an answer, to tell whether it is the one a page was made with."""
    return digest(canonical(value))[:12]


def same(one: Any, two: Any) -> bool:
    """Whether two answers say the same; nothing said is said in several ways."""
    return (one or "") == (two or "") or one == two


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{name: _text(value) for name, value in row.items()} for row in rows]


def of_person(person: Person) -> Values:
    """What is known of a person already."""
    told: Values = {name: _text(getattr(person, name, "")) for name in _PERSON if name != "region"}
    told["names"] = [text for text, _script in names_of(person)]
    return told


def of_talent(talent: Talent) -> Values:
    """A registration as its owner would have typed it."""
    told = of_person(talent.person)
    told |= {name: _text(getattr(talent, name)) for name in (*_LINES, "region")}
    told |= {name: list(getattr(talent, name)) for name in _LISTS}
    told["education"] = _rows(talent.education)
    if not told["education"] and (talent.institution or talent.disciplines):
        told["education"] = [
            {
                "level": talent.degree_level,
                "institution": talent.institution,
                "discipline": ", ".join(talent.disciplines)[:200],
                "year": "",
            }
        ]
    told["experience"] = _rows(talent.experience)
    told["languages"] = languages_typed(talent.languages)
    told |= {f"pay_{name}": text for name, text in talent.wished_pay.items()}
    told |= {n: _text(getattr(talent, n)) for n in ("available_from", "available_until")}
    told |= {
        name: f"{at:%H:%M}"
        for name in ("local_from", "local_until")
        if (at := getattr(talent, name))
    }
    zone = zone_of(talent.person.time_zone or talent.edition.time_zone)
    told["time_zone"] = zone.key
    told["windows"] = [
        {"date": one.date.isoformat(), "start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}"}
        for one in hours_of(talent.windows, zone)
    ]
    told["consents"] = _agreed(talent.edition, talent.person)
    return {name: value for name, value in told.items() if value not in ("", [], None)}


def of_project(project: ProjectOwner) -> Values:
    """The same of a project and its owner."""
    told = of_person(project.person)
    told |= {f"project_{name}": _text(getattr(project, name)) for name in _PROJECT}
    told["project_seeks"] = list(project.seeks)
    told["consents"] = _agreed(project.edition, project.person)
    return {name: value for name, value in told.items() if value not in ("", [], None)}


def _agreed(edition: Edition, person: Person) -> list[str]:
    rows = Consent.objects.current().filter(edition=edition, person=person.pk, recipient="")
    return sorted(rows.values_list("purpose", flat=True))


# --- and back -------------------------------------------------------------------------------


def forms_of(kind: str, values: Mapping[str, Any], edition: Edition) -> dict[str, StepForm]:
    """Step -> its form, bound to the answers."""
    return {step: form.of(values, edition) for step, form in STEPS[kind].items()}


def understood(kind: str, values: Mapping[str, Any], edition: Edition) -> Values:
    """Every answer as its form understands it. Raises `Invalid` with all that is wrong."""
    cleaned: Values = {}
    faults: dict[str, list[Message]] = {}
    for form in forms_of(kind, values, edition).values():
        if form.is_valid():
            cleaned |= form.cleaned_data
        else:
            faults |= {name: [str(e) for e in told] for name, told in form.errors.items()}
    if faults:
        raise Invalid(faults)
    return cleaned


def talent_changes(cleaned: Mapping[str, Any], edition: Edition) -> Values:
    """Answers as `facts` names them; studies also give school and disciplines. Raises Invalid."""
    plain = (
        "names", "phone", "region", "nationality", "birth_year", "language", "degree_level",
        "experience", "experience_years", "current_position", "industry", "skills", "languages",
        "profile_text", "wished_regions", "wished_industries", "available_from",
        "available_until", "mode", "time_zone", "local_from", "local_until", "daily_max",
    )  # fmt: skip
    facts = {name: cleaned[name] for name in plain}
    studies = cleaned["education"]
    known = [level.value for level in DegreeLevel]
    ranked = sorted(
        studies,
        key=lambda row: -(known.index(row["level"]) + 1 if row["level"] in known else 0),
    )
    facts["education"] = studies
    facts["institution"] = next((row["institution"] for row in ranked if row["institution"]), "")
    facts["disciplines"] = list(
        dict.fromkeys(row["discipline"] for row in ranked if row["discipline"])
    )
    facts["wished_pay"] = (
        {
            "least": cleaned["pay_least"],
            "currency": cleaned["pay_currency"],
            "period": cleaned["pay_period"],
        }
        if cleaned["pay_least"]
        else {}
    )
    facts["windows"] = instants(edition, zone_of(cleaned["time_zone"]), cleaned["windows"])
    return facts


#: Which answers a fact of a talent comes from, where the names differ.
ANSWER_OF = {
    "institution": "education", "disciplines": "education", "wished_pay": "pay_least",
    "names": "names",
}  # fmt: skip


def person_changes(cleaned: Mapping[str, Any]) -> Values:
    """The facts of the person alone."""
    return {name: cleaned[name] for name in ("names", *_PERSON) if name != "region"}


def project_changes(cleaned: Mapping[str, Any]) -> Values:
    """The fields of a project."""
    told = {name: cleaned[f"project_{name}"].strip() for name in _PROJECT}
    return {**told, "seeks": list(cleaned["project_seeks"])}


def _kept(value: Any) -> Any:
    """Without signs that no database keeps: zeros, and halves of signs (a lone surrogate)."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {name: _kept(part) for name, part in value.items()}
    return [_kept(part) for part in value] if isinstance(value, list) else value


def found_values(found: Iterable[Any]) -> list[dict[str, Any]]:
    """What was read of a file as a draft keeps it: languages become 'German B2'."""
    told = []
    every = list(found)
    chinese = any(_HAN.search(str(one.quote)) for one in every)
    for one in every:
        value: Any = one.value
        if one.field == "languages":
            value = languages_typed(value)
        elif one.field == "phone" and chinese and _MOBILE.fullmatch(value):
            # In a Chinese CV nobody writes the country before a mobile; the form asks for it.
            value = f"+86 {value}"
        elif isinstance(value, str):
            pass
        else:
            value = [dict(part) if isinstance(part, Mapping) else str(part) for part in value]
        told.append({"field": one.field, "value": _kept(value), "quote": _kept(one.quote)})
    return told


__all__ = ["Name", "Values", "forms_of", "found_values", "same", "sign_of", "understood"]
