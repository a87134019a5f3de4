"""The report on exposure: what it counts, whom it tells, whom it keeps back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from talex.core.actor import Actor, Grant
from talex.core.errors import NotAllowed
from talex.editions.models import Edition
from talex.fair import exposure
from talex.fair.models import MatchRun
from talex.participants.models import Talent
from tests.editions.factories import grant, make_user
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


def a_lopsided_fair(where: Edition) -> None:
    run = MatchRun.objects.create(edition=where)
    openings = [make.opening(where, make.organisation(where, f"O{n}")) for n in range(12)]
    for number in range(24):
        woman = number % 2 == 0
        one = make.talent(
            where, f"Talent No. {number}", degree_level="master" if number < 20 else "doctorate",
            unread={"性别": "女"} if woman else {"Gender": "Male"},
        )  # fmt: skip
        one.person.birth_year = 1990 if number < 12 else 1970
        one.person.save()
        # Women stand second in every list.
        make.match(one, openings[number // 2], 0.5 if woman else 0.8, run=run)


def test_groups_get_what_their_places_are_worth() -> None:
    where = make.edition()
    a_lopsided_fair(where)
    found = exposure.report(make.office(where), where)
    assert (found.talents, found.proposals) == (24, 24)
    women, men = found.kinds["sex"]
    assert (women.group, women.count, men.count) == ("female", 12, 12)
    second = 1 / 1.5849625007211562
    assert women.exposure == pytest.approx(2 * second / (1 + second))
    assert men.exposure == pytest.approx(2 / (1 + second))
    assert women.reached == men.reached == 1
    assert [one.group for one in found.kinds["age"]] == ["35–39", "50+"]
    # Four doctorates would be told by what is left: neither group is.
    assert all(one.suppressed for one in found.kinds["degree"])
    assert exposure.plain(found.kinds["degree"][0])["exposure"] is None
    # Nothing is known of nationality and region.
    assert set(found.kinds) == {"sex", "age", "degree"}


def test_the_organiser_alone_reads_it(client: Client) -> None:
    where = make.edition()
    a_lopsided_fair(where)
    auditor = Actor(kind="user", grants=frozenset([Grant("auditor", where.pk)]))
    for actor in (auditor, make.office(make.edition())):
        with pytest.raises(NotAllowed):
            exposure.report(actor, where)
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    page = client.get(reverse("fair:exposure", kwargs={"edition": where.slug})).content.decode()
    assert "kept back" in page and "Singh" in page and "Talent No. 3" not in page
    told = client.get(f"/api/editions/{where.slug}/exposure").json()
    assert told["kinds"]["sex"][0]["count"] == 12
    assert told["kinds"]["degree"][0]["count"] is None


def test_spellings_of_a_place_are_one_group_in_the_readers_language() -> None:
    where = make.edition()
    a_lopsided_fair(where)
    written = ["武汉市", "Wuhan", "武汉", "Wuhan, China"] * 3 + [
        "Germany",
        "德国",
        "Deutschland",
    ] * 4
    for one, region in zip(
        Talent.objects.filter(edition=where).order_by("pk"), written, strict=True
    ):
        one.region = region
        one.save()
    rows = exposure.report(make.office(where), where).kinds["region"]
    assert [row.count for row in rows] == [12, 12]
    told = {}
    for language in ("en", "de", "zh-hans"):
        with translation.override(language):
            told[language] = {str(exposure.label("region", row.group)) for row in rows}
    assert told["en"] == {"Wuhan", "Germany"} and told["de"] == {"Wuhan", "Deutschland"}
    assert "德国" in told["zh-hans"]
