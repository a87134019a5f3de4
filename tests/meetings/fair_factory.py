"""A small fair: one hall, one day, talents, an employer with one delegate, wanted meetings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, time

from talex.core.actor import SYSTEM, Actor, Grant
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.meetings import scheduling, services, timetable
from talex.meetings.models import MeetingRequest
from talex.participants.models import Delegate, Organisation, Person, Talent
from talex.programme import services as programme


@dataclass
class Fair:
    edition: Edition
    organisation: Organisation
    delegate: Person
    talents: list[Person]
    requests: list[MeetingRequest]


def make_edition(slug: str | None = None) -> Edition:
    return Edition.objects.create(
        slug=slug or f"fair-{uuid.uuid4().hex[:8]}",
        name=TranslatedText.of("Talent fair"),
        city=TranslatedText.of("Wuhan"),
        starts_on=date(2037, 4, 20),
        ends_on=date(2037, 4, 21),
        time_zone="Asia/Shanghai",
        state="open",
    )


def make_fair(talents: int = 4, tables: int = 2, *, wanted: bool = True) -> Fair:
    edition = make_edition()
    programme.save_hall(
        SYSTEM, edition, programme.SaveHall("A1", TranslatedText.of("Hall A1"), tables)
    )
    programme.save_day(
        SYSTEM,
        edition,
        programme.SaveDay(date(2037, 4, 20), time(9), time(12), breaks=[("10:30", "11:00")]),
    )
    organisation = Organisation.objects.create(
        kind="enterprise", name=TranslatedText.of("Yangtze Motors")
    )
    delegate = Person.objects.create(name="李雷")
    Delegate.objects.create(person=delegate, organisation=organisation, edition=edition)
    people = []
    for n in range(talents):
        person = Person.objects.create(name=f"Talent {n}")
        Talent.objects.create(person=person, edition=edition)
        people.append(person)
    requests = []
    if wanted:
        requests = services.request_meetings(
            SYSTEM,
            edition,
            [
                asked(organisation, person, delegate, 0.5 + n / 100)
                for n, person in enumerate(people)
            ],
        )
    return Fair(edition, organisation, delegate, people, requests)


def asked(
    organisation: Organisation, talent: Person, delegate: Person, weight: float = 0.5
) -> services.AskedMeeting:
    return services.AskedMeeting(
        subject_kind="opening",
        subject_id=uuid.uuid4(),
        subject_title=TranslatedText.of("Battery engineer"),
        organisation=organisation.id,
        talents=(talent.id,),
        employers=(delegate.id,),
        origin="office",
        weight=weight,
    )


def schedule(edition: Edition, seconds: float = 5) -> scheduling.Scheduled:
    frame = timetable.frame(edition)
    assert frame is not None
    solution = timetable.plan(frame, seconds=seconds, seed=1)
    return scheduling.apply_timetable(SYSTEM, edition, frame, solution)


def actor(
    edition: Edition,
    role: str,
    person: Person | None = None,
    organisation: Organisation | None = None,
) -> Actor:
    grant = Grant(
        role, edition.id, organisation.id if organisation else None, person.id if person else None
    )
    return Actor(user=uuid.uuid4(), kind="user", grants=frozenset([grant]))


def in_work(call: object) -> object:
    with work():
        return call()  # type: ignore[operator]
