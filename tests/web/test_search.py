"""The one search: who finds what, field by field; kept up to date; erased; rebuilt; every door."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.cli.main import group
from talex.core.actor import NOBODY, SYSTEM, Actor
from talex.core.jobs import run_pending
from talex.core.models import SearchDocument
from talex.core.search import find_everywhere
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.ledger import outbox, searching
from talex.participants import services
from talex.participants.commands import (
    ErasePerson,
    SetConsents,
    ShareContact,
    UpdateTalent,
    WithdrawTalent,
)
from talex.participants.models import Organisation, Talent
from tests.fair import factories as fair
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def found(actor: Actor, query: str, **more: Any) -> set[str]:
    return {hit.title for _name, hits in find_everywhere(actor, query, **more) for hit in hits}


def follow() -> None:
    outbox.deliver()
    run_pending()


class World:
    """A talent of whom every field has a word of its own, and readers of every role."""

    WORDS = {
        "institution": "Quastuniversity", "disciplines": ["Disciplinox"], "skills": ["Skillax"],
        "current_position": "Positiona", "profile_text": "Prosatext 电池专家",
        "industry": "Industrix", "region": "Regiona", "wished_regions": ["Wishland"],
    }  # fmt: skip

    def __init__(self) -> None:
        self.edition = make.edition(name=TranslatedText.of("Yangtze Talents"))
        self.talent = make.talent(
            self.edition, "王伟", "Wei Wang", email="secret.address@example.org",
            phone="+8613800138000", birth_year=1987, nationality="Atlantis", **self.WORDS,
        )  # fmt: skip
        self.firm = make.organisation(self.edition, "Firmo Works")
        self.rival = make.organisation(self.edition, "Rivalo Works")
        self.desk = make.with_account(make.delegate(self.edition, self.firm, "Dora Desk"))
        self.other = make.with_account(make.delegate(self.edition, self.rival, "Rita Rival"))
        self.own = make.with_account(self.talent)
        self.office = make.office(self.edition)
        self.auditor = make.holder("auditor", self.edition)
        self.press = make.holder("press", self.edition)
        self.partner = make.holder("partner", self.edition)
        self.outsider = make.office(make.edition())
        searching.rebuild_all()

    PROFILE = ("王伟", "王", "wei wa", "quastuni", "disciplinox", "skillax", "positiona", "prosat",
               "电池专家", "池专", "industrix", "regiona", "wishland")  # fmt: skip
    CONTACT = ("secret.address@example.org", "secret", "+8613800138000", "861380")

    def hits(self, actor: Actor, queries: tuple[str, ...]) -> set[bool]:
        """Whether the talent is found: the same for all of these words."""
        name = self.talent.person.name
        return {name in found(actor, query) for query in queries}

    def sees(self, actor: Actor) -> tuple[set[bool], set[bool]]:
        return self.hits(actor, self.PROFILE), self.hits(actor, self.CONTACT)


YES, NO = {True}, {False}


def test_nobody_finds_what_they_may_not_read_field_by_field() -> None:
    world = World()
    for actor in (world.own, world.office, world.auditor, SYSTEM):
        assert world.sees(actor) == (YES, YES)
    hidden = (world.desk, world.other, world.press, world.partner, world.outsider, NOBODY)
    for actor in hidden:
        assert world.sees(actor) == (NO, NO)
    # What nobody is shown is not looked for by anybody.
    assert world.hits(world.office, ("1987",)) == NO

    services.set_consents(world.own, SetConsents(talent=world.talent.pk, purposes=["profile"]))
    assert world.sees(world.desk) == world.sees(world.other) == (YES, NO)
    # Words of both kinds together find nothing either.
    assert world.hits(world.desk, ("王伟 secret", "skillax 861380")) == NO
    assert world.hits(world.office, ("王伟 secret", "skillax 861380")) == YES
    for actor in (world.press, world.partner, world.outsider, NOBODY):
        assert world.sees(actor) == (NO, NO)

    services.share_contact(
        world.own, ShareContact(talent=world.talent.pk, organisation=world.firm.pk)
    )
    assert world.sees(world.desk) == (YES, YES)
    assert world.sees(world.other) == (YES, NO)

    services.set_consents(world.own, SetConsents(talent=world.talent.pk, purposes=["partners"]))
    assert world.sees(world.partner) == (YES, NO)
    services.withdraw_talent(world.own, WithdrawTalent(talent=world.talent.pk))
    assert world.sees(world.partner) == world.sees(world.desk) == (NO, NO)


def test_other_things_are_found_by_whoever_sees_them() -> None:
    world = World()
    edition, firm = world.edition, world.firm
    opened = fair.opening(edition, firm, "Batteryopening")
    draft = fair.opening(edition, firm, "Draftopening", state="draft")
    hidden = make.edition(name=TranslatedText.of("Draftedition"), state="draft")
    from talex.programme.models import Activity

    for where, title in ((edition, "Publictalk"), (hidden, "Drafttalk")):
        Activity.objects.create(
            edition=where, title=TranslatedText.of(title),
            starts_at="2027-04-12T01:00Z", ends_at="2027-04-12T02:00Z",
        )  # fmt: skip
    make.organisation(hidden, "Draftworks")
    searching.rebuild_all()
    for query in ("batteryopening", "firmo", "yangtze", "publictalk"):
        assert found(NOBODY, query), query
    for query in ("draftopening", "draftedition", "drafttalk", "draftworks", "dora"):
        assert not found(NOBODY, query), query
        assert not found(world.press, query), query
    assert found(world.desk, "draftopening") == {draft.title.texts()["en"]}
    assert not found(world.other, "draftopening")
    assert found(world.desk, "dora") and not found(world.other, "dora")
    assert found(SYSTEM, "draft") == {"Draftopening", "Draftedition", "Drafttalk", "Draftworks"}
    # By the venue's clock, whatever zone the page of all conferences has.
    ((_source, (talk,)),) = find_everywhere(NOBODY, "publictalk")
    assert talk.detail == "12 Apr 2027, 09:00 (Shanghai)"
    # Inside one conference nothing of another is shown.
    assert not found(SYSTEM, "batteryopening", edition=hidden.pk)
    assert found(SYSTEM, "batteryopening", edition=edition.pk) == {str(opened.title)}


def test_a_meeting_is_found_by_its_two_sides_alone() -> None:
    from talex.meetings.models import Meeting, MeetingRequest
    from talex.meetings.services import AskedMeeting, request_meetings

    world = World()
    delegate = world.desk.persons()
    request_meetings(
        SYSTEM,
        world.edition,
        [
            AskedMeeting(
                "opening", world.firm.pk, TranslatedText.of("Meetingsubject"), world.firm.pk,
                (world.talent.person_id,), tuple(delegate), "office",
            )
        ],
    )  # fmt: skip
    meeting = fair.held_meeting(MeetingRequest.objects.get())
    searching.rebuild_all()
    for query in ("meetingsubject", "王伟", "dora meetings"):
        for actor in (world.own, world.desk, world.office, world.auditor):
            assert "Meetingsubject" in found(actor, query), query
        for actor in (world.other, world.press, world.partner, world.outsider, NOBODY):
            assert "Meetingsubject" not in found(actor, query), query
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled", table=None)
    assert "Meetingsubject" not in found(world.office, "meetingsubject")


@pytest.mark.django_db(transaction=True)
def test_it_follows_what_is_changed() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada")
    follow()
    assert found(SYSTEM, "ada") == {"Ada"}
    services.update_talent(
        SYSTEM, UpdateTalent(talent=talent.pk, changes={"institution": "Novum", "skills": ["x1y"]})
    )
    assert not found(SYSTEM, "novum")
    follow()
    assert found(SYSTEM, "novum x1y") == {"Ada"}
    services.update_talent(SYSTEM, UpdateTalent(talent=talent.pk, changes={"institution": ""}))
    follow()
    assert not found(SYSTEM, "novum")


@pytest.mark.django_db(transaction=True)
def test_many_changes_at_once_are_written_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    from talex.core.models import Job
    from talex.core.work import work

    monkeypatch.setattr(searching, "AT_ONCE", 3)
    edition = make.edition()
    with work():
        for number in range(5):
            make.talent(edition, f"Many{number}")
    outbox.deliver()
    assert Job.objects.filter(kind=searching.REBUILD).count() == 1
    assert not found(SYSTEM, "many")
    run_pending()
    assert len(found(SYSTEM, "many")) == 5


def test_who_is_erased_is_found_no_more_at_once_and_never_again() -> None:
    world = World()
    assert world.sees(SYSTEM) == (YES, YES)
    services.erase_person(SYSTEM, ErasePerson(person=world.talent.person_id))
    assert not SearchDocument.objects.filter(object_id=world.talent.pk).exists()
    for query in (*world.PROFILE, *world.CONTACT):
        assert not found(SYSTEM, query), query
    if connection.vendor == "sqlite":  # nor do its words stay in the index
        from talex.core.search.words import words_of

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM core_search_words WHERE core_search_words MATCH %s",
                [f'"{words_of("Quastuniversity")[0]}"'],
            )
            assert cursor.fetchone()[0] == 0
            word = words_of("Quastuniversity")[0].encode()
            # Deleted rows are only marked, until the index is cleared.
            assert searching.purge()
            cursor.execute("SELECT block FROM core_search_words_data")
            assert not any(word in bytes(block) for (block,) in cursor.fetchall())
    searching.rebuild_all()
    for query in (*world.PROFILE, *world.CONTACT):
        assert not found(SYSTEM, query), query


def test_a_rebuilding_forgets_what_is_gone() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada")
    searching.rebuild_all()
    before = SearchDocument.objects.count()
    Talent.objects.filter(pk=talent.pk).delete()
    searching.rebuild_all()
    assert SearchDocument.objects.count() == before - 1
    assert searching.rebuild_all() == searching.rebuild_all()  # twice does no harm


def test_a_hit_in_the_title_stands_first() -> None:
    edition = make.edition()
    firm = make.organisation(edition, "Firm")
    fair.opening(edition, firm, "Cook", skills=["laser"] * 1, description=TranslatedText.of("a b"))
    fair.opening(edition, firm, "Laser engineer")
    searching.rebuild_all()
    ((_name, hits),) = find_everywhere(SYSTEM, "laser")
    assert [hit.title for hit in hits] == ["Laser engineer", "Cook"]


def _client(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def test_through_the_page_its_part_and_the_api() -> None:
    world = World()
    page = reverse("web:edition_search", kwargs={"edition": world.edition.slug})
    office, desk = _client(world.office), _client(world.desk)
    whole = office.get(page, {"q": "王伟"}).content.decode()
    assert "<html" in whole and "data-hit" in whole and "王伟" in whole
    part = office.get(page, {"q": "王伟"}, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part and "data-hit" in part
    for client, many in ((office, 1), (desk, 0)):
        assert client.get(page, {"q": "skillax"}).content.decode().count("data-hit>") == many
        assert len(client.get("/api/search", {"q": "skillax"}).json()) == many
    assert office.get("/api/search").json() == []
    assert office.get(reverse("web:search")).status_code == 200
    assert Client().get(reverse("web:search"), {"q": "firmo"}).content.decode().count("Firmo") >= 1
    # Every page has the button and the dialog behind it.
    home = office.get("/").content.decode()
    assert 'id="search-dialog"' in home and "data-search" in home


def test_as_many_statements_for_many_as_for_one(django_assert_max_num_queries: Any) -> None:
    edition = make.edition()
    firm = make.organisation(edition, "Firm")
    for number in range(12):
        fair.opening(edition, firm, f"Laser {number}")
        make.talent(edition, f"Laser {number}")
    searching.rebuild_all()
    with django_assert_max_num_queries(24):
        assert len(find_everywhere(SYSTEM, "laser", each=12)) == 2


@pytest.mark.django_db(transaction=True)
def test_through_the_command_line() -> None:
    edition = make.edition()
    make.talent(edition, "王伟")
    Organisation.objects.all().delete()
    run = CliRunner()
    told = json.loads(run.invoke(group, ["search", "--rebuild", "--json"]).stdout)
    assert told["participants.talents"] == 1
    rows = json.loads(run.invoke(group, ["search", "王伟", "--json"]).stdout)
    assert [row["title"] for row in rows] == ["王伟"]
    there = ["search", "王伟", "--json", "--edition"]
    assert json.loads(run.invoke(group, [*there, edition.slug]).stdout) == rows
    assert run.invoke(group, [*there, "nowhere"]).exit_code == 4
    assert run.invoke(group, ["search"]).exit_code == 2
    assert Edition.objects.count() == 1
