"""Openings from files of organisations of which nothing opens at present: drafts, said before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.core.translated import TranslatedText
from talex.fair import services
from talex.fair.models import Opening
from talex.fair.services.bulk import OpeningRow, apply_openings
from talex.participants.identity import organisation_key
from talex.participants.importing.models import StagedRow
from talex.participants.models import Organisation, Participation
from tests.fair import factories as make
from tests.participants.importing import flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def where() -> Any:
    return flow.edition()


@pytest.fixture
def company(where: Any) -> Organisation:
    name = "Yangtze Motors"
    return make.organisation(where, name, name_key=organisation_key(name))


def suspend(where: Any, company: Organisation) -> None:
    services.suspend(
        make.office(where), where, services.Suspend("Fake posts.", organisation=company.pk)
    )


def wait(where: Any, company: Organisation) -> None:
    Participation.objects.filter(organisation=company).update(pending_since=clock.now())


def take_out(where: Any, company: Organisation) -> None:
    Participation.objects.filter(organisation=company).update(withdrawn_at=clock.now())


def file(tmp_path: Path) -> Path:
    path = tmp_path / "openings.csv"
    path.write_text("Job title,Company\nFitter,YANGTZE motors\nNurse,Lakeside Clinic\n", "utf-8")
    return path


def states() -> dict[str, str]:
    return {str(one.title): one.state for one in Opening.objects.all()}


@pytest.mark.parametrize("shut", [suspend, wait, take_out])
def test_they_come_in_as_drafts_and_the_preview_says_so(
    where: Any, company: Organisation, tmp_path: Path, shut: Any
) -> None:
    shut(where, company)
    one = flow.preview(where, file(tmp_path), "opening")
    codes = {row.number: row.codes for row in StagedRow.objects.filter(owner=one)}
    assert sum("opening_shut" in found for found in codes.values()) == 1
    flow.apply(one)
    assert states() == {"Fitter": "draft", "Nurse": "open"}
    assert Organisation.objects.filter(name_key=company.name_key).count() == 1


def test_whoever_is_suspended_after_the_preview_opens_nothing_either(
    where: Any, company: Organisation, tmp_path: Path
) -> None:
    one = flow.preview(where, file(tmp_path), "opening")
    suspend(where, company)
    flow.apply(one)
    assert states() == {"Fitter": "draft", "Nurse": "open"}


def test_whoever_is_suspended_while_the_rows_are_made_opens_nothing_either(
    where: Any, company: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talex.fair.importing import OpeningMaker

    one = flow.preview(where, file(tmp_path), "opening")
    conclude = OpeningMaker.conclude

    def late(maker: OpeningMaker) -> Any:
        suspend(where, company)
        return conclude(maker)

    monkeypatch.setattr(OpeningMaker, "conclude", late)
    flow.apply(one)
    assert states().get("Fitter") in (None, "draft")


def test_a_list_with_an_opening_of_a_suspended_one_is_refused_as_a_whole(
    where: Any, company: Organisation
) -> None:
    suspend(where, company)
    other = make.organisation(where, name="Lakeside Clinic")
    rows = [
        OpeningRow(organisation=one.pk, title=TranslatedText.of("Fitter"))
        for one in (other, company)
    ]
    with pytest.raises(Invalid, match="suspended") as found:
        apply_openings(SYSTEM, where.pk, rows)
    assert list(found.value.fields) == ["row 2.organisation"]
    assert not Opening.objects.exists()
    drafts = [OpeningRow(organisation=company.pk, title=TranslatedText.of("Fitter"), state="draft")]
    assert apply_openings(SYSTEM, where.pk, drafts).created == 1
