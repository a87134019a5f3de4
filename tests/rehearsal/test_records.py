"""The rehearsal is what it says: exact in number, the same each time, whole in its references."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from talex.rehearsal import SCALES, Rehearsal, rehearse
from talex.rehearsal.mess import OPENING_RATES, TALENT_RATES
from talex.rehearsal.model import DEGREE_LEVELS, LANGUAGES, ORGANISATION_KINDS, Opening, Talent

ROOT = Path(__file__).resolve().parents[2]
RESERVED = ("example.org", "example.com", "example.net", ".example.org", ".example")


@cache
def city() -> Rehearsal:
    return rehearse("city", seed=7)


@cache
def talents() -> Sequence[Talent]:
    return tuple(city().talents())


@cache
def openings() -> Sequence[Opening]:
    return tuple(city().openings())


def test_city_has_exactly_the_promised_numbers() -> None:
    assert len(talents()) == 12_199
    assert len(openings()) == 10_018
    assert len(city().organisations) == 600
    for records in (talents(), openings(), city().organisations):
        assert len({record.key for record in records}) == len(records)


def test_small_has_its_numbers_and_every_kind_of_organisation() -> None:
    small = rehearse("small", seed=3)
    scale = SCALES["small"]
    assert len(list(small.talents())) == scale.talents == 120
    assert len(list(small.openings())) == scale.openings == 90
    assert len(small.organisations) == scale.organisations == 24
    assert {org.kind for org in small.organisations} == set(ORGANISATION_KINDS)
    assert {code for org in small.organisations for code in org.industries} == set(
        small.vocabulary.industries
    )


def test_province_is_ten_cities_and_gives_any_record_without_those_before_it() -> None:
    province = rehearse("province", seed=1)
    assert province.talent(121_990).key == "talent-121990"
    assert province.opening(100_180).organisation == province.organisations[-1].key
    assert len(province.organisations) == 6_000
    with pytest.raises(IndexError):
        province.talent(121_991)
    with pytest.raises(IndexError):
        province.opening(0)


def test_unknown_scale_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="small, city, province"):
        rehearse("village")


def _digest(seed: int) -> str:
    """Of a rehearsal made in a fresh process with its own string hashing."""
    program = (
        "import hashlib, sys\n"
        "from talex.rehearsal import rehearse\n"
        "r, h = rehearse('small', seed=int(sys.argv[1])), hashlib.sha256()\n"
        "made = (*r.organisations, *r.talents(), *r.openings(), *r.interests())\n"
        "for record in (r.edition, *made):\n"
        "    h.update(repr(record).encode())\n"
        "print(h.hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(seed)],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "random", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_same_seed_gives_the_same_conference_and_another_seed_another() -> None:
    first = _digest(5)
    assert first == _digest(5)
    assert first != _digest(6)


def test_a_record_does_not_depend_on_what_was_made_before() -> None:
    fresh = rehearse("city", seed=7)
    assert fresh.talent(9_000) == talents()[8_999]
    assert fresh.opening(5_000) == openings()[4_999]


def test_start_date_moves_the_days_and_leaves_the_people() -> None:
    moved = rehearse("small", seed=3, starts_on=date(2028, 9, 5))
    before = rehearse("small", seed=3)
    assert moved.edition.days[0].day == date(2028, 9, 5)
    assert [t.names for t in moved.talents()] == [t.names for t in before.talents()]


def test_references_lead_somewhere() -> None:
    voc = city().vocabulary
    orgs = {org.key: place for place, org in enumerate(city().organisations)}
    for place, org in enumerate(city().organisations):
        assert org.region in voc.regions
        assert set(org.industries) <= set(voc.industries)
        assert org.parent is None or orgs[org.parent] < place
        assert org.delegates
        assert all(delegate.organisation == org.key for delegate in org.delegates)
    hiring = {opening.organisation for opening in openings()}
    assert hiring == set(orgs)
    for opening in openings():
        assert voc.occupations[opening.occupation].industry == opening.industry
        assert opening.degree is None or opening.degree in DEGREE_LEVELS
        assert opening.region is None or opening.region in voc.regions
        assert set(opening.skill_codes) <= set(voc.skills_of(voc.occupations[opening.occupation]))
        assert len(opening.skill_codes) == len(opening.skills)
        assert opening.pay is None or 0 < opening.pay.low < opening.pay.high
    for talent in talents():
        assert talent.region in voc.regions
        assert set(talent.wished_regions) <= set(voc.regions)
        assert set(talent.wished_industries) <= set(voc.industries)
        assert set(talent.skill_codes) <= set(voc.skills_of(voc.occupations[talent.occupation]))
        assert len(talent.skill_codes) == len(talent.skills)
        assert all(window.start < window.end for window in talent.availability)


def test_names_of_organisations_are_their_own() -> None:
    names = Counter(org.name.zh for org in city().organisations)
    assert max(names.values()) == 1
    assert all(org.name.zh and org.name.en for org in city().organisations)


def test_tables_hold_one_organisation_each_and_exist() -> None:
    halls = {hall.key: hall.tables for hall in city().edition.halls}
    taken = [org.table for org in city().organisations if org.table]
    assert len(set(taken)) == len(taken) > 400
    for table in taken:
        hall, number = table.split("/")
        assert 1 <= int(number) <= halls[hall]
    assert all(org.table is None for org in city().organisations if org.presence == "online")


def test_every_language_script_and_industry_is_there() -> None:
    assert {talent.language for talent in talents()} == set(LANGUAGES)
    assert {opening.language for opening in openings()} == set(LANGUAGES)
    assert {org.language for org in city().organisations} == set(LANGUAGES)
    scripts = {name.script for talent in talents() for name in talent.names}
    assert scripts == {"Hans", "Latn", "Jpan", "Kore", "Cyrl", "Arab"}
    industries = set(city().vocabulary.industries)
    assert {talent.industry for talent in talents()} == industries
    assert {opening.industry for opening in openings()} == industries
    assert {opening.kind for opening in openings()} == {"job", "postdoc", "project"}


def test_vocabulary_is_rich_and_whole_in_three_languages() -> None:
    voc = city().vocabulary
    assert len(voc.industries) >= 16
    for industry in voc.industries.values():
        assert len(industry.occupations) >= 12
        for occupation in industry.occupations:
            assert len(voc.skills_of(occupation)) >= 15
            assert set(occupation.core) <= set(industry.skills)
            assert set(occupation.disciplines) <= set(voc.disciplines)
    labels = [*voc.skills.values(), *voc.disciplines.values()]
    labels += [occupation.label for occupation in voc.occupations.values()]
    assert all(label.zh and label.en and label.de for label in labels)


def test_mail_reaches_nobody() -> None:
    addresses = [talent.email for talent in talents() if talent.email]
    addresses += [d.email for org in city().organisations for d in org.delegates if d.email]
    assert len(addresses) > 12_000
    for address in addresses:
        local, domain = address.split("@")
        assert local.isascii() and local
        assert domain.endswith(RESERVED), address
    assert all(
        org.website is None or org.website.endswith(".example/") for org in city().organisations
    )


def test_one_address_belongs_to_one_person() -> None:
    owners: dict[str, str] = {}
    for talent in talents():
        if talent.email:
            person = talent.same_person_as or talent.key
            assert owners.setdefault(talent.email, person) == person


@pytest.mark.parametrize(
    ("what", "rate"),
    [(name, rate) for name, rate in TALENT_RATES.items() if name not in ("duplicate", "typo")],
)
def test_talents_lack_what_they_should_as_often_as_stated(what: str, rate: float) -> None:
    first = [talent for talent in talents() if talent.same_person_as is None]
    share = sum(getattr(t, what) in (None, "", ()) for t in first) / len(first)
    expected = rate
    if what == "email":  # who has no name has no address either
        expected = rate + TALENT_RATES["names"] * (1 - rate)
    assert abs(share - expected) < 0.2 * expected + 0.004


@pytest.mark.parametrize(
    "what", ["discipline", "skills", "pay", "headcount", "region", "years_min"]
)
def test_openings_lack_what_they_should_as_often_as_stated(what: str) -> None:
    rate = OPENING_RATES[what.removesuffix("_min")]
    lacking = sum(getattr(o, what) in (None, ()) for o in openings()) / len(openings())
    assert abs(lacking - rate) < 0.2 * rate + 0.004


def test_typos_are_planted_and_the_codes_still_tell_what_was_meant() -> None:
    voc = city().vocabulary
    slips = [
        (word, code)
        for talent in talents()
        for word, code in zip(talent.skills, talent.skill_codes, strict=True)
        if word != voc.skills[code].text(talent.language)
    ]
    share = len(slips) / len(talents())
    assert 0.7 * TALENT_RATES["typo"] * 0.7 < share < 0.7 * TALENT_RATES["typo"] * 1.3
    labels = [voc.skills[code] for _, code in slips]
    nearest = [
        min(abs(len(word) - len(text)) for text in (label.zh, label.en, label.de))
        for (word, _), label in zip(slips, labels, strict=True)
    ]
    assert max(nearest) == 1  # a letter lost or doubled at most


def test_duplicates_are_the_same_person_from_another_list() -> None:
    by_key = {talent.key: talent for talent in talents()}
    again = [talent for talent in talents() if talent.same_person_as]
    assert abs(len(again) / len(talents()) - TALENT_RATES["duplicate"]) < 0.005
    for talent in again:
        first = by_key[talent.same_person_as or ""]
        assert first.same_person_as is None and first.key < talent.key
        assert talent.source != first.source
        assert set(talent.skill_codes) <= set(first.skill_codes)
        known = {(name.family, name.given) for name in first.names}
        assert {(name.family, name.given) for name in talent.names} <= known
    other_script = [
        t
        for t in again
        if t.names and t.names[0].script != by_key[t.same_person_as or ""].names[0].script
    ]
    assert len(other_script) > 40


def test_identical_openings_differ_in_their_key_alone() -> None:
    by_key = {opening.key: opening for opening in openings()}
    same = [opening for opening in openings() if opening.identical_to]
    assert abs(len(same) / len(openings()) - OPENING_RATES["identical"]) < 0.005
    for opening in same:
        first = by_key[opening.identical_to or ""]
        assert first.identical_to is None
        assert (first.title, first.description, first.pay, first.organisation, first.skills) == (
            opening.title,
            opening.description,
            opening.pay,
            opening.organisation,
            opening.skills,
        )


def test_online_talents_offer_hours_when_they_are_awake_and_the_fair_is_open() -> None:
    edition = city().edition
    online = [t for t in talents() if t.presence == "online" and t.availability]
    assert len(online) > 500
    for talent in online:
        for window in talent.availability:
            assert str(window.start.tzinfo) == talent.time_zone
            assert 7 <= window.start.hour < 23
            assert window.end - window.start >= timedelta(minutes=30)
            day = window.start.astimezone(edition.activities[0].start.tzinfo)
            assert day.date() in {d.day for d in edition.days}
            assert edition.days[0].opens <= day.time() <= edition.days[0].closes


def test_programme_has_no_two_things_in_one_hall_or_one_hour() -> None:
    for scale in ("small", "city"):
        edition = rehearse(scale, seed=7).edition
        halls = {hall.key for hall in edition.halls}
        assert {activity.hall for activity in edition.activities} <= halls
        assert sum(activity.main for activity in edition.activities) >= 5
        sessions = [s for activity in edition.activities for s in activity.sessions]
        assert sessions and all(session.speakers for session in sessions)
        for hall in ("stage", "forum"):
            held = sorted((a.start, a.end) for a in edition.activities if a.hall == hall)
            assert all(one[1] <= two[0] for one, two in pairwise(held))
        for activity in edition.activities:
            assert all(activity.start <= s.start < s.end <= activity.end for s in activity.sessions)
