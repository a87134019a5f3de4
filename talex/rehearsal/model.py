"""What a rehearsal is made of: plain frozen records without a database.

Languages of text are `zh-hans`, `en`, `de`, as in the interface; spoken languages are ISO 639-1
codes with a CEFR level; regions, industries, occupations and disciplines are the codes of the
tables in `data/`. Times carry a zone. `same_person_as` and `identical_to` tell the truth about
planted duplicates, for tests and training alone: the product must find them by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

Language = Literal["zh-hans", "en", "de"]
LANGUAGES: tuple[Language, ...] = ("zh-hans", "en", "de")
DEGREE_LEVELS = ("secondary", "associate", "bachelor", "master", "doctorate")
ORGANISATION_KINDS = (
    "district",
    "industrial_park",
    "university",
    "multinational",
    "innovation_centre",
    "hospital",
    "institute",
    "investor",
    "enterprise",
)
Presence = Literal["on_site", "online", "both"]
OpeningKind = Literal["job", "postdoc", "project"]
Side = Literal["talent", "organisation"]


@dataclass(frozen=True, slots=True)
class Label:
    """One thing's name in the three languages; an empty string where it has none."""

    zh: str
    en: str
    de: str

    def text(self, language: str) -> str:
        return {"zh-hans": self.zh, "en": self.en, "de": self.de}[language]

    def as_dict(self) -> Mapping[str, str]:
        """Language -> text, only those that exist: the form of `core.TranslatedText`."""
        pairs = (("zh-hans", self.zh), ("en", self.en), ("de", self.de))
        return {language: text for language, text in pairs if text}


@dataclass(frozen=True, slots=True)
class RegionRecord:
    """A node of the region tree; `parent` is a code or None."""

    code: str
    parent: str | None
    kind: str
    label: Label
    time_zone: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class PersonName:
    """One way of writing a person's name. `script` is ISO 15924 (Hans, Latn, Jpan, Cyrl ...)."""

    text: str
    family: str
    given: str
    script: str
    language: str


@dataclass(frozen=True, slots=True)
class LanguageLevel:
    language: str
    cefr: str


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of availability, both ends with the person's own zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Hall:
    key: str
    label: Label
    online: bool
    tables: int


@dataclass(frozen=True, slots=True)
class EditionDay:
    """Opening hours of one day in the venue's zone; breaks are (from, to)."""

    day: date
    opens: time
    closes: time
    breaks: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    name: PersonName
    position: Label
    affiliation: Label


@dataclass(frozen=True, slots=True)
class Session:
    key: str
    title: Label
    hall: str
    start: datetime
    end: datetime
    language: Language
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    key: str
    kind: str
    title: Label
    summary: Label
    main: bool
    hall: str
    start: datetime
    end: datetime
    industry: str | None
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The conference itself. Meetings take `meeting_minutes`, then `pause_minutes` of rest."""

    key: str
    title: Label
    city: Label
    venue: Label
    region: str
    time_zone: str
    days: tuple[EditionDay, ...]
    meeting_minutes: int
    pause_minutes: int
    halls: tuple[Hall, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class Delegate:
    key: str
    organisation: str
    names: tuple[PersonName, ...]
    position: str
    language: Language
    languages: tuple[LanguageLevel, ...]
    email: str | None
    time_zone: str
    presence: Presence


@dataclass(frozen=True, slots=True)
class Organisation:
    """`table` is `<hall key>/<number>` where it stands on site, else None."""

    key: str
    kind: str
    name: Label
    language: Language
    region: str
    industries: tuple[str, ...]
    parent: str | None
    employees: int | None
    founded: int | None
    website: str | None
    description: str
    presence: Presence
    table: str | None
    delegates: tuple[Delegate, ...]


@dataclass(frozen=True, slots=True)
class Talent:
    """One registration of a person. What may be missing is None or empty.

    `source` is the list it came from; `skills` are words in `language`, `skill_codes` what was
    meant (same order, same length).
    """

    key: str
    source: str
    language: Language
    names: tuple[PersonName, ...]
    email: str | None
    region: str
    time_zone: str
    degree: str | None
    institution: str | None
    graduated: int | None
    discipline: str | None
    industry: str
    occupation: str
    skills: tuple[str, ...]
    skill_codes: tuple[str, ...]
    languages: tuple[LanguageLevel, ...]
    years: int | None
    position: str | None
    employer: str | None
    profile: str
    wished_regions: tuple[str, ...]
    wished_industries: tuple[str, ...]
    wished_kinds: tuple[OpeningKind, ...]
    presence: Presence
    availability: tuple[Window, ...]
    consents: tuple[str, ...]
    registered_at: datetime
    same_person_as: str | None


@dataclass(frozen=True, slots=True)
class Pay:
    """Whole units of `currency` per `period`; `months` paid a year where period is month."""

    low: int
    high: int
    currency: str
    period: Literal["month", "year", "project"]
    months: int


@dataclass(frozen=True, slots=True)
class Opening:
    """`degree` None: any. `years_max` None: no upper end. `closes_on` is the last day to apply."""

    key: str
    organisation: str
    kind: OpeningKind
    language: Language
    title: str
    description: str
    industry: str
    occupation: str
    discipline: str | None
    degree: str | None
    years_min: int | None
    years_max: int | None
    skills: tuple[str, ...]
    skill_codes: tuple[str, ...]
    languages: tuple[LanguageLevel, ...]
    headcount: int | None
    pay: Pay | None
    region: str | None
    closes_on: date
    identical_to: str | None


@dataclass(frozen=True, slots=True)
class Interest:
    """A side asks to meet. `fit` in [0, 1] is the simulation's own guess, not a match score."""

    key: str
    by: Side
    talent: str
    opening: str
    organisation: str
    rank: int
    fit: float
    message: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """How the asked side reacts, `after_hours` after it was asked (expired: never answered)."""

    kind: Literal["accepted", "declined", "expired"]
    after_hours: float


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether a talent is verified and comes; `checked_in_at` None unless attended."""

    verified: bool
    attended: bool
    checked_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a placed meeting.

    At most one of `cancelled_by` (then `hours_before` its start) and `no_show` is set, and then
    `reached` is empty; else `reached` lists (rung, days after the meeting) going up without gap.
    """

    cancelled_by: Side | None
    hours_before: float | None
    no_show: Side | None
    reached: tuple[tuple[str, int], ...]
