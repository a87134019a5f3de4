"""The published list: frozen versions, what changed, JobPosting, files, withdrawn openings."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.translated import TranslatedText
from talex.fair.models import Opening, Suspension
from talex.fair.publishing import jsonld, queries, services
from talex.fair.publishing.models import Entry, PublishedList, Wording
from talex.ledger.models import Entry as LedgerEntry
from talex.participants.models import Participation
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


class World:
    def __init__(self) -> None:
        self.edition = make.edition()
        self.office = make.office(self.edition)
        self.company = make.organisation(
            self.edition, "长江汽车", region="武汉市", website="https://cj.example.org"
        )
        self.opening = make.opening(
            self.edition, self.company,
            text=TranslatedText({"en": "Battery engineer", "zh-hans": "电池工程师"}),
            description=TranslatedText.of("Build packs.\n\nMail hr@example.org or 13812345678."),
            region="武汉市", industry="automotive", headcount=2, degree_required="master",
            experience_min=2.5, skills=["cells", "=cmd|'/c calc'!A0"],
            pay={"low": "12000", "high": "18000", "currency": "CNY", "period": "month"},
            closes_on=date(2027, 4, 10), starts_on=date(2027, 9, 1),
            source_text={"Contact": "Ms Li, li@example.org"},
        )  # fmt: skip

    def publish(self, **values: Any) -> PublishedList:
        return services.publish(self.office, self.edition, services.Publish(**values))

    def at(self, name: str, **more: Any) -> str:
        return reverse(f"publishing:{name}", kwargs={"edition": self.edition.slug, **more})

    def page(self, name: str = "latest", language: str = "en", **more: Any) -> Any:
        client = Client()
        client.cookies["talex_language"] = language
        return client.get(self.at(name, **more))


@pytest.fixture
def world() -> World:
    return World()


def entry(world: World) -> Entry:
    return Entry.objects.select_related("wording").order_by("-published__number").first()  # type: ignore[return-value]


def test_versions_say_what_changed_and_do_not_change(world: World) -> None:
    gone = make.opening(world.edition, world.company, "Fitter")
    make.opening(world.edition, world.company, "Draft", state="draft")
    first = world.publish(note=TranslatedText.of("The first"))
    assert (first.number, first.count, first.added, first.withdrawn) == (1, 2, 2, 0)
    with pytest.raises(Conflict, match="Nothing has changed since version 1"):
        world.publish()
    Opening.objects.filter(pk=world.opening.pk).update(region="上海市", mode="online")
    Opening.objects.filter(pk=gone.pk).update(state="closed")
    make.opening(world.edition, world.company, "Chemist")
    second = world.publish(after=1)
    assert (second.number, second.count) == (2, 2)
    assert (second.added, second.changed, second.withdrawn) == (1, 1, 1)
    assert second.entries.get(opening=world.opening.pk).fields == ["region"]
    assert first.entries.get(opening=world.opening.pk).wording.region == "武汉市"
    assert Wording.objects.count() == 4  # what stays the same is kept once
    assert not list(services.faults(first)) and not list(services.faults(second))
    recorded = [e for e in LedgerEntry.objects.all() if e.event == "fair.list.published"]
    assert len(recorded) == 2
    assert second.digest in str(recorded[-1].canonical)
    # The third says nothing of what was withdrawn before.
    Opening.objects.filter(pk=world.opening.pk).update(region="武汉市")
    third = world.publish()
    assert (third.changed, third.withdrawn, third.count) == (1, 0, 2)
    Wording.objects.filter(region="上海市").update(content={"region": "x"})
    with pytest.raises(KeyError):
        list(queries.shown(second.entries.select_related("wording")))
    assert str(world.opening.pk) in set(services.faults(second))


def test_only_the_office_publishes_what_is_open(world: World) -> None:
    with pytest.raises(NotAllowed):
        services.publish(Actor(), world.edition, services.Publish())
    delegate = make.as_delegate(make.delegate(world.edition, world.company))
    with pytest.raises(NotAllowed):
        services.publish(delegate, world.edition, services.Publish())
    with pytest.raises(Invalid):
        world.publish(note=TranslatedText.of("x" * 2001))
    with pytest.raises(Conflict):
        world.publish(after=3)
    Opening.objects.update(state="draft")
    with pytest.raises(Conflict, match="nothing to publish"):
        world.publish()


def test_what_is_public_holds_no_contact(world: World) -> None:
    world.publish()
    text = json.dumps(entry(world).wording.content, ensure_ascii=False)
    for private in ("hr@example.org", "13812345678", "Ms Li", "li@example.org", "interviews"):
        assert private not in text
    for name in ("latest", "jsonld"):
        kind = {"number": None} if name == "jsonld" else {}
        assert "hr@example" not in world.page(name, **kind).content.decode()


#: Google's documentation of JobPosting: required, and recommended where it is known.
REQUIRED = {"title", "description", "datePosted", "hiringOrganization"}
TYPES = {
    "FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER",
}  # fmt: skip
CREDENTIALS = {
    "high school", "associate degree", "bachelor degree", "professional certificate",
    "postgraduate degree",
}  # fmt: skip
ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?")


def check(posting: dict[str, Any]) -> None:
    """What the documentation asks for."""
    assert posting["@type"] == "JobPosting"
    assert posting.keys() >= REQUIRED
    assert posting["title"] and posting["description"] != posting["title"]
    assert "<p>" in posting["description"]
    assert ISO.fullmatch(posting["datePosted"]) and ISO.fullmatch(posting["validThrough"])
    employer = posting["hiringOrganization"]
    assert employer["@type"] == "Organization" and employer["name"]
    if posting.get("jobLocationType"):
        assert posting["jobLocationType"] == "TELECOMMUTE"
        assert posting["applicantLocationRequirements"]["@type"] == "Country"
        assert posting["applicantLocationRequirements"]["name"]
    else:
        place = posting["jobLocation"]
        assert place["@type"] == "Place" and place["address"]["@type"] == "PostalAddress"
        assert re.fullmatch("[A-Z]{2}", place["address"]["addressCountry"])
    if pay := posting.get("baseSalary"):
        assert pay["@type"] == "MonetaryAmount" and re.fullmatch("[A-Z]{3}", pay["currency"])
        value = pay["value"]
        assert value["@type"] == "QuantitativeValue"
        assert value["unitText"] in {"HOUR", "DAY", "WEEK", "MONTH", "YEAR"}
        amounts = [value[name] for name in ("value", "minValue", "maxValue") if name in value]
        assert amounts and all(isinstance(one, int | float) for one in amounts)
    assert set(posting.get("employmentType", [])) <= TYPES
    asked = posting.get("educationRequirements", {})
    if isinstance(asked, dict) and asked:
        assert asked["@type"] == "EducationalOccupationalCredential"
        assert asked["credentialCategory"] in CREDENTIALS
    years = posting.get("experienceRequirements", {})
    if isinstance(years, dict) and years:
        assert years["@type"] == "OccupationalExperienceRequirements"
        assert isinstance(years["monthsOfExperience"], int)
    assert posting["identifier"]["@type"] == "PropertyValue"
    assert posting["url"].startswith("http")


def posting_of(world: World, **values: Any) -> dict[str, Any]:
    for name, value in values.items():
        setattr(world.opening, name, value)
    world.opening.save()
    world.publish()
    found = jsonld.job_posting(world.edition, entry(world))
    check(found)
    return found


def test_an_opening_is_a_job_posting(world: World) -> None:
    found = posting_of(world)
    assert found["baseSalary"]["value"] == {
        "@type": "QuantitativeValue", "unitText": "MONTH", "minValue": 12000, "maxValue": 18000,
    }  # fmt: skip
    assert found["jobLocation"]["address"] == {
        "@type": "PostalAddress", "addressCountry": "CN", "addressLocality": "武汉市",
    }  # fmt: skip
    assert found["validThrough"] == "2027-04-10T23:59:59+08:00"
    assert found["datePosted"] == "2027-04-01"
    assert found["hiringOrganization"]["sameAs"] == "https://cj.example.org"
    assert found["experienceRequirements"]["monthsOfExperience"] == 30
    assert found["totalJobOpenings"] == 2
    assert "employmentType" not in found  # whether it is full time is not said


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"region": "Remote, Germany"},
         {"applicantLocationRequirements": {"@type": "Country", "name": "DE"}}),
        ({"region": "München, Deutschland"}, {"jobLocation": {"@type": "Place", "address": {
            "@type": "PostalAddress", "addressCountry": "DE", "addressLocality": "München"}}}),
        ({"kind": "project"}, {"employmentType": ["CONTRACTOR"]}),
        ({"kind": "postdoc"}, {"employmentType": ["TEMPORARY"]}),
        ({"ends_on": date(2028, 1, 1)}, {"employmentType": ["TEMPORARY"]}),
        ({"closes_on": None}, {"validThrough": "2027-04-21T23:59:59+08:00"}),
        ({"experience_min": 0.0}, {"experienceRequirements": "no requirements"}),
        ({"degree_required": "none"}, {"educationRequirements": "no requirements"}),
        ({"description": TranslatedText()}, {}),
        ({"pay": {}}, {}),
        ({"pay": {"low": "9.5", "currency": "EUR", "period": "hour"}}, {}),
        ({"pay": {"high": "9", "currency": "EUR", "period": "project"}}, {}),
        ({"region": ""}, {}),
    ],
)  # fmt: skip
def test_every_sort_of_opening_is_a_valid_posting(
    world: World, values: dict[str, Any], wanted: dict[str, Any]
) -> None:
    found = posting_of(world, **values)
    assert {name: found[name] for name in wanted} == wanted
    if values.get("pay") in ({}, {"high": "9", "currency": "EUR", "period": "project"}):
        assert "baseSalary" not in found


def test_everybody_sees_the_list_in_three_languages(world: World) -> None:
    assert world.page().status_code == 200  # before there is one
    world.publish()
    for language, title in (("en", "Battery engineer"), ("zh-hans", "电池工程师")):
        answer = world.page(language=language)
        assert answer.status_code == 200
        assert title in answer.content.decode()
    assert world.page(language="de").status_code == 200
    assert world.page("version", number=1).status_code == 200
    assert world.page("version", number=2).status_code in (302, 404)
    assert world.page("changes", number=None).status_code == 200
    assert world.page("versions").status_code in (302, 403)
    for query, count in (
        ("q=电池", 1), ("q=nurse", 0), ("place=武汉", 1), ("place=Berlin", 0), ("employer=长江", 1),
        ("field=automotive", 1), ("field=steel", 0), ("kind=job", 1), ("kind=postdoc", 0),
    ):  # fmt: skip
        shown = Client().get(world.at("latest") + "?" + query).content.decode()
        assert shown.count("<article") == count, query


def test_an_opening_has_a_page_with_its_posting_until_it_is_withdrawn(world: World) -> None:
    world.opening.title = TranslatedText.of("</script><script>alert(1)</script> & engineer")
    posting_of(world)
    answer = world.page("opening", pk=world.opening.pk)
    body = answer.content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    read = json.loads(block)
    assert read["@context"] == "https://schema.org/"
    assert read["title"] == "</script><script>alert(1)</script> & engineer"
    assert "<script>alert" not in body
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    # Closed: gone at once, not with the next version.
    Opening.objects.update(state="closed")
    assert world.page("opening", pk=world.opening.pk).status_code == 410
    feed = json.loads(world.page("jsonld", number=1).content)
    assert feed["itemListElement"] == []
    assert "Withdrawn since" in world.page("version", number=1).content.decode()
    make.opening(world.edition, world.company, "Another")
    world.publish()
    Opening.objects.update(state="open")
    # Open again, but no list offers it: the newest version withdrew it.
    gone = world.page("opening", language="de", pk=world.opening.pk)
    assert gone.status_code == 410
    assert world.page("opening", pk=world.company.pk).status_code in (302, 404)


def test_a_closed_conference_is_shown_and_a_draft_to_nobody(world: World) -> None:
    world.publish()
    world.edition.state = "draft"
    world.edition.save()
    for name, more in (("latest", {}), ("xlsx", {"number": None}), ("jsonld", {"number": 1})):
        assert world.page(name, **more).status_code in (302, 404)


def test_the_feed_is_a_list_of_postings(world: World) -> None:
    make.opening(world.edition, world.company, "Chemist")
    world.publish()
    answer = Client().get(world.at("jsonld", number=None) + "?language=zh-hans")
    assert answer["Content-Type"] == "application/ld+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert (feed["@type"], feed["numberOfItems"]) == ("ItemList", 2)
    assert [one["position"] for one in feed["itemListElement"]] == [1, 2]
    for one in feed["itemListElement"]:
        check(one["item"])
    assert "电池工程师" in answer.content.decode()


def test_the_table_is_safe_and_keeps_chinese(world: World) -> None:
    world.publish()
    answer = world.page("xlsx", language="zh-hans", number=None)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    _head, row = list(sheet.iter_rows())
    assert [row[0].value, row[1].value] == ["电池工程师", "长江汽车"]
    assert row[8].value == "cells, =cmd|'/c calc'!A0"
    assert {cell.data_type for cell in row} <= {"s", "n", "d"}  # no formula
    assert "attachment" in answer["Content-Disposition"]


def test_a_list_of_many_asks_the_database_as_often_as_one_of_few(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        make.opening(world.edition, world.company, f"Post {n}")
    with django_assert_max_num_queries(40):
        world.publish()
    with django_assert_max_num_queries(25):
        world.page()
    with django_assert_max_num_queries(15):
        world.page("jsonld", number=None)


def test_a_version_that_is_not_there_is_not_there(world: World) -> None:
    assert world.page("version", number=9).status_code == 404
    world.publish()
    for name in ("version", "changes", "xlsx", "jsonld"):
        page = world.page(name, number=9)
        assert page.status_code == 404
        assert "no such version" in page.content.decode()
    assert world.page("version", number=1).status_code == 200


def test_a_new_version_leaves_out_what_nobody_can_ask_for_any_more(world: World) -> None:
    late = make.opening(world.edition, world.company, "Fitter", closes_on=clock.now().date())
    assert world.publish().count == 2
    Opening.objects.filter(pk=late.pk).update(closes_on=clock.now().date() - timedelta(days=2))
    second = world.publish(after=1)
    assert (second.count, second.withdrawn) == (1, 1)


def test_the_conferences_own_page_leads_to_the_list(world: World) -> None:
    front = reverse("editions:landing", kwargs={"edition": world.edition.slug})
    assert world.at("latest") not in Client().get(front).content.decode()
    world.publish()
    assert world.at("latest") in Client().get(front).content.decode()


@pytest.mark.parametrize("how", ["suspended", "refused", "taken out"])
def test_page_table_and_feed_offer_nothing_of_an_organisation_that_is_out(
    world: World, how: str
) -> None:
    other = make.organisation(world.edition, "Lakeside Clinic")
    stays = make.opening(world.edition, other, "Nurse")
    world.publish()
    if how == "suspended":
        Suspension.objects.create(
            edition=world.edition, organisation=world.company, reason="Fake.", made_by="x"
        )
    elif how == "refused":
        Participation.objects.filter(organisation=world.company).update(pending_since=clock.now())
    else:
        # It takes part elsewhere still.
        Participation.objects.filter(organisation=world.company).update(withdrawn_at=clock.now())
        Participation.objects.create(organisation=world.company, edition=make.edition())
    # Whatever its state came to be.
    assert Opening.objects.get(pk=world.opening.pk).state == "open"
    page = world.page().content.decode()
    assert "Nurse" in page and "Battery engineer" not in page
    assert "1 opening ·" in page
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(world.page("xlsx", number=1).streaming_content))
    )
    assert [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)] == ["Nurse"]
    feed = json.loads(world.page("jsonld", number=1).content)
    assert [one["item"]["title"] for one in feed["itemListElement"]] == ["Nurse"]
    assert world.page("opening", pk=world.opening.pk).status_code == 410
    assert queries.living([world.opening.pk, stays.pk]) == {stays.pk}
    found = Client().get(f"/api/editions/{world.edition.slug}/opening-lists/latest/entries").json()
    assert {one["opening"]: one["gone"] for one in found} == {
        str(world.opening.pk): True,
        str(stays.pk): False,
    }
    # That something was published, and is withdrawn with the next version, stays said; not what.
    Opening.objects.filter(pk=world.opening.pk).update(state="closed")
    world.publish()
    for number, others in ((1, "Nurse"), (2, "")):
        told = world.page("changes", number=number).content.decode()
        assert "Battery engineer" not in told and str(world.company.name) not in told
        assert others in told and "1 opening of organisations that take no part any more" in told


def test_what_changed_is_told_from_what_to_what(world: World) -> None:
    world.publish()
    Opening.objects.filter(pk=world.opening.pk).update(
        region="上海市", headcount=3, description=TranslatedText.of("Something else.")
    )
    second = world.publish()
    rows = queries.altered(second, second.entries.select_related("wording"))[world.opening.pk]
    assert {str(one.label): (one.before, one.after) for one in rows} == {
        "Description": ("", ""), "People looked for": ("2", "3"),
        "Place": ("Wuhan (武汉市)", "Shanghai (上海市)"),
    }  # fmt: skip
    text = world.page("changes", number=2).content.decode()
    assert "People looked for: 2" in text and "Something else." not in text
