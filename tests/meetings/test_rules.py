"""What `can_see` says of one, `visible` says of all; and a changing fair stays without conflict."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.core import clock
from talex.core.actor import SYSTEM, Actor, Grant
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.meetings import (
    board,
    consequences,
    drafts,
    places,
    proposals,
    releasing,
    repairing,
    rules,
    scheduling,
    services,
    timetable,
)
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Meeting, MeetingRequest, Proposal
from talex.participants.models import Delegate, Organisation, Talent
from talex.programme import rules as programme_rules
from talex.programme.models import Activity, Hall
from tests.meetings.fair_factory import Fair, make_fair, schedule

pytestmark = pytest.mark.django_db

LAX = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ROLES = ["organiser", "auditor", "delegate", "talent", "judge", "partner", "press"]


@pytest.fixture
def two_fairs() -> list[Fair]:
    fairs = [make_fair(talents=3), make_fair(talents=2)]
    for fair in fairs:
        schedule(fair.edition)
        hall = Hall.objects.get(edition=fair.edition)
        Activity.objects.create(
            edition=fair.edition, title=TranslatedText.of("Opening"), hall=hall,
            starts_at=Meeting.objects.filter(edition=fair.edition)[0].starts_at,
            ends_at=Meeting.objects.filter(edition=fair.edition)[0].ends_at,
        )  # fmt: skip
    fairs[1].edition.state = "draft"
    fairs[1].edition.save()
    return fairs


def actors(fairs: list[Fair]) -> st.SearchStrategy[Actor]:
    editions = st.sampled_from([f.edition.id for f in fairs])
    organisations = st.sampled_from([None, uuid.uuid4(), *(f.organisation.id for f in fairs)])
    persons = st.sampled_from(
        [None, uuid.uuid4(), *(p.id for f in fairs for p in [*f.talents, f.delegate])]
    )
    grants = st.builds(Grant, st.sampled_from(ROLES), editions, organisations, persons)
    return st.builds(
        lambda found, admin: Actor(
            user=uuid.uuid4(), kind="user", site_admin=admin, grants=frozenset(found)
        ),
        st.lists(grants, max_size=4),
        st.booleans() | st.just(False),
    )


def _agree(model: Any, q: Any, can: Any) -> None:
    shown = set(model.objects.filter(q).values_list("id", flat=True))
    assert shown == {one.id for one in model.objects.all() if can(one)}


@LAX
@given(data=st.data())
def test_rules_of_one_and_of_all_agree(two_fairs: list[Fair], data: st.DataObject) -> None:
    actor = data.draw(actors(two_fairs))
    _agree(Meeting, rules.visible(actor), lambda m: rules.can_see(actor, m))
    _agree(
        Hall,
        programme_rules.visible_halls(actor),
        lambda h: programme_rules.can_see_hall(actor, h),
    )
    _agree(
        Activity,
        programme_rules.visible_activities(actor),
        lambda a: programme_rules.can_see_activity(actor, a),
    )


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "book",
                "move",
                "cancel",
                "schedule",
                "told",
                "lock",
                "ask",
                "withdraw",
                "draft",
                "drag",
                "keep",
                "undo",
                "release",
                "propose",
                "answer",
                "away",
                "no_show",
                "squeeze",
            ]
        ),
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    min_size=3,
    max_size=14,
)


@settings(LAX, max_examples=25)
@given(acts=ACTS)
def test_whatever_is_done_nobody_is_in_two_places(acts: list[tuple[str, int, int]]) -> None:
    fair = make_fair(talents=4, tables=2)
    Talent.objects.filter(person=fair.talents[0]).update(daily_max=1)
    Delegate.objects.filter(person=fair.delegate).update(daily_max=4)
    for act in acts:
        before = {
            m.id: (m.starts_at, m.table_id, m.status)
            for m in fair.edition.meetings.exclude(status__in=["planned", "cancelled"])
        }
        with contextlib.suppress(Conflict, Invalid, NotAllowed):
            _do(fair, *act)
        assert scheduling.verify_edition(fair.edition) == []
        assert _most(fair) <= 4
        for meeting in fair.edition.meetings.filter(id__in=before):
            # What is over is never touched again, only told anew.
            assert (meeting.starts_at, meeting.table_id) == before[meeting.id][:2]
            assert meeting.status in ("held", "no_show")


def _most(fair: Fair) -> int:
    return fair.edition.meetings.exclude(status="cancelled").count()  # one day, one delegate


def _do(fair: Fair, act: str, n: int, k: int) -> None:
    edition = fair.edition
    meetings = list(edition.meetings.order_by("id"))
    planned = [m for m in meetings if m.status == "planned"]
    wanted = list(MeetingRequest.objects.filter(edition=edition).order_by("id"))
    open_ = [r for r in wanted if r.state == "open"]
    if act == "schedule" and timetable.frame(edition) is not None:
        schedule(edition, seconds=0.2)
    elif act == "ask":
        from tests.meetings.fair_factory import asked

        person = fair.talents[n % len(fair.talents)]
        services.request_meetings(
            SYSTEM, edition, [asked(fair.organisation, person, fair.delegate, k / 100)]
        )
    elif act == "withdraw" and wanted:
        services.withdraw_requests(SYSTEM, edition, [wanted[n % len(wanted)].id], "changed")
    elif act == "book" and open_:
        request = open_[n % len(open_)]
        known = Meeting.objects.filter(request=request).first()
        free = places.places_for(edition, known or Meeting(edition=edition, request=request))
        if free:
            place = free[k % len(free)]
            services.book_meeting(
                SYSTEM, edition, services.BookMeeting(request.id, place.starts_at)
            )
    elif act == "move" and planned:
        meeting = planned[n % len(planned)]
        free = places.places_for(edition, meeting)
        if free:
            place = free[k % len(free)]
            table = place.tables[k % len(place.tables)].id
            services.move_meeting(
                SYSTEM,
                edition,
                services.MoveMeeting(meeting.id, place.starts_at, meeting.sequence, table),
            )
    elif act == "cancel" and planned:
        meeting = planned[n % len(planned)]
        services.cancel_meeting(
            SYSTEM, edition, services.CancelMeeting(meeting.id, meeting.sequence, "ill")
        )
    elif act == "told" and planned:
        status = "held" if k % 2 else "no_show"
        told = services.TellOutcome(planned[n % len(planned)].id, status)
        with clock.at(max(m.ends_at for m in planned)):
            services.tell_outcome(SYSTEM, edition, told)
    elif act == "lock" and planned:
        services.lock_meeting(SYSTEM, edition, planned[n % len(planned)].id, bool(k % 2))
    else:
        _plan(fair, act, n, k, planned, open_)


def _plan(
    fair: Fair, act: str, n: int, k: int, planned: list[Meeting], open_: list[MeetingRequest]
) -> None:
    """The draft, proposals and the living day."""
    edition = fair.edition
    slots = timetable.slots_of(edition)
    wanted = list(MeetingRequest.objects.filter(edition=edition).exclude(state="withdrawn"))
    waiting = Proposal.objects.filter(meeting__edition=edition, state="open")
    if act == "draft" and (frame := timetable.frame(edition)) is not None:
        solution = timetable.plan(frame, seconds=0.2, seed=k)
        scheduling.keep_timetable(SYSTEM, edition, frame, solution)
    elif act == "drag" and wanted:
        wanted.sort(key=lambda r: r.id)
        request = consequences.request_of(edition, wanted[n % len(wanted)].id)
        table = timetable.open_tables(edition)[k % 2].id
        plan = consequences.plan(edition, request, slots[k % len(slots)][0], table)
        drafts.place_in_draft(
            SYSTEM,
            edition,
            drafts.PlaceInDraft(request.id, plan.after.starts_at, table, plan.mark, plan.token),
        )
    elif act == "keep" and wanted:
        with contextlib.suppress(NotFound):
            drafts.lock_spot(SYSTEM, edition, wanted[n % len(wanted)].id, bool(k % 2))
    elif act == "undo":
        with contextlib.suppress(NotFound):
            draft = board.draft_of(edition)
            drafts.undo(SYSTEM, edition, draft.revision if draft else 0)
    elif act == "release":
        releasing.release_timetable(SYSTEM, edition, releasing.ReleaseTimetable())
    elif act == "propose" and planned:
        meeting = planned[n % len(planned)]
        free = places.places_for(edition, meeting)
        if free:
            command = proposals.ProposeTime(
                meeting.id, free[k % len(free)].starts_at, meeting.sequence
            )
            proposals.propose(SYSTEM, edition, command)
    elif act == "answer" and (made := waiting.first()):
        proposals.answer(SYSTEM, edition, proposals.AnswerProposal(made.id, bool(k % 3)))
    elif act == "away":
        person = [*fair.talents, fair.delegate][n % (len(fair.talents) + 1)]
        start, end = slots[k % len(slots)]
        _repair(fair, Happened(Kind.ILL, person=person.id, starts_at=start, ends_at=end))
    elif act == "no_show" and planned:
        _repair(fair, Happened(Kind.NO_SHOW, meeting=planned[n % len(planned)].id))
    elif act == "squeeze" and open_:
        _repair(fair, Happened(Kind.BOOKING, request=open_[n % len(open_)].id))


def _repair(fair: Fair, happened: Happened) -> None:
    found = repairing.preview(SYSTEM, fair.edition, happened)
    repairing.carry_out(SYSTEM, fair.edition, happened, found.token)


def test_another_employers_meeting_is_not_seen() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    other = Organisation.objects.create(kind="enterprise", name=TranslatedText.of("Other"))
    grant = Grant("delegate", fair.edition.id, other.id)
    stranger = Actor(user=uuid.uuid4(), kind="user", grants=frozenset([grant]))
    assert not Meeting.objects.filter(rules.visible(stranger)).exists()
