"""Openings from files name organisations in any of their languages; who is made is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from talex.core.actor import SYSTEM
from talex.core.jobs import run_pending
from talex.core.translated import TranslatedText
from talex.editions.models import RoleGrant
from talex.fair.importing import OpeningMaker
from talex.fair.models import Opening
from talex.participants import services
from talex.participants.commands import CreateOrganisation, OrganisationFacts
from talex.participants.importing.models import Import, StagedRow
from talex.participants.models import Organisation, Participation
from tests.participants import factories as make
from tests.participants.importing import flow

pytestmark = pytest.mark.django_db

GERMAN, ENGLISH = "Talentbüro Neustadt Yihe", "Yihe New Area Talent Office"
CHINESE = "翊禾新区人才工作局"
HEADINGS = "职位名称,单位,人数,学历,薪资\n"


@pytest.fixture
def where() -> Any:
    return flow.edition()


def organisation(where: Any, **names: str) -> Organisation:
    facts = OrganisationFacts(
        name=TranslatedText({k.replace("_", "-"): v for k, v in names.items()})
    )
    return services.create_organisation(SYSTEM, CreateOrganisation(edition=where.pk, facts=facts))


@pytest.fixture
def office(where: Any) -> Organisation:
    return organisation(where, de=GERMAN, en=ENGLISH, zh_hans=CHINESE)


def file(tmp_path: Path, *names: str) -> Path:
    rows = "".join(f"工程师{n},{name},2,硕士,15-20K\n" for n, name in enumerate(names))
    path = tmp_path / "openings.csv"
    path.write_text(HEADINGS + rows, "utf-8")
    return path


@pytest.mark.parametrize("name", [CHINESE, ENGLISH, GERMAN, "YIHE New Area Talent-Office Ltd."])
def test_an_organisation_is_found_by_its_name_in_any_language(
    where: Any, office: Organisation, tmp_path: Path, name: str
) -> None:
    one = flow.preview(where, file(tmp_path, name), "opening")
    assert "organisation_made" not in one.rows.get().codes
    flow.apply(one)
    assert Organisation.objects.get() == office == Opening.objects.get().organisation
    assert one.rows.count() == 0 and Participation.objects.count() == 1
    assert one.result["created"].get("participants.organisation", 0) == 0


def test_of_namesakes_who_takes_part_is_meant_then_the_oldest(
    where: Any, office: Organisation, tmp_path: Path
) -> None:
    # As the import made it before it knew all languages.
    second = organisation(where, zh_hans=CHINESE)
    flow.apply(flow.preview(where, file(tmp_path, CHINESE), "opening"))
    assert Opening.objects.get().organisation == office
    Participation.objects.filter(organisation=office).delete()
    flow.apply(flow.preview(where, file(tmp_path, CHINESE, CHINESE), "opening", source="b"))
    assert {one.organisation for one in Opening.objects.filter(source="b")} == {second}


def test_who_gets_the_name_while_the_rows_are_made_is_no_second_one(
    where: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = flow.preview(where, file(tmp_path, CHINESE), "opening")
    conclude, came = OpeningMaker.conclude, list[Organisation]()

    def late(maker: OpeningMaker) -> Any:
        if not came:
            came.append(organisation(where, de=GERMAN, zh_hans=CHINESE))
        return conclude(maker)

    monkeypatch.setattr(OpeningMaker, "conclude", late)
    flow.apply(one)
    assert Organisation.objects.filter(name_line__contains=CHINESE).count() <= 1


def test_rows_read_the_names_of_organisations_once(
    where: Any, office: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talex.participants.importing import staging
    from talex.participants.services.known_organisations import OtherNames

    read: list[OtherNames] = []
    init = OtherNames.__init__
    monkeypatch.setattr(OtherNames, "__init__", lambda self: (read.append(self), init(self))[1])
    monkeypatch.setattr(staging, "CHUNK", 2)
    one = flow.preview(where, file(tmp_path, *[CHINESE, ENGLISH, "Lakeside Clinic"] * 4), "opening")
    assert len(read) == 1
    flow.apply(one)
    assert len(read) == 2
    assert Organisation.objects.count() == 2 and Opening.objects.count() == 12


def signed_in(where: Any, language: str) -> Client:
    account = make.user(language=language)
    RoleGrant.objects.create(user=account, edition=where, role="organiser")
    client = Client()
    client.force_login(account)
    return client


def test_the_pages_say_who_is_made_and_who_was(
    where: Any, office: Organisation, tmp_path: Path
) -> None:
    client = signed_in(where, "en")
    path = file(tmp_path, CHINESE, "Lakeside Clinic", "LAKESIDE clinic", "Harbour & Sons")
    content = SimpleUploadedFile("openings.csv", path.read_bytes())
    new = reverse("importing:new", kwargs={"edition": where.slug})
    client.post(new, {"target": "opening", "source": "list", "file": content})
    one = flow.read(Import.objects.get())
    page = reverse("importing:import", kwargs={"edition": where.slug, "pk": one.pk})
    text = client.get(page).content.decode()
    assert "This import makes 2 organisations: Lakeside Clinic, Harbour &amp; Sons." in text
    assert StagedRow.objects.filter(codes__contains=" organisation_made ").count() == 3
    narrowed = client.get(f"{page}?code=organisation_made").content.decode()
    assert (
        "&#x27;Lakeside Clinic&#x27; is not known yet: it is made along with this row" in narrowed
    )
    for language, said in (("de", "2 Organisationen"), ("zh-hans", "2 个单位")):
        assert said in signed_in(where, language).get(page).content.decode()

    # Who is left out makes nobody.
    decide = reverse(
        "importing:decide_row", kwargs={"edition": where.slug, "pk": one.pk, "number": 5}
    )
    client.post(decide, {"act": "exclude"})
    text = client.get(page).content.decode()
    assert "This import makes 1 organisation: Lakeside Clinic." in text

    one.refresh_from_db()
    apply = reverse("importing:apply", kwargs={"edition": where.slug, "pk": one.pk})
    client.post(apply, {"revision": one.revision})
    run_pending()
    text = client.get(page).content.decode()
    assert "1 organisation that rows name was not known and was made." in text
    assert "Organisations made" in text
    assert Organisation.objects.count() == 2


def test_where_everybody_is_known_nothing_is_said(
    where: Any, office: Organisation, tmp_path: Path
) -> None:
    client = signed_in(where, "en")
    one = flow.preview(where, file(tmp_path, CHINESE), "opening")
    page = reverse("importing:import", kwargs={"edition": where.slug, "pk": one.pk})
    assert "This import makes" not in client.get(page).content.decode()
    flow.apply(one)
    text = client.get(page).content.decode()
    assert "Organisations made" not in text and "was made" not in text


def test_many_new_ones_are_counted_and_the_first_named(where: Any, tmp_path: Path) -> None:
    one = flow.preview(where, file(tmp_path, *(f"Clinic {n}" for n in range(7))), "opening")
    page = reverse("importing:import", kwargs={"edition": where.slug, "pk": one.pk})
    text = signed_in(where, "en").get(page).content.decode()
    named = ", ".join(f"Clinic {n}" for n in range(5))
    assert f"This import makes 7 organisations, among them: {named}." in text


def test_a_name_that_says_how_to_reach_somebody_makes_nobody(where: Any, tmp_path: Path) -> None:
    """It stands in every list; the row keeps it as the text it was, and is a draft."""
    named = "Acme 138 1234 5678"
    one = flow.preview(where, file(tmp_path, named, "Beta hr@beta.de", "Gamma"), "opening")
    assert [row.kept.get("单位") for row in one.rows.order_by("number")] == [
        named, "Beta hr@beta.de", None,
    ]  # fmt: skip
    flow.apply(one)
    assert not Organisation.objects.filter(name_line__regex="Acme|Beta").exists()
    draft = Opening.objects.get(title_line__contains="0")
    assert (draft.state, draft.source_text["单位"]) == ("draft", named)
