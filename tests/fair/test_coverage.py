"""Coverage: kept with a run, shown with its reasons, opening down to whom each number counts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from talex.core.errors import NotAllowed, NotFound
from talex.editions.models import Edition
from talex.fair import congestion, coverage
from talex.fair.models import Match, Opening, OpeningCoverage, TalentCoverage
from talex.fair.proposing import solved, write_run
from talex.fair.services import RunMatching
from tests.editions.factories import grant, make_user
from tests.fair import factories as make
from tests.fair.test_matching import Letters

pytestmark = pytest.mark.django_db


def a_run(where: Edition) -> dict[str, Opening]:
    company = make.organisation(where)
    openings = {
        "open": make.opening(where, company, "Engineer", headcount=1),
        "degree": make.opening(where, company, "Engineer of all", degree_required="doctorate"),
        "language": make.opening(
            where, company, "Engineer speaking", languages=[{"code": "fr", "level": "C1"}]
        ),
        "ways": make.opening(where, company, "Engineer far away", mode="online"),
        "far": make.opening(where, company, "12345 67890"),
    }
    for number in range(6):
        make.talent(
            where, f"T{number}", current_position="Engineer", mode="onsite", degree_level="master",
            languages=[{"code": "de", "level": "native"}, {"code": "fr", "level": "A2"}],
        )  # fmt: skip
    command = RunMatching(per_talent=1)
    made = solved(where, command, embedder=Letters())
    assert made is not None
    write_run(make.office(where), where, command, made)
    return openings


def test_a_run_says_what_keeps_everybody_out() -> None:
    where = make.edition()
    openings = a_run(where)
    actor = make.office(where)
    rows = {row.opening_id: row for row in coverage.openings(actor, where)}
    for term in ("degree", "language", "ways"):
        row = rows[openings[term].pk]
        assert (row.why, row.admissible, row.excluded, row.alone) == (
            term, 0, {term: 6}, {term: 6},
        )  # fmt: skip
        found = coverage.excluded(actor, where, openings[term].pk, term)
        # The number opens to its records.
        assert found.count() == 6
    free = rows[openings["open"].pk]
    assert (free.why, free.proposals, free.admissible) == ("", 3, 6)
    told = coverage.summary(actor, where)
    assert told.talents == 6
    assert told.openings_nobody_fits >= 3
    assert sum(told.why.values()) == told.openings_without
    # The next run replaces it.
    second = solved(where, RunMatching(), embedder=Letters())
    assert second is not None
    write_run(actor, where, RunMatching(), second)
    assert OpeningCoverage.objects.filter(edition=where).count() == 5
    assert TalentCoverage.objects.filter(edition=where).count() == 6


def test_only_the_office_and_auditors_read_it() -> None:
    where = make.edition()
    openings = a_run(where)
    stranger = make.as_talent(make.talent(where, "X"))
    for read in (coverage.summary, coverage.talents, coverage.openings):
        with pytest.raises(NotAllowed):
            read(stranger, where)
    with pytest.raises(NotAllowed):
        coverage.excluded(stranger, where, openings["degree"].pk, "degree")
    with pytest.raises(NotFound):
        coverage.excluded(make.office(where), where, openings["degree"].pk, "stars")


def test_who_has_too_many() -> None:
    where = make.edition()
    company = make.organisation(where)
    wanted = make.talent(where, "Wanted")
    for number in range(9):
        make.interest(wanted, make.opening(where, company, f"O{number}"), "employer")
    make.match(make.talent(where, "Other"), make.opening(where, company, "One"))
    assert coverage.crowded(where) == {wanted.pk}


def test_the_pages_lead_from_numbers_to_records(client: Client) -> None:
    where = make.edition()
    openings = a_run(where)
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    at = {"edition": where.slug}
    page = client.get(reverse("fair:coverage", kwargs=at)).content.decode()
    assert "?reached=no" in page and "Degree asked for" in page
    listed = client.get(reverse("fair:coverage_openings", kwargs=at), {"why": "degree"})
    assert "Engineer of all" in listed.content.decode()
    assert "Engineer far away" not in listed.content.decode()
    one = {**at, "pk": openings["degree"].pk}
    detail = client.get(reverse("fair:coverage_opening", kwargs=one)).content.decode()
    link = reverse("fair:coverage_excluded", kwargs={**one, "term": "degree"})
    assert link in detail
    assert "T3" in client.get(link).content.decode()
    proposals = client.get(
        reverse("fair:matches", kwargs=at), {"opening": str(openings["open"].pk)}
    ).content.decode()
    assert "T" in proposals and "Engineer of all" not in proposals
    table = client.get(reverse("fair:coverage_talents", kwargs=at), {"export": "csv"})
    assert table.getvalue().decode("utf-8-sig").count("\r\n") == 7  # type: ignore[attr-defined]


def test_congestion_says_who_is_sought_too_much_and_what_to_do(client: Client) -> None:
    where = make.edition()
    company = make.organisation(where)
    wanted = make.opening(where, company, "Engineer", interviews_wanted=1, industry="激光")
    make.opening(where, company, "Botanist", headcount=2, industry="laser")
    for number in range(5):
        make.talent(where, f"T{number}", current_position="Engineer", mode="onsite")
    command = RunMatching(per_talent=1)
    made = solved(where, command, embedder=Letters())
    assert made is not None
    write_run(make.office(where), where, command, made)
    row = OpeningCoverage.objects.get(opening=wanted)
    assert (row.sought, row.listed, row.room) == (5, 5, 1)
    told = congestion.congested(make.office(where), where)
    (jam,) = told.openings
    assert (jam.row.opening_id, jam.pressure, told.openings_pressed) == (wanted.pk, 5.0, 1)
    assert any("more interviews" in one for one in jam.advice)
    # However an industry is written it is one; the other opening of it has places.
    (trade,) = told.trades
    assert (trade.openings, trade.room, trade.sought, trade.free) == (2, 7, 5, 1)
    assert any("1 opening of the same industry" in one for one in jam.advice)
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    page = client.get(reverse("fair:congestion", kwargs={"edition": where.slug})).content.decode()
    assert "Engineer" in page and "5.0" in page and "What to do" in page
    told_api = client.get(f"/api/editions/{where.slug}/coverage/congestion").json()
    assert [one["id"] for one in told_api["openings"]] == [str(wanted.pk)]
    with pytest.raises(NotAllowed):
        congestion.congested(make.office(make.edition()), where)
    # A run of before it was counted says so instead of noughts.
    OpeningCoverage.objects.update(listed=0, sought=0)
    page = client.get(reverse("fair:congestion", kwargs={"edition": where.slug})).content.decode()
    assert "Run the matching again" in page and "For each place" not in page


def test_who_has_no_proposal_since_the_places_are_taken_is_counted_and_said(
    client: Client,
) -> None:
    where = make.edition()
    company = make.organisation(where)
    full = make.opening(where, company, "Engineer", interviews_wanted=1)
    make.opening(where, company, "Engineer too", interviews_wanted=1)
    busy, planned = make.talent(where, "Busy"), make.talent(where, "Planned")
    make.interest(busy, full, "talent", state="accepted")
    make.match(planned, full, state="approved")
    for number in range(3):
        make.talent(where, f"T{number}", current_position="Engineer")
    command = RunMatching(per_talent=1)
    made = solved(where, command, embedder=Letters())
    assert made is not None
    actor = make.office(where)
    write_run(actor, where, command, made)
    told = coverage.summary(actor, where)
    # What is approved is a proposal that stands, in the report on exposure as well.
    shown = Match.objects.filter(edition=where, state__in=["proposed", "approved"])
    reached = shown.values("talent_id").distinct().count()
    assert (told.talents, told.talents_without, told.talents_full) == (5, 5 - reached, 1)
    assert (told.openings_without, told.openings_full) == (0, 0)
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    page = client.get(reverse("fair:coverage", kwargs={"edition": where.slug})).content.decode()
    assert "1 of those without because their places are taken" in page
    names = reverse("fair:coverage_talents", kwargs={"edition": where.slug})
    listed = client.get(names, {"reached": "no"}).content.decode()
    assert "Busy" in listed and "Planned" not in listed
    assert "Busy" not in client.get(names, {"reached": "yes"}).content.decode()
