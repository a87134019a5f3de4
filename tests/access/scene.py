"""One small conference with one of everything, and one account for every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile

from talex.accounts import tokens
from talex.accounts.models import ApiToken, User
from talex.core.translated import TranslatedText
from talex.editions.models import Edition, Invitation
from talex.participants.models import (
    Delegate,
    Organisation,
    Participation,
    Person,
    PersonName,
    Talent,
)
from tests.editions.factories import grant, make_edition, make_user

# The columns of the table. `visitor` is signed in without any role; `outsider` is the organiser,
# auditor and judge of another conference. What belongs to one person belongs to `talent` or
# `delegate`; an account's own things are the `organiser`'s.
ROLES = (
    "nobody",
    "visitor",
    "outsider",
    "talent",
    "delegate",
    "judge",
    "partner",
    "press",
    "auditor",
    "organiser",
    "admin",
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c636060f8cf00000301010018dd8db00000000049454e44ae426082"
)


@dataclass
class Scene:
    """What the addresses are filled with (`values.py`)."""

    edition: Edition
    users: dict[str, User | None]
    things: dict[str, Any] = field(default_factory=dict)


def _person(user: User, name: str) -> Person:
    person = Person.objects.create(user=user, name=name, email=user.email)
    PersonName.objects.create(person=person, text=name, is_primary=True)
    return person


def make_scene() -> Scene:
    """Build it in the test's own transaction."""
    edition, other = make_edition("here"), make_edition("elsewhere")
    users: dict[str, User | None] = {
        role: make_user(f"{role}@example.org", password="open sesame") for role in ROLES[1:]
    }
    users["nobody"] = None
    for role in ("judge", "partner", "press", "auditor", "organiser"):
        user = users[role]
        assert user is not None
        grant(user, edition, role)
    outsider, admin, organiser = users["outsider"], users["admin"], users["organiser"]
    assert outsider is not None and admin is not None and organiser is not None
    for role in ("organiser", "auditor", "judge"):
        grant(outsider, other, role)
    admin.is_site_admin = True
    admin.save()
    scene = Scene(edition, users)
    things = scene.things
    things["grant"] = grant(make_user("second@example.org"), edition, "judge")
    things["invitation"] = Invitation.objects.create(
        edition=edition,
        email="newcomer@example.org",
        role="press",
        expires_at=datetime.now(UTC) + timedelta(days=30),
        token_digest=tokens.digest("token-of-the-scene"),
    )
    things["token"] = ApiToken.objects.create(
        user=organiser, name="script", prefix="talex_abc", digest="0" * 64
    )
    edition.logo.save("logo.png", ContentFile(PIXEL))
    edition.cover.save("cover.png", ContentFile(PIXEL))
    _participants(scene)
    _draft(scene)
    _credentials(scene)
    _programme(scene)
    _fair(scene)
    _meeting(scene)
    return scene


def _participants(scene: Scene) -> None:
    talent_user, delegate_user = scene.users["talent"], scene.users["delegate"]
    assert talent_user is not None and delegate_user is not None
    things = scene.things
    things["talent_person"] = _person(talent_user, "Tara Talent")
    things["delegate_person"] = _person(delegate_user, "Dora Delegate")
    things["organisation"] = Organisation.objects.create(
        # A university: it has openings as others have, and cohorts besides.
        kind="university",
        name=TranslatedText({"en": "Works Ltd"}),
        name_line="Works Ltd",
    )
    things["participation"] = Participation.objects.create(
        organisation=things["organisation"], edition=scene.edition
    )
    things["talent"] = Talent.objects.create(person=things["talent_person"], edition=scene.edition)
    things["delegate"] = Delegate.objects.create(
        person=things["delegate_person"],
        organisation=things["organisation"],
        edition=scene.edition,
    )


def _draft(scene: Scene) -> None:
    from talex.participants.registering.models import Draft, Reading

    draft = Draft.objects.create(
        user=scene.users["visitor"],
        edition=scene.edition,
        kind="talent",
        values={"names": ["Vera Visitor"], "mode": "both", "time_zone": "Europe/Berlin"},
        replaced=[{"field": "region", "value": "Bonn", "at": "2027-01-01T00:00:00Z"}],
        revision=2,
        step="who",
    )
    found = [{"field": "region", "value": "Graz", "quote": "Graz"}]
    Reading.objects.create(draft=draft, source="pdf", found=found)
    scene.things["draft"] = draft


def _credentials(scene: Scene) -> None:
    from django.utils import timezone

    from talex.participants.credentials.models import Case

    scene.things["credential_case"] = Case.objects.create(
        edition=scene.edition,
        kind="employer",
        organisation=scene.things["organisation"],
        state="waiting",
        submitted_at=timezone.now(),
    )


def _programme(scene: Scene) -> None:
    from talex.programme.models import Activity, Day, Hall, Table

    things, edition = scene.things, scene.edition
    things["hall"] = Hall.objects.create(
        edition=edition, code="a", name=TranslatedText({"en": "Hall A"}), seats=100
    )
    things["table"] = Table.objects.create(hall=things["hall"], number=1)
    things["day"] = Day.objects.create(
        edition=edition, date=edition.starts_on, opens=time(9), closes=time(17)
    )
    things["activity"] = Activity.objects.create(
        edition=edition,
        title=TranslatedText({"en": "Opening"}),
        starts_at=datetime(2027, 5, 12, 1, tzinfo=UTC),
        ends_at=datetime(2027, 5, 12, 2, tzinfo=UTC),
    )


def _fair(scene: Scene) -> None:
    from talex.fair.models import OpeningCoverage, Term
    from tests.fair import factories

    things = scene.things
    things["opening"] = factories.opening(scene.edition, things["organisation"])
    things["second_opening"] = factories.opening(scene.edition, things["organisation"])
    # The delegate's side asked, so that the talent may answer.
    things["interest"] = factories.interest(things["talent"], things["opening"], "employer")
    things["match"] = factories.match(things["talent"], things["second_opening"])
    things["term"] = Term.objects.create(
        edition=scene.edition, concept="skill:own-1", kind="skill", labels={"en": ["Kiting"]},
        line="Kiting",
    )  # fmt: skip
    from talex.fair.conversations.models import Report

    # Reported by somebody else, not decided yet.
    things["case"] = Report.objects.create(
        edition=scene.edition, kind="opening", target=things["opening"].pk, reason="fake",
        reporter="system", against_organisation=things["organisation"].pk,
        evidence={"opening": str(things["opening"].pk)},
    )  # fmt: skip
    OpeningCoverage.objects.create(
        run=things["match"].run, edition=scene.edition, opening=things["opening"],
        proposals=0, room=3, admissible=0, excluded={"degree": 1}, wanted=0, why="degree",
    )  # fmt: skip
    from tests.access.values_collecting import prepare

    prepare(scene)


def _meeting(scene: Scene) -> None:
    from talex.meetings.models import Meeting, MeetingRequest, RequestParty, Side

    things, edition = scene.things, scene.edition
    now = datetime(2027, 4, 1, tzinfo=UTC)
    request = MeetingRequest.objects.create(
        edition=edition,
        subject_kind="opening",
        subject_id=things["opening"].pk,
        organisation=things["organisation"],
        origin="office",
        created_at=now,
    )
    things["request"] = request
    sides = dict(Side.choices)
    first, second = list(sides)[:2]
    for key, side in (("talent_person", first), ("delegate_person", second)):
        RequestParty.objects.create(request=request, person=things[key], side=side)
    things["meeting"] = Meeting.objects.create(
        edition=edition,
        request=request,
        starts_at=datetime(2027, 5, 12, 2, tzinfo=UTC),
        ends_at=datetime(2027, 5, 12, 2, 20, tzinfo=UTC),
        table=things["table"],
        changed_at=now,
    )
    # One that is over, of which an outcome can be told.
    over = MeetingRequest.objects.create(
        edition=edition,
        subject_kind="opening",
        subject_id=things["second_opening"].pk,
        organisation=things["organisation"],
        origin="office",
        created_at=now,
    )
    for key, side in (("talent_person", first), ("delegate_person", second)):
        RequestParty.objects.create(request=over, person=things[key], side=side)
    things["met"] = Meeting.objects.create(
        edition=edition,
        request=over,
        starts_at=datetime(2025, 5, 12, 2, tzinfo=UTC),
        ends_at=datetime(2025, 5, 12, 2, 20, tzinfo=UTC),
        table=things["table"],
        changed_at=now,
    )
    _living_day(scene, now)


def _living_day(scene: Scene, now: datetime) -> None:
    """A time that the employer's side proposed, and a person who is away on another day."""
    from talex.meetings.models import Absence, Proposal

    things = scene.things
    things["proposal"] = Proposal.objects.create(
        meeting=things["meeting"],
        side="employer",
        starts_at=datetime(2027, 5, 12, 4, tzinfo=UTC),
        ends_at=datetime(2027, 5, 12, 4, 20, tzinfo=UTC),
        table=things["table"],
        made_at=now,
        made_by="system",
        expires_at=datetime(2027, 5, 12, 2, tzinfo=UTC),
    )
    things["absence"] = Absence.objects.create(
        edition=scene.edition,
        reason="late",
        resource_kind="person",
        resource_id=things["talent_person"].pk,
        starts_at=datetime(2027, 5, 11, 2, tzinfo=UTC),
        ends_at=datetime(2027, 5, 11, 3, tzinfo=UTC),
        made_at=now,
        made_by="system",
    )
