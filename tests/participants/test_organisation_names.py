"""Lists of organisations know an organisation by its name in any of its languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.participants import services
from talex.participants.commands import UpdateOrganisation
from talex.participants.facts import Name
from talex.participants.importing.registry import Stale
from talex.participants.models import Delegate, Organisation, Participation
from talex.participants.services import waiting
from talex.participants.services.bulk_organisations import (
    DelegateRow,
    OrganisationRow,
    apply_organisations,
    prepare_organisations,
)
from tests.participants import factories as make
from tests.participants.importing import flow

pytestmark = pytest.mark.django_db

NAMES = {"de": "Talentbüro Yihe", "en": "Yihe Talent Office", "zh-hans": "翊禾新区人才工作局"}


def office(edition: object, names: dict[str, str] = NAMES) -> Organisation:
    made = make.organisation(edition, "Old name")  # type: ignore[arg-type]
    return services.update_organisation(
        SYSTEM,
        UpdateOrganisation(
            organisation=made.pk,
            edition=edition.pk,  # type: ignore[attr-defined]
            changes={"name": TranslatedText(names)},
        ),
    )


def row(names: dict[str, str] | str, **more: object) -> OrganisationRow:
    name = TranslatedText.of(names) if isinstance(names, str) else TranslatedText(names)
    return OrganisationRow(name=name, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", NAMES)
def test_a_known_one_is_met_by_each_of_its_names(language: str) -> None:
    edition, later = make.edition(), make.edition()
    known = office(edition)
    ann = DelegateRow(names=[Name("Ann")], email="ann@example.org")
    part = row("Part", parent_name=NAMES[language])
    told = apply_organisations(SYSTEM, later.pk, [row(NAMES[language], delegates=[ann]), part])
    assert told.created == 1
    assert Delegate.objects.get().organisation == known
    assert Organisation.objects.exclude(pk=known.pk).get().parent == known
    assert Participation.objects.filter(organisation=known, edition=later).exists()


def test_a_row_with_several_names_is_met_by_any_of_them() -> None:
    edition = make.edition()
    known = make.organisation(edition, NAMES["zh-hans"])
    assert apply_organisations(SYSTEM, edition.pk, [row(NAMES)]).created == 0
    assert Organisation.objects.get() == known


def test_the_number_decides_where_there_is_one() -> None:
    edition = make.edition()
    known = office(edition)
    Organisation.objects.filter(pk=known.pk).update(registration_number="HRB 1")
    other = row(NAMES["zh-hans"], registration_number="HRB 2")
    assert apply_organisations(SYSTEM, edition.pk, [other]).created == 1
    same = row("Another name", registration_number="HRB 1")
    assert apply_organisations(SYSTEM, edition.pk, [same]).created == 0


def test_whose_first_name_it_is_goes_before_and_several_are_nobody() -> None:
    edition = make.edition()
    office(edition)
    first = make.organisation(edition, NAMES["zh-hans"])
    ann = DelegateRow(names=[Name("Ann")])
    chinese = row(NAMES["zh-hans"], delegates=[ann])
    assert apply_organisations(SYSTEM, edition.pk, [chinese]).created == 0
    assert Delegate.objects.get().organisation == first
    office(edition)
    english = row(NAMES["en"])
    assert apply_organisations(SYSTEM, edition.pk, [english]).created == 1


@pytest.mark.parametrize("portion", [1, 2, 2000])
def test_rows_of_one_list_meet_by_any_name(portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PORTION", portion)
    edition = make.edition()
    rows = [
        row(NAMES["de"], region="de"),
        row({"de": NAMES["de"], "zh-hans": NAMES["zh-hans"]}),
        row(NAMES["zh-hans"], address="Street 1"),
        row("Part", parent_name=NAMES["zh-hans"], kind="institute"),
    ]
    assert apply_organisations(SYSTEM, edition.pk, rows).created == 2
    made = Organisation.objects.exclude(kind="institute").get()
    assert (made.region, made.address) == ("de", "Street 1")
    assert Organisation.objects.get(kind="institute").parent == made
    assert Participation.objects.count() == 2


def test_who_gets_the_name_meanwhile_is_no_second_one() -> None:
    edition = make.edition()
    rows = [row(NAMES["zh-hans"])]
    with prepare_organisations(SYSTEM, edition.pk, rows) as prepared:
        office(edition)
        with pytest.raises(Stale):
            prepared.apply()
    assert apply_organisations(SYSTEM, edition.pk, rows).created == 0


def test_the_preview_says_who_is_known_by_another_name(tmp_path: Path) -> None:
    edition = make.edition()
    office(edition)
    path = tmp_path / "organisations.csv"
    path.write_text(f"单位名称,地区\n{NAMES['zh-hans']},武汉\n长江汽车,武汉\n", "utf-8")
    one = flow.preview(edition, path, "organisation")
    codes = [row.codes for row in one.rows.order_by("number")]
    assert ["organisation_known" in found for found in codes] == [True, False]
    flow.apply(one)
    assert Organisation.objects.count() == 2
