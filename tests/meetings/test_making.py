"""Making the timetable: how far it is, and what is left where nothing better was found."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.core.jobs import JobContext, run_pending
from talex.core.models import Job
from talex.ledger.models import Entry
from talex.meetings import board, drafts, tasks, timetable
from tests.meetings.fair_factory import make_fair, schedule
from tests.meetings.test_drafts import free_slot, made_draft, move

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend=BACKEND)
    return client


def test_a_run_that_finds_nothing_better_leaves_no_draft_and_says_so(office: Client) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    tasks.start(SYSTEM, fair.edition, seconds=1)
    assert run_pending() == 1
    job = Job.objects.get()
    assert job.result is not None and job.result["changed"] == 0
    assert board.draft_of(fair.edition) is None
    assert Entry.objects.filter(event="meetings.timetable.made").count() == 2
    assert not Entry.objects.filter(event="meetings.draft.begun").exists()
    page = office.get(reverse("meetings:timetable", kwargs={"edition": fair.edition.slug}))
    assert "Nothing better was found" in page.content.decode()
    assert "3 of 3 wanted meetings have a place" in page.content.decode()


def test_a_run_that_undoes_what_was_moved_by_hand_leaves_no_draft() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    # The same spots as people see them: nothing differs any more.
    draft = board.draft_of(fair.edition)
    assert draft is not None
    live = {s.request.id: s for s in board.spots(fair.edition)}
    stands = board.standing(fair.edition)
    for request, spot in live.items():
        spot.starts_at, spot.table_id = stands[request].starts_at, stands[request].table_id
    drafts.keep_solution(SYSTEM, fair.edition, live, revision=draft.revision)
    assert board.draft_of(fair.edition) is None
    # A locked row of the draft stays, and the draft with it.
    move(fair, 0, option.starts_at, option.table)
    drafts.lock_spot(SYSTEM, fair.edition, fair.requests[0].id, True)
    made_draft(fair)
    assert board.draft_of(fair.edition) is not None


def test_progress_rises_with_the_time_of_the_search(
    monkeypatch: pytest.MonkeyPatch, office: Client
) -> None:
    fair = make_fair(talents=2)
    job = tasks.start(SYSTEM, fair.edition, seconds=10)
    seen: list[tuple[int, str]] = []
    real = time.monotonic

    def solving(*args: object, **kwargs: object) -> None:
        context = contexts[0]
        for after in (0, 5, 9, 60):
            monkeypatch.setattr(time, "monotonic", lambda after=after: real() + after)
            context._beat()
            shown = office.get(reverse("meetings:job", kwargs={"edition": fair.edition.slug}))
            seen.append((Job.objects.get(id=job.id).done, shown.content.decode()))
        raise AssertionError("enough")

    contexts: list[JobContext] = []
    pace = JobContext.pace

    def noted(self: JobContext, *args: float) -> None:
        contexts.append(self)
        pace(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(JobContext, "pace", noted)
    monkeypatch.setattr(timetable, "plan", solving)
    run_pending()
    shares = [share for share, _text in seen]
    assert shares == sorted(shares) and 6 <= shares[0] <= 8
    assert 45 <= shares[1] <= 55 and 80 <= shares[2] <= 92 and shares[3] == 96
    assert all("are being searched for" in text for _share, text in seen)
