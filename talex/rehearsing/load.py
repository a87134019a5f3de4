"""From generated records to rows, through the same services that imports use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zlib import crc32

from talex.core import clock
from talex.core.actor import Actor
from talex.core.translated import TranslatedText
from talex.editions import services as editions
from talex.editions.models import ConsentPurpose, Edition
from talex.fair.services.bulk import OpeningRow, apply_openings
from talex.participants.facts import Name
from talex.participants.models import SourceRow
from talex.participants.services.bulk import TalentRow, apply_talents
from talex.participants.services.bulk_organisations import (
    DelegateRow,
    OrganisationRow,
    apply_organisations,
)
from talex.participants.services.waiting import SourceKey
from talex.programme import services as programme
from talex.rehearsal import Rehearsal, model, rehearse
from talex.rehearsal.people import country

MODES = {"on_site": "onsite", "online": "online", "both": "both"}
SOURCE = "rehearsal"
DAYS_BEFORE = 12
"""The lists come in this many days before the conference opens."""

Tell = Callable[[str, int, int], None]
"""(step, done, total)"""


@dataclass
class Loaded:
    """A rehearsal in the installation, with what its keys became."""

    rehearsal: Rehearsal
    edition: Edition
    talents: dict[str, UUID] = field(default_factory=dict)
    openings: dict[str, UUID] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)


def load(
    actor: Actor,
    scale: str,
    seed: int,
    *,
    starts_on: date | None = None,
    slug: str = "",
    tell: Tell = lambda step, done, total: None,
) -> Loaded:
    """Make an edition from the generator and fill it. Raises Invalid, Conflict, ValueError."""
    first = starts_on or clock.now().date() + timedelta(days=DAYS_BEFORE + 1)
    made = rehearse(scale, seed, first)
    early = datetime.combine(first, datetime.min.time(), UTC) - timedelta(days=DAYS_BEFORE)
    with clock.at(min(early, clock.now())):
        loaded = Loaded(made, _edition(actor, made, slug or f"rehearsal-{scale}-{seed}"))
        tell("programme", 0, 1)
        set_up_programme(actor, loaded)
        tell("organisations", 0, made.scale.organisations)
        _organisations(actor, loaded)
        _tables(actor, loaded)
        tell("openings", 0, made.scale.openings)
        apply_openings(actor, loaded.edition.id, list(_openings(loaded)))
        tell("talents", 0, made.scale.talents)
        apply_talents(actor, loaded.edition.id, _talents(loaded))
    _read_back(loaded)
    tell("talents", made.scale.talents, made.scale.talents)
    return loaded


def key_of(key: str) -> SourceKey:
    """The identity of a generated record among imported rows."""
    return SourceKey(SOURCE, hashlib.sha256(key.encode()).hexdigest(), 1)


def text(label: model.Label) -> TranslatedText:
    return TranslatedText(dict(label.as_dict()))


def _edition(actor: Actor, made: Rehearsal, slug: str) -> Edition:
    of = made.edition
    edition = editions.create_edition(
        actor,
        editions.CreateEdition(
            slug=slug,
            name=text(of.title),
            city=text(of.city),
            starts_on=of.days[0].day,
            ends_on=of.days[-1].day,
            time_zone=of.time_zone,
            rehearsal=True,
        ),
    )
    return editions.set_state(actor, editions.SetState(edition.id, "open"))


def set_up_programme(actor: Actor, loaded: Loaded) -> None:
    """Halls with tables, days with breaks, activities."""
    of, edition = loaded.rehearsal.edition, loaded.edition
    halls: dict[str, UUID] = {}
    for hall in of.halls:
        saved = programme.save_hall(
            actor,
            edition,
            programme.SaveHall(hall.key, text(hall.label), hall.tables, online=hall.online),
        )
        halls[hall.key] = saved.id
    for day in of.days:
        programme.save_day(
            actor,
            edition,
            programme.SaveDay(
                day.day,
                day.opens,
                day.closes,
                of.meeting_minutes,
                of.pause_minutes,
                [(f"{a:%H:%M}", f"{b:%H:%M}") for a, b in day.breaks],
            ),
        )
    for activity in of.activities:
        programme.save_activity(
            actor,
            edition,
            programme.SaveActivity(
                title=text(activity.title),
                summary=text(activity.summary),
                kind=_activity_kind(activity.kind),
                main=activity.main,
                hall=halls.get(activity.hall),
                starts_at=activity.start,
                ends_at=activity.end,
            ),
        )


def _activity_kind(kind: str) -> str:
    from talex.programme.models import Activity

    return kind if kind in Activity.Kind.values else Activity.Kind.OTHER


def _names(names: tuple[model.PersonName, ...]) -> list[Name]:
    return [Name(name.text, name.script) for name in names]


def _languages(levels: tuple[model.LanguageLevel, ...]) -> list[dict[str, str]]:
    return [{"code": level.language, "level": level.cefr} for level in levels]


def _organisations(actor: Actor, loaded: Loaded) -> None:
    vocabulary = loaded.rehearsal.vocabulary
    names = {o.key: o.name for o in loaded.rehearsal.organisations}
    rows = [
        OrganisationRow(
            name=text(o.name),
            kind=o.kind,
            country=country(o.region) or "",
            region=_region(loaded, o.region, o.language),
            industry=_industry(loaded, o.industries[0], o.language) if o.industries else "",
            industries=[vocabulary.industries[c].label.text(o.language) for c in o.industries],
            website=o.website or "",
            size=str(o.employees or ""),
            founded=o.founded,
            description=TranslatedText.of(o.description, o.language),
            parent_name=str(text(names[o.parent])) if o.parent else "",
            mode=MODES[o.presence],
            delegates=[_delegate(d) for d in o.delegates],
            sources=[key_of(o.key)],
        )
        for o in loaded.rehearsal.organisations
    ]
    apply_organisations(actor, loaded.edition.id, rows)
    loaded.organisations = _known(
        loaded, "organisation", [o.key for o in loaded.rehearsal.organisations]
    )


def _delegate(of: model.Delegate) -> DelegateRow:
    return DelegateRow(
        names=_names(of.names),
        email=of.email or "",
        language=of.language,
        time_zone=of.time_zone,
        title=of.position,
        mode=MODES[of.presence],
        languages=_languages(of.languages),
    )


def _region(loaded: Loaded, code: str | None, language: str) -> str:
    if not code:
        return ""
    found = loaded.rehearsal.vocabulary.regions.get(code)
    return found.label.text(language) or found.label.en if found else code


def _industry(loaded: Loaded, code: str, language: str) -> str:
    found = loaded.rehearsal.vocabulary.industries.get(code)
    return found.label.text(language) if found else code


def _tables(actor: Actor, loaded: Loaded) -> None:
    owners: dict[tuple[str, int], UUID | None] = {}
    for organisation in loaded.rehearsal.organisations:
        known = loaded.organisations.get(organisation.key)
        if organisation.table and known:
            hall, _slash, number = organisation.table.rpartition("/")
            owners[hall, int(number)] = known
    programme.assign_tables(actor, loaded.edition, owners)


def _openings(loaded: Loaded) -> Iterator[OpeningRow]:
    presence = {o.key: MODES[o.presence] for o in loaded.rehearsal.organisations}
    for o in loaded.rehearsal.openings():
        yield OpeningRow(
            organisation=loaded.organisations[o.organisation],
            kind=o.kind,
            title=TranslatedText.of(o.title, o.language),
            description=TranslatedText.of(o.description, o.language),
            headcount=o.headcount,
            degree_required=o.degree or "",
            experience_min=o.years_min,
            experience_max=o.years_max,
            skills=list(o.skills),
            languages=_languages(o.languages),
            pay=_pay(o.pay),
            region=_region(loaded, o.region, o.language),
            industry=_industry(loaded, o.industry, o.language),
            closes_on=o.closes_on,
            mode=presence[o.organisation],
            state="open",
            sources=[key_of(o.key)],
        )


def _pay(pay: model.Pay | None) -> dict[str, object]:
    if pay is None or pay.period == "project":
        return {}  # a sum for the whole project is no pay by month or year
    return {
        "low": str(pay.low),
        "high": str(pay.high),
        "currency": pay.currency,
        "period": pay.period,
        "months": pay.months,
    }


def _talents(loaded: Loaded) -> Iterator[TalentRow]:
    disciplines = loaded.rehearsal.vocabulary.disciplines
    for t in loaded.rehearsal.talents():
        discipline = disciplines.get(t.discipline or "")
        yield TalentRow(
            names=_names(t.names),
            email=t.email or "",
            language=t.language,
            time_zone=t.time_zone,
            degree_level=t.degree or "",
            institution=t.institution or "",
            disciplines=[discipline.text(t.language)] if discipline else [],
            skills=list(t.skills),
            languages=_languages(t.languages),
            experience_years=t.years,
            current_position=t.position or "",
            profile_text=t.profile,
            industry=_industry(loaded, t.industry, t.language),
            region=_region(loaded, t.region, t.language),
            wished_regions=[_region(loaded, code, t.language) for code in t.wished_regions],
            wished_industries=[_industry(loaded, code, t.language) for code in t.wished_industries],
            windows=[{"start": _utc(w.start), "end": _utc(w.end)} for w in t.availability],
            mode=MODES[t.presence],
            consents=_consents(t),
            sources=[key_of(t.key)],
        )


#: Of a hundred who show their profile.
ABROAD_SHARE = 85
CONSENTS = {"employers": "profile", "partners": "partners", "publication": "press"}


def _consents(talent: model.Talent) -> list[str]:
    """What an invented talent agreed to; most of who is shown also lets it go abroad."""
    given = [CONSENTS[one] for one in talent.consents if one in CONSENTS]
    abroad = "profile" in given and crc32(talent.key.encode()) % 100 < ABROAD_SHARE
    return [*given, ConsentPurpose.ABROAD.value] if abroad else given


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _known(loaded: Loaded, kind: str, keys: list[str]) -> dict[str, UUID]:
    """generated key -> id of the row it became."""
    rows = dict(
        SourceRow.objects.filter(edition=loaded.edition, kind=kind, source=SOURCE).values_list(
            "fingerprint", "object_id"
        )
    )
    found = {key: rows.get(key_of(key).fingerprint) for key in keys}
    return {key: value for key, value in found.items() if value is not None}


def _read_back(loaded: Loaded) -> None:
    made = loaded.rehearsal
    loaded.talents = _known(
        loaded, "talent", [f"talent-{n:06d}" for n in range(1, made.scale.talents + 1)]
    )
    loaded.openings = _known(
        loaded, "opening", [f"opening-{n:06d}" for n in range(1, made.scale.openings + 1)]
    )


def reopen(edition: Edition, scale: str, seed: int) -> Loaded:
    """A rehearsal that was loaded before, to be played."""
    loaded = Loaded(rehearse(scale, seed, edition.starts_on), edition)
    loaded.organisations = _known(
        loaded, "organisation", [o.key for o in loaded.rehearsal.organisations]
    )
    _read_back(loaded)
    return loaded


__all__ = ["Loaded", "load", "reopen", "set_up_programme"]
