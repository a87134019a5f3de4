"""Plain functions that make what a fair needs, without the services of other rooms."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from talex.core.actor import Actor, Grant
from talex.core.translated import TranslatedText
from talex.editions.models import Consent, Edition
from talex.fair.choices import OpeningState
from talex.fair.models import Interest, Match, MatchRun, Opening
from talex.fair.services.openings import title_line
from talex.meetings.models import Meeting, MeetingRequest
from talex.participants.models import Delegate, Organisation, Participation, Person, Talent

#: Before the conference of `edition`.
BEFORE = datetime(2027, 4, 1, 8, tzinfo=UTC)


def edition(**values: Any) -> Edition:
    return Edition.objects.create(
        **{
            "slug": f"fair-{uuid.uuid4().hex[:8]}",
            "name": TranslatedText.of("Talent fair"),
            "city": TranslatedText.of("Wuhan"),
            "starts_on": date(2027, 4, 20),
            "ends_on": date(2027, 4, 21),
            "time_zone": "Asia/Shanghai",
            "state": "open",
            **values,
        }
    )


def organisation(where: Edition, name: str = "Yangtze Motors", **values: Any) -> Organisation:
    made = Organisation.objects.create(
        kind="enterprise", name=TranslatedText.of(name), name_line=name, **values
    )
    Participation.objects.create(organisation=made, edition=where)
    return made


def delegate(where: Edition, of: Organisation, name: str = "李雷", **values: Any) -> Delegate:
    person = Person.objects.create(name=name)
    return Delegate.objects.create(person=person, organisation=of, edition=where, **values)


def talent(where: Edition, name: str = "Anna Weber", **values: Any) -> Talent:
    person = Person.objects.create(name=name, email=values.pop("email", ""))
    return Talent.objects.create(person=person, edition=where, **values)


def opening(
    where: Edition, of: Organisation, title: str = "Battery engineer", **values: Any
) -> Opening:
    text = values.pop("text", TranslatedText.of(title))
    return Opening.objects.create(
        **{
            "edition": where,
            "organisation": of,
            "title": text,
            "title_line": title_line(text),
            "state": OpeningState.OPEN,
            **values,
        }
    )


def interest(who: Talent, about: Opening, side: str = "talent", **values: Any) -> Interest:
    return Interest.objects.create(
        **{
            "edition": who.edition,
            "talent": who,
            "opening": about,
            "side": side,
            "asked_at": BEFORE,
            "expires_at": BEFORE + timedelta(days=5),
            **values,
        }
    )


def match(who: Talent, about: Opening, score: float = 0.7, **values: Any) -> Match:
    run = values.pop("run", None) or MatchRun.objects.create(edition=who.edition)
    return Match.objects.create(
        run=run, edition=who.edition, talent=who, opening=about, score=score, **values
    )


def consent(who: Talent, purpose: str, recipient: str = "") -> Consent:
    return Consent.objects.create(
        edition=who.edition, person=who.person_id, purpose=purpose, recipient=recipient,
        wording="test",
    )  # fmt: skip


def held_meeting(request: MeetingRequest, starts_at: datetime | None = None) -> Meeting:
    start = starts_at or datetime(2027, 4, 20, 2, tzinfo=UTC)
    return Meeting.objects.create(
        edition_id=request.edition_id,
        request=request,
        starts_at=start,
        ends_at=start + timedelta(minutes=20),
        online=True,
        changed_at=start,
    )


def office(where: Edition) -> Actor:
    return Actor(user=uuid.uuid4(), kind="user", grants=frozenset([Grant("organiser", where.pk)]))


def as_talent(who: Talent) -> Actor:
    return Actor(
        user=uuid.uuid4(),
        kind="user",
        grants=frozenset([Grant("talent", who.edition_id, None, who.person_id)]),
    )


def as_delegate(of: Delegate) -> Actor:
    grant = Grant("delegate", of.edition_id, of.organisation_id, of.person_id)
    return Actor(user=uuid.uuid4(), kind="user", grants=frozenset([grant]))
