"""What the tests of figures stand on: an edition with people, their evidence and their roles."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM, Actor, Grant
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition, RoleGrant
from talex.evidence.models import Evidence
from talex.evidence.services import ConfirmRung, Facts, confirm, freeze
from talex.participants.models import Person, Talent

_numbers = itertools.count(1)
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def day(number: float) -> datetime:
    """`number` days after the first of May 2026, 08:00 UTC."""
    return START + timedelta(days=number)


def edition(slug: str = "", **fields: object) -> Edition:
    values: dict[str, object] = {
        "name": TranslatedText({"en": "Talent Week", "zh-hans": "人才周"}),
        "starts_on": date(2026, 5, 1),
        "ends_on": date(2026, 5, 3),
        "time_zone": "Asia/Shanghai",
        "state": "running",
        "languages": ["zh-hans", "en", "de"],
        **fields,
    }
    return Edition.objects.create(slug=slug or f"week-{next(_numbers)}", **values)


def user(role: str = "", of: Edition | None = None, **fields: object) -> User:
    number = next(_numbers)
    made = User.objects.create_user(
        f"user{number}@example.org", "geheim-geheim", name=f"User {number}", **fields
    )
    if role and of is not None:
        RoleGrant.objects.create(user=made, edition=of, role=role)
    return made


def actor(role: str, of: Edition) -> Actor:
    """An actor with one role, without an account behind it."""
    account = user()
    return Actor(
        user=account.pk, kind="user", name=str(account), grants=frozenset({Grant(role, of.pk)})
    )


def talent(
    of: Edition,
    name: str = "",
    *,
    degree: str = "master",
    industry: str = "laser",
    region: str = "Hubei",
    at: datetime = START,
    rungs: tuple[str, ...] = ("registered",),
) -> Talent:
    """A talent whose facts were frozen and whose `rungs` were reached at `at`."""
    person = Person.objects.create(name=name or f"Talent {next(_numbers)}")
    made = Talent.objects.create(person=person, edition=of, degree_level=degree)
    with clock.at(at), work():
        freeze(of.pk, {made.pk: Facts(degree, industry, region)})
        for rung in rungs:
            reach(made.pk, of, rung, at)
    return made


def reach(
    subject: UUID,
    of: Edition,
    rung: str,
    happened: datetime,
    *,
    by: Actor = SYSTEM,
    source: tuple[str, str] = ("", ""),
) -> Evidence:
    """Confirm a rung now (as the clock says)."""
    return confirm(
        by,
        ConfirmRung(
            edition=of.pk,
            subject_id=subject,
            rung=rung,
            happened_at=happened,
            source_kind=source[0],
            source_id=source[1],
        ),
    )
