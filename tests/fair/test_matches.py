"""The office's decisions on proposals, alone and by the thousand."""

from __future__ import annotations

import pytest

from talex.core.errors import Invalid, NotAllowed
from talex.fair.models import Match, MatchRun
from talex.fair.services import approve_above, approve_matches, reject_matches
from talex.ledger.models import Entry
from talex.meetings.models import MeetingRequest, RequestParty
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


def test_approved_proposals_become_wanted_meetings_by_their_score() -> None:
    where = make.edition()
    company = make.organisation(where)
    seats = [make.delegate(where, company, name) for name in ("A", "B")]
    run = MatchRun.objects.create(edition=where)
    good = [
        make.match(make.talent(where, f"T{n}"), make.opening(where, company), 0.8, run=run)
        for n in range(4)
    ]
    weak = make.match(make.talent(where), make.opening(where, company), 0.4, run=run)
    told = approve_above(make.office(where), where, 0.6)
    assert (told.approved, told.meetings, told.gone, told.apart) == (4, 4, 0, 0)
    assert set(MeetingRequest.objects.values_list("origin", "weight")) == {("office", 0.8)}
    load = [RequestParty.objects.filter(person_id=seat.person_id).count() for seat in seats]
    assert load == [2, 2]
    weak.refresh_from_db()
    assert weak.state == "proposed"
    again = approve_matches(make.office(where), where, [match.pk for match in good])
    assert (again.approved, again.gone) == (0, 4)
    assert MeetingRequest.objects.count() == 4


def test_what_cannot_be_met_is_left_and_told() -> None:
    where = make.edition()
    company = make.organisation(where)
    make.delegate(where, company, mode="onsite")
    run = MatchRun.objects.create(edition=where)
    online = make.match(make.talent(where, mode="online"), make.opening(where, company), run=run)
    closed = make.match(make.talent(where), make.opening(where, company, state="closed"), run=run)
    told = approve_matches(make.office(where), where, [online.pk, closed.pk])
    assert (told.approved, told.apart, told.gone) == (0, 1, 1)
    assert set(Match.objects.values_list("state", flat=True)) == {"proposed"}


def test_a_pair_that_agreed_already_gets_no_second_meeting() -> None:
    from talex.core import clock
    from talex.fair.services import AnswerInterest, answer

    where = make.edition()
    company = make.organisation(where)
    desk = make.delegate(where, company)
    about, who = make.opening(where, company), make.talent(where)
    asked = make.interest(who, about)
    with clock.at(make.BEFORE):
        answer(make.as_delegate(desk), where, AnswerInterest(asked.pk, True))
    match = make.match(who, about)
    told = approve_matches(make.office(where), where, [match.pk])
    assert (told.approved, told.standing, told.meetings) == (1, 1, 0)
    assert MeetingRequest.objects.count() == 1


def test_rejected_ones_are_not_approved_any_more() -> None:
    where = make.edition()
    match = make.match(make.talent(where), make.opening(where, make.organisation(where)))
    assert reject_matches(make.office(where), where, [match.pk]) == 1
    assert approve_matches(make.office(where), where, [match.pk]).approved == 0
    match.refresh_from_db()
    assert (match.state, bool(match.decided_by)) == ("rejected", True)


def test_only_the_office_decides_and_scores_are_shares() -> None:
    where = make.edition()
    company = make.organisation(where)
    match = make.match(make.talent(where), make.opening(where, company))
    for actor in (
        make.as_delegate(make.delegate(where, company)),
        make.as_talent(match.talent),
    ):
        for call in (approve_matches, reject_matches):
            with pytest.raises(NotAllowed):
                call(actor, where, [match.pk])
    with pytest.raises(Invalid):
        approve_above(make.office(where), where, 60)
    other = make.edition()
    assert approve_matches(make.office(other), other, [match.pk]).gone == 1


def test_a_thousand_in_a_few_statements(django_assert_max_num_queries: object) -> None:
    where = make.edition()
    company = make.organisation(where)
    make.delegate(where, company)
    run = MatchRun.objects.create(edition=where)
    about = make.opening(where, company)
    ids = [make.match(make.talent(where), about, run=run).pk for _n in range(1000)]
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        assert approve_matches(make.office(where), where, ids).approved == 1000
    assert Entry.objects.filter(event="fair.match.approved").count() == 1000
