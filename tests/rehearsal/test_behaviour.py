"""What people do in a rehearsal: they ask where it fits, some cancel, some never come."""

from __future__ import annotations

from collections import Counter
from functools import cache

from talex.rehearsal import Rehearsal, rehearse
from talex.rehearsal.behaviour import COMES, EXPIRES, LATE_CANCELLATION, VERIFIED
from talex.rehearsal.model import Interest

RUNGS = ("interviewed", "mutual_intent", "offer_accepted", "arrived", "retained")


@cache
def city() -> Rehearsal:
    return rehearse("city", seed=11)


@cache
def interests() -> tuple[Interest, ...]:
    return tuple(city().interests())


def test_both_sides_ask_and_every_interest_names_real_records() -> None:
    sides = Counter(interest.by for interest in interests())
    assert sides["talent"] > 15_000 and sides["organisation"] > 7_000
    assert len({interest.key for interest in interests()}) == len(interests())
    for interest in interests()[::200]:
        opening = city().opening(int(interest.opening.split("-")[1]))
        assert opening.key == interest.opening
        assert opening.organisation == interest.organisation
        assert city().talent(int(interest.talent.split("-")[1])).key == interest.talent
        assert interest.fit == round(city().fit(interest.talent, interest.opening), 4)
        assert 0 <= interest.fit <= 1
        assert interest.sent_at.date() < city().edition.days[0].day


def test_who_asks_has_a_better_fit_than_chance() -> None:
    asked = [i.fit for i in interests() if i.by == "talent"]
    pairs = [(t, (t * 7919) % 10_018 + 1) for t in range(1, 1_000)]
    blind = [city().fit(f"talent-{t:06d}", f"opening-{o:06d}") for t, o in pairs]
    assert sum(asked) / len(asked) > sum(blind) / len(blind) + 0.2


def test_answers_follow_the_fit_and_some_never_come() -> None:
    answers = [(interest.fit, city().answer(interest).kind) for interest in interests()]
    shares = Counter(kind for _, kind in answers)
    assert abs(shares["expired"] / len(answers) - EXPIRES) < 0.01

    def accepted(low: float, high: float) -> float:
        kinds = [kind for value, kind in answers if low <= value < high]
        assert len(kinds) > 300
        return kinds.count("accepted") / len(kinds)

    assert accepted(0.9, 1.01) > accepted(0.0, 0.6) + 0.1


def test_attendance_is_as_stated_and_the_same_for_both_records_of_a_person() -> None:
    keys = [f"talent-{number:06d}" for number in range(1, 6_001)]
    seen = [city().attendance(key) for key in keys]
    assert abs(sum(a.verified for a in seen) / len(seen) - VERIFIED) < 0.015
    assert abs(sum(a.attended for a in seen) / len(seen) - VERIFIED * COMES) < 0.02
    assert all(a.verified and a.checked_in_at is not None for a in seen if a.attended)
    assert all(a.checked_in_at is None for a in seen if not a.attended)
    again = [t for t in city().talents() if t.same_person_as]
    for talent in again:
        first = talent.same_person_as or ""
        assert city().attendance(talent.key) == city().attendance(first)


def test_fates_climb_the_rungs_without_gap_and_some_meetings_fail() -> None:
    fates = [city().fate(i.talent, i.opening) for i in interests()[:8_000]]
    cancelled = [fate for fate in fates if fate.cancelled_by]
    missed = [fate for fate in fates if fate.no_show]
    assert abs(len(cancelled) / len(fates) - LATE_CANCELLATION) < 0.01
    assert {fate.cancelled_by for fate in cancelled} == {"talent", "organisation"}
    assert {fate.no_show for fate in missed} == {"talent", "organisation"}
    assert not any(fate.reached for fate in cancelled + missed)
    reached = Counter(rung for fate in fates for rung, _ in fate.reached)
    counts = [reached[rung] for rung in RUNGS]
    assert counts == sorted(counts, reverse=True) and counts[-1] > 0
    for fate in fates:
        assert tuple(rung for rung, _ in fate.reached) == RUNGS[: len(fate.reached)]
        days = [day for _, day in fate.reached]
        assert days == sorted(days)


def test_who_does_not_attend_misses_the_meeting() -> None:
    absent = [i for i in interests()[:4_000] if not city().attendance(i.talent).attended]
    assert len(absent) > 300
    for interest in absent:
        fate = city().fate(interest.talent, interest.opening)
        assert fate.cancelled_by or fate.no_show == "talent"
