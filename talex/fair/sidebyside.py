"""A talent beside an opening, requirement by requirement: what is asked, what is there.

Compared are the records of now, as the matching compares them, while a stored proposal keeps what
was true when it was made. `facts` are what the reader may see of the talent (`privacy.card`):
what is not shown is "unknown" here, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from talex.core.translated import TranslatedText
from talex.engine.text import Kind
from talex.fair import filtering, places, show
from talex.fair.choices import REQUIREMENT_LABELS
from talex.fair.marking import Piece, mark
from talex.fair.models import Opening
from talex.fair.names import language_name, place_name
from talex.fair.words import Words
from talex.participants.choices import DEGREE_LABELS, Cefr, Mode
from talex.participants.vocabulary import DegreeLevel, DegreeRequirement

#: Shared by half of their meaning, two skills are the same; by less they touch each other.
SAME = 0.5
TEXT = 4000
_LEVELS = [*(level.value for level in Cefr if level != Cefr.NATIVE), Cefr.NATIVE.value]


class Fit(StrEnum):
    """How a requirement is met."""

    FITS = "fits"
    PARTLY = "partly"
    #: Something is there, but not what is asked.
    DIFFERENT = "different"
    MISSING = "missing"
    UNKNOWN = "unknown"


#: As a state of the face.
STATES = {Fit.FITS: "ok", Fit.PARTLY: "info", Fit.DIFFERENT: "warning", Fit.MISSING: "warning",
          Fit.UNKNOWN: "none"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bit:
    """Words as they were written; `label` in the reader's language where that is another one;
    `matched` where the other side says the same."""

    text: str
    label: str = ""
    matched: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement. `note` says what the words alone do not."""

    part: str
    title: str
    fit: Fit
    asked: list[Bit] = field(default_factory=list)
    has: list[Bit] = field(default_factory=list)
    note: str = ""

    @property
    def state(self) -> str:
        return STATES[self.fit]

    @property
    def word(self) -> str:
        return fit_word(self.fit)


@dataclass(frozen=True, slots=True)
class Beside:
    """The whole comparison; the texts with the words that both sides use marked."""

    rows: list[Row]
    description: list[Piece]
    profile: list[Piece]

    def count(self, fit: Fit) -> int:
        return sum(row.fit == fit for row in self.rows)


def fit_word(fit: Fit) -> str:
    """What a fit is called."""
    return {
        Fit.FITS: _("fits"),
        Fit.PARTLY: _("fits partly"),
        Fit.DIFFERENT: pgettext("fit", "different"),
        Fit.MISSING: _("missing"),
        Fit.UNKNOWN: _("unknown"),
    }[fit]


def beside(
    opening: Opening,
    facts: Mapping[str, Any],
    words: Words,
    reasons: Sequence[Mapping[str, Any]] = (),
) -> Beside:
    """An opening and what may be seen of a talent. `reasons`: of their proposal, if there is one:
    how close the professions are by meaning. `words`: of the opening's edition."""
    profile = str(facts.get("profile_text") or "")[:TEXT]
    description, _language = _text(opening.description)
    rows = [
        _profession(opening, facts, reasons, words),
        *_skills(opening, facts, profile, words),
        *_plain(opening, facts, words),
    ]
    shared = _concepts(description, words) & _concepts(profile, words)
    return Beside(
        [_told(row) for row in rows if row.asked or row.has],
        mark(description, shared, words.table),
        mark(profile, shared, words.table),
    )


def _told(row: Row) -> Row:
    """Whoever has something else misses nothing: it is different."""
    return replace(row, fit=Fit.DIFFERENT) if row.fit == Fit.MISSING and row.has else row


def _text(text: TranslatedText) -> tuple[str, str]:
    found, language = text.best(get_language() or "en") if text else ("", "")
    return found[:TEXT], language


def _concepts(text: str, words: Words) -> set[str]:
    return {m.concept.id for m in words.table.find(text)} if text else set()


def _bit(text: str, words: Words, matched: bool = False) -> Bit:
    return Bit(text, words.label(text), matched)


def _profession(
    opening: Opening,
    facts: Mapping[str, Any],
    reasons: Sequence[Mapping[str, Any]],
    words: Words,
) -> Row:
    title, _language = _text(opening.title)
    position = facts.get("current_position") or ""
    own = [position] if position else list(facts.get("disciplines") or [])[:3]
    kinds = [Kind.OCCUPATION, Kind.DISCIPLINE]
    named = [{link.concept.id for link in words.linker.link(text, kinds)} for text in (title, *own)]
    shared = set().union(*named[1:]) & named[0]
    stored = next((r.get("fits") for r in reasons if r.get("part") == "title"), None)
    fit = Fit.UNKNOWN
    if shared or stored is True:
        fit = Fit.FITS
    elif stored is False:
        fit = Fit.MISSING
    note = ""
    if stored is not None and not shared:
        note = _("Compared by meaning.") if own else _("Compared by meaning; it is not shown.")
    has = [_bit(text, words, bool(shared & ids)) for text, ids in zip(own, named[1:], strict=True)]
    return Row("title", _("Profession"), fit, [_bit(title, words, bool(shared))], has, note)


def _skills(opening: Opening, facts: Mapping[str, Any], profile: str, words: Words) -> list[Row]:
    """A row for each skill that is asked, and one for those that nobody asks for."""
    # The engine is loaded where it is used, not whenever Talex starts.
    from talex.engine.matching.vocabulary import Vocabulary

    known = Vocabulary(words.table)
    own = list(dict.fromkeys(facts.get("skills") or []))
    meant = {text: dict(known.terms_of(n)) for text in own if (n := known.add(text)) is not None}
    told = _concepts(profile, words)
    rows: list[Row] = []
    used: set[str] = set()
    for asked in opening.skills:
        number = known.add(asked)
        wanted = dict(known.terms_of(number)) if number is not None else {}
        strength, best = 0.0, ""
        for text, terms in meant.items():
            shared = sum(min(share, wanted.get(term, 0.0)) for term, share in terms.items())
            if shared > strength:
                strength, best = shared, text
        concepts = _concepts(asked, words)
        note = ""
        fit = Fit.MISSING if own else Fit.UNKNOWN
        if strength >= SAME:
            fit = Fit.FITS
        elif concepts and concepts <= told:
            fit, note = Fit.FITS, _("Named in the profile.")
        elif strength:
            fit = Fit.PARTLY
        used.add(best)
        has = [_bit(best, words, True)] if best else []
        rows.append(
            Row("skills", _("Skill"), fit, [_bit(asked, words, bool(best or note))], has, note)
        )
    more = [text for text in own if text not in used]
    if more and not opening.skills:
        rows.append(
            Row(
                "skills", _("Skills"), Fit.UNKNOWN, [], [_bit(t, words) for t in more], _not_asked()
            )
        )
    elif more:
        note = _("Not asked for, but there.")
        rows.append(
            Row("skills", _("More skills"), Fit.UNKNOWN, [], [_bit(t, words) for t in more], note)
        )
    return rows


def _not_asked() -> str:
    return _("The opening says nothing about it.")


def _plain(opening: Opening, facts: Mapping[str, Any], words: Words) -> list[Row]:
    return [
        _degree(opening, facts),
        _experience(opening, facts),
        *_languages(opening, facts),
        _place(opening, facts),
        _industry(opening, facts, words),
        _dates(opening, facts),
        _mode(opening, facts),
    ]


def _row(part: str, title: str, asked: str, has: str, good: bool | None, hint: str = "") -> Row:
    """A row of one value a side; unknown where a side says nothing."""
    note = ""
    if good is None:
        note = _not_asked() if has and not asked else ""
    fit = {True: Fit.FITS, False: Fit.MISSING, None: Fit.UNKNOWN}[good]
    matched = good is True
    return Row(
        part,
        title,
        fit,
        [Bit(asked, matched=matched)] if asked else [],
        [Bit(has, matched=matched)] if has else [],
        note or hint,
    )


def _degree(opening: Opening, facts: Mapping[str, Any]) -> Row:
    asked, has = opening.degree_required, facts.get("degree_level") or ""
    level = DegreeRequirement(asked).level if asked else None
    good: bool | None = None
    if asked and level is None:
        good = True
    elif level is not None and has:
        good = DegreeLevel(has).rank >= level.rank
    return _row(
        "degree",
        _("Degree"),
        str(REQUIREMENT_LABELS.get(asked, "")),
        str(DEGREE_LABELS.get(has, "")),
        good,
    )


def _experience(opening: Opening, facts: Mapping[str, Any]) -> Row:
    low, high, has = opening.experience_min, opening.experience_max, facts.get("experience_years")
    asked = show.years_line(low, high)
    good = None
    if asked and has is not None:
        good = (low is None or has >= low) and (high is None or has <= high)
    return _row("experience", _("Experience"), asked, show.experience_line(has), good)


def _level(kept: str | None) -> int:
    return _LEVELS.index(kept) if kept in _LEVELS else -1


def _languages(opening: Opening, facts: Mapping[str, Any]) -> list[Row]:
    own = {str(one["code"]).split("-")[0]: one for one in facts.get("languages") or ()}
    whole = any(one.get("level") == Cefr.NATIVE for one in own.values())
    rows: list[Row] = []
    for asked in opening.languages:
        mine = own.get(str(asked["code"]).split("-")[0])
        good: bool | None = None
        if mine is not None and not asked.get("level"):
            good = True
        elif mine is not None and mine.get("level"):
            good = _level(mine["level"]) >= _level(asked["level"])
        elif mine is None and whole:
            # Who names the mother tongue has given the whole list.
            good = False
        has = show.language_line([mine]) if mine else ""
        title = language_name(str(asked["code"]))
        rows.append(_row("language", title, show.language_line([asked]), has, good))
    if not opening.languages and own:
        has = show.language_line(list(own.values()))
        rows.append(_row("language", _("Languages"), "", has, None))
    return rows


def _place(opening: Opening, facts: Mapping[str, Any]) -> Row:
    where = opening.region or opening.organisation.region
    asked, wished = places.keys([where]), places.keys(list(facts.get("wished_regions") or []))
    shared = asked.keys() & wished.keys()
    good = bool(shared) if asked and wished else None
    has = [Bit(place_name(name), matched=key in shared) for key, name in wished.items()]
    there = [Bit(place_name(where), matched=bool(shared))] if where else []
    return Row("region", _("Place"), _fit(good), there, has)


def _fit(good: bool | None) -> Fit:
    return {True: Fit.FITS, False: Fit.MISSING, None: Fit.UNKNOWN}[good]


def _industry(opening: Opening, facts: Mapping[str, Any], words: Words) -> Row:
    firm = opening.organisation
    named = [opening.industry] if opening.industry else [firm.industry, *firm.industries]
    own = [*(facts.get("wished_industries") or []), facts.get("industry") or ""]

    def bits(texts: list[str], other: set[str]) -> list[Bit]:
        found: dict[str, Bit] = {}
        for text in filter(None, texts):
            for key in words.industry_keys(text):
                name = words.industry_name(key) if key.startswith("@") else text
                found.setdefault(key, Bit(name, matched=key in other))
        return list(found.values())

    keys = [{k for t in texts for k in words.industry_keys(t)} for texts in (named, own)]
    good = bool(keys[0] & keys[1]) if keys[0] and keys[1] else None
    return Row(
        "industry", _("Industry"), _fit(good), bits(named, keys[1]), bits(own, keys[0])
    )  # fmt: skip


def _days(first: date | None, last: date | None) -> str:
    from django.utils.formats import date_format

    told = [date_format(day, "SHORT_DATE_FORMAT") for day in (first, last) if day]
    if len(told) == 2:
        return " – ".join(told)
    if not told:
        return ""
    return (_("from %(day)s") if first else _("until %(day)s")) % {"day": told[0]}


def _dates(opening: Opening, facts: Mapping[str, Any]) -> Row:
    start, end = opening.starts_on, opening.ends_on
    first, last = facts.get("available_from"), facts.get("available_until")
    good: bool | None = None
    if (start or end) and (first or last):
        late = bool(first and end and first > end)
        early = bool(last and start and start > last)
        good = not (late or early)
    return _row("dates", _("Dates"), _days(start, end), _days(first, last), good)


def _mode(opening: Opening, facts: Mapping[str, Any]) -> Row:
    has = facts.get("mode") or ""
    good: bool | None = None
    if has:
        good = bool(filtering.ways(opening.mode).keys() & filtering.ways(has).keys())
    named = {value: str(label) for value, label in Mode.choices}
    return _row("mode", _("Way of meeting"), named.get(opening.mode, ""), named.get(has, ""), good)
