"""What tests of cohorts do over and over; plain functions."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.account.models import EmailAddress

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.translated import TranslatedText
from talex.evidence.queries import rungs_of
from talex.evidence.services import witness
from talex.messages.models import Message
from talex.participants.cohorts import services
from talex.participants.cohorts.models import Cohort, Member, RollDraft
from talex.participants.models import Organisation, Talent
from tests.participants import factories as make

ROLL = "姓名,Email,Student number,Degree,Language\n"


def university(edition: Any, name: str = "HUST", **facts: Any) -> tuple[Organisation, Actor]:
    uni = make.organisation(edition, name, **{"kind": "university", **facts})
    return uni, make.with_account(make.delegate(edition, uni))


def facts(**more: Any) -> services.CohortFacts:
    given = {
        "name": TranslatedText.of("Class of 2027"),
        "year": 2027,
        "closes_at": clock.now() + timedelta(days=30),
    }
    return services.CohortFacts(**{**given, **more})


def cohort(edition: Any, uni: Organisation, head: Actor, **more: Any) -> Cohort:
    command = services.OpenCohort(edition=edition.pk, organisation=uni.pk, facts=facts(**more))
    return services.open_cohort(head, command)


def graduate(edition: Any, name: str = "Wei Wang", email: str = "") -> tuple[Talent, Actor]:
    """A talent with an account whose address is confirmed."""
    talent = make.talent(edition, name)
    account = make.user(email)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    talent.person.user = account
    talent.person.save()
    return talent, actor_for(account)


def join(actor: Actor, of: Cohort, **more: Any) -> Any:
    command = services.JoinByCode(
        edition=of.edition_id, code=of.shown_code, **{"agree": True, **more}
    )
    return services.join_by_code(actor, command)


def decide(
    actor: Actor, *members: Member, confirm: bool = True, reason: str = "", why: str = "other"
) -> int:
    command = services.DecideMembers(
        members=[one.pk for one in members], confirm=confirm, reason=reason, why=why
    )
    return services.decide(actor, command)


def read(head: Actor, of: Cohort, text: str, name: str = "list.csv") -> RollDraft:
    file = BytesIO(text.encode())
    file.name = name
    return services.read_roll(head, services.ReadRoll(cohort=of.pk, file=file, language="en"))


def invite(head: Actor, of: Cohort, text: str) -> list[str]:
    """The secrets of the links that were mailed, in the order of the rows."""
    before = set(Message.objects.values_list("pk", flat=True))
    services.invite_roll(head, of.pk, read(head, of, ROLL + text).pk)
    found = {}
    for row in Message.objects.exclude(pk__in=before):
        match = re.search(r"/invited/([^/]+)/", row.text)
        assert match
        found[row.address] = match[1]
    return [found[line.split(",")[1]] for line in text.splitlines()]


def verify(edition: Any, uni: Organisation) -> None:
    witness(
        SYSTEM, edition=edition.pk, rung="verified", subjects=[uni.pk], subject_kind="organisation"
    )


def rungs(talent: Talent) -> list[str]:
    return rungs_of(talent.edition_id, [talent.pk]).get(talent.pk, [])
