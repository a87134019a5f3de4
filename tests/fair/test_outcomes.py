"""The rungs a meeting proves, their order, who may confirm them, and taking them back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from talex.core import clock
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.evidence.models import Evidence
from talex.fair.services import (
    AnswerInterest,
    RecordOutcome,
    SayIntent,
    WithdrawOutcome,
    answer,
    record_outcome,
    say,
    withdraw_outcome,
)
from talex.meetings.models import Meeting, MeetingRequest
from talex.meetings.services import TellOutcome, tell_outcome
from tests.fair import factories as make

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 4, 20, 6, tzinfo=UTC)


class Met:
    def __init__(self) -> None:
        self.edition = make.edition()
        company = make.organisation(self.edition)
        desk = make.delegate(self.edition, company)
        self.talent = make.talent(self.edition)
        asked = make.interest(self.talent, make.opening(self.edition, company))
        self.as_delegate, self.as_talent = make.as_delegate(desk), make.as_talent(self.talent)
        with clock.at(make.BEFORE):
            answer(self.as_delegate, self.edition, AnswerInterest(asked.pk, True))
        self.meeting = make.held_meeting(MeetingRequest.objects.get())
        self.office = make.office(self.edition)

    def held(self) -> None:
        tell_outcome(self.as_delegate, self.edition, TellOutcome(self.meeting.pk, "held"))

    def yes(self, side: str, yes: bool = True) -> None:
        actor = self.as_talent if side == "talent" else self.as_delegate
        say(actor, self.edition, SayIntent(self.meeting.pk, side, yes))

    def rungs(self) -> set[str]:
        return set(
            Evidence.objects.filter(
                subject_id=self.talent.pk, withdraws=None, withdrawal=None
            ).values_list("rung", flat=True)
        )


@pytest.fixture
def met() -> object:
    with clock.at(LATER):
        yield Met()


def test_a_held_meeting_shows_attendance_and_an_interview(met: Met) -> None:
    met.held()
    assert met.rungs() == {"attended", "interviewed"}
    row = Evidence.objects.get(rung="interviewed")
    assert (row.source_kind, row.source_id) == ("meeting", str(met.meeting.pk))
    assert row.confirmed_by == met.as_delegate.id
    assert row.happened_at == met.meeting.ends_at
    met.held()
    assert Evidence.objects.count() == 2


def test_no_show_after_held_takes_both_back(met: Met) -> None:
    met.held()
    tell_outcome(met.as_delegate, met.edition, TellOutcome(met.meeting.pk, "no_show"))
    assert met.rungs() == set()
    assert Evidence.objects.count() == 4


def test_two_yes_are_mutual_intent_and_a_no_takes_it_back(met: Met) -> None:
    with pytest.raises(Conflict, match="held"):
        met.yes("talent")
    met.held()
    met.yes("talent")
    assert "mutual_intent" not in met.rungs()
    met.yes("employer")
    assert "mutual_intent" in met.rungs()
    # The other side than the one whose yes completed it.
    met.yes("talent", False)
    assert "mutual_intent" not in met.rungs()
    met.yes("talent")
    assert "mutual_intent" in met.rungs()


def test_nobody_speaks_for_the_other_side(met: Met) -> None:
    met.held()
    with pytest.raises(NotAllowed):
        say(met.as_talent, met.edition, SayIntent(met.meeting.pk, "employer", True))
    with pytest.raises(NotAllowed):
        say(met.as_delegate, met.edition, SayIntent(met.meeting.pk, "talent", True))
    with pytest.raises(Invalid):
        say(met.as_talent, met.edition, SayIntent(met.meeting.pk, "talent", True, "offer"))
    say(met.office, met.edition, SayIntent(met.meeting.pk, "talent", True))


def test_rungs_are_climbed_in_order(met: Met) -> None:
    met.held()
    command = RecordOutcome(met.meeting.pk, "offer_accepted")
    with pytest.raises(Conflict, match="mutual intent"):
        record_outcome(met.as_delegate, met.edition, command)
    met.yes("talent")
    met.yes("employer")
    with pytest.raises(NotAllowed):
        record_outcome(met.as_talent, met.edition, command)
    with pytest.raises(Conflict, match="offer accepted"):
        record_outcome(met.as_delegate, met.edition, RecordOutcome(met.meeting.pk, "arrived"))
    with pytest.raises(Invalid):
        record_outcome(met.as_delegate, met.edition, RecordOutcome(met.meeting.pk, "attended"))
    with pytest.raises(Invalid) as told:
        record_outcome(
            met.as_delegate,
            met.edition,
            RecordOutcome(met.meeting.pk, "offer_accepted", LATER - timedelta(days=3)),
        )
    assert "happened_at" in told.value.fields
    for rung in ("offer_accepted", "arrived", "retained"):
        record_outcome(met.as_delegate, met.edition, RecordOutcome(met.meeting.pk, rung))
    assert met.rungs() == {
        "attended", "interviewed", "mutual_intent", "offer_accepted", "arrived", "retained",
    }  # fmt: skip


def test_what_something_stands_on_is_taken_back_last(met: Met) -> None:
    met.held()
    met.yes("talent")
    met.yes("employer")
    record_outcome(met.as_delegate, met.edition, RecordOutcome(met.meeting.pk, "offer_accepted"))
    with pytest.raises(Conflict):
        met.yes("talent", False)
    with pytest.raises(Conflict):
        tell_outcome(met.office, met.edition, TellOutcome(met.meeting.pk, "no_show"))
    met.meeting.refresh_from_db()
    assert met.meeting.status == Meeting.Status.HELD
    with pytest.raises(Invalid):
        withdraw_outcome(
            met.as_delegate, met.edition, WithdrawOutcome(met.meeting.pk, "offer_accepted", " ")
        )
    withdraw_outcome(
        met.as_delegate, met.edition, WithdrawOutcome(met.meeting.pk, "offer_accepted", "Declined")
    )
    assert "offer_accepted" not in met.rungs()
    met.yes("talent", False)
    assert met.rungs() == {"attended", "interviewed"}


def test_another_company_confirms_nothing(met: Met) -> None:
    met.held()
    met.yes("talent")
    met.yes("employer")
    other = make.as_delegate(make.delegate(met.edition, make.organisation(met.edition, "Other")))
    from talex.core.errors import NotFound

    with pytest.raises(NotFound):
        record_outcome(other, met.edition, RecordOutcome(met.meeting.pk, "offer_accepted"))
