"""The main job from end to end on a rehearsal: load, ask, match, approve, schedule, meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.jobs import run_pending
from talex.core.models import Job, JobState
from talex.editions.models import Edition
from talex.editions.roles import Role
from talex.editions.sign_in_links import register_holder, rehearsal_account
from talex.fair.services.matches import RunMatching, approve_above, start_matching
from talex.meetings import releasing, tasks
from talex.meetings.models import Meeting, RequestParty, Side
from talex.participants.models import Delegate, Person, Talent
from talex.rehearsing import load, play

APPROVE_ABOVE = 0.45


@dataclass(frozen=True, slots=True)
class Options:
    """What to run, and how far."""

    scale: str
    seed: int
    starts_on: date
    slug: str = ""
    seconds: float = 10
    asks: bool = True


def whole(
    options: Options, tell: load.Tell, before_timetable: Callable[[], object] = lambda: None
) -> tuple[Edition, dict[str, Any]]:
    """Run everything; returns the edition and what each step reported.

    ``before_timetable`` is called where the timetable is about to be made, to wait for what it
    needs.
    """
    loaded = load.load(
        SYSTEM,
        options.scale,
        options.seed,
        starts_on=options.starts_on,
        slug=options.slug,
        tell=tell,
    )
    edition = loaded.edition
    told: dict[str, Any] = {}
    # All this happens before the doors open: a time that is over takes no request and no meeting.
    eve = datetime.combine(edition.starts_on, datetime.min.time(), UTC) - timedelta(days=1)
    with clock.at(min(eve - timedelta(days=1), clock.now())):
        told["verified"] = play.verify_people(loaded)
        if options.asks:
            told["interests"] = play.ask_and_answer(loaded, tell)
    with clock.at(min(eve, clock.now())):
        tell("match", 0, 1)
        told["match"] = finished(start_matching(SYSTEM, edition, RunMatching(seed=options.seed)))
        told["approved"] = approve_above(SYSTEM, edition, APPROVE_ABOVE).as_json()
        tell("schedule", 0, 1)
        before_timetable()
        told["schedule"] = finished(
            tasks.start(SYSTEM, edition, seconds=options.seconds, seed=options.seed)
        )
        releasing.release_timetable(SYSTEM, edition, releasing.ReleaseTimetable())
    told["meetings"] = play.hold_meetings(loaded, tell)
    return edition, told


def finished(job: Job) -> dict[str, Any]:
    """Do a queued job in this process and give its result."""
    run_pending()
    job.refresh_from_db()
    if job.state != JobState.SUCCEEDED:
        raise RuntimeError(f"{job.kind}: {job.state} {job.message}")
    return dict(job.result or {})


def talent_holder(edition: Edition) -> User | None:
    """The account that stands for a talent: somebody who reads German and has meetings."""
    people = Talent.objects.filter(edition=edition, person__erased_at=None, merged_into=None)
    return _account(edition, Side.TALENT, people.values("person_id"), "talent", "de")


def delegate_holder(edition: Edition) -> User | None:
    """The account that stands for a delegate: somebody who reads Chinese and has meetings."""
    people = Delegate.objects.filter(edition=edition, withdrawn_at=None, merged_into=None)
    return _account(edition, Side.EMPLOYER, people.values("person_id"), "delegate", "zh-hans")


def _account(edition: Edition, side: str, people: Any, key: str, language: str) -> User | None:
    taken = (
        Person.objects.filter(id__in=people, user__email=f"{key}@{edition.slug}.rehearsal.invalid")
        .select_related("user")
        .first()
    )
    if taken is not None:
        return taken.user
    person = _busiest(edition, side, people, language)
    if person is None:
        return None
    user = rehearsal_account(edition, key, person.name, language)
    Person.objects.filter(id=person.id).update(user=user)
    return user


def _busiest(edition: Edition, side: str, people: Any, language: str) -> Person | None:
    """Who has meetings still to come, reads `language` and has the most of them.

    In that order: once all meetings are over, somebody who had some; before there are any, anybody.
    """
    from django.db.models import Count, Q

    planned = Count("id", filter=Q(request__meeting__status=Meeting.Status.PLANNED))
    parties = RequestParty.objects.filter(
        side=side, person_id__in=people, request__meeting__edition=edition
    ).exclude(request__meeting__status=Meeting.Status.CANCELLED)
    ranked = parties.values("person_id", "person__language").annotate(all=Count("id"), come=planned)
    best = max(
        ranked.order_by("person_id"),
        key=lambda row: (
            row["come"] > 0,
            row["person__language"] == language,
            row["come"],
            row["all"],
        ),
        default=None,
    )
    if best is None:
        return Person.objects.filter(id__in=people, user=None).first()
    return Person.objects.get(id=best["person_id"])


def register() -> None:
    """Called once when the site starts."""
    register_holder(Role.TALENT, talent_holder)
    register_holder(Role.DELEGATE, delegate_holder)
