"""The files that people really have, as they are, to the objects they become.

Skipped, with the reason, where the files are not beside the checkout.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from talex.core.actor import SYSTEM
from talex.fair.models import Opening
from talex.participants.importing import queries, services
from talex.participants.models import Organisation, Participation, SourceRow, Talent
from tests.participants.importing import flow
from tests.real_files import OPENINGS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_962_resumes_are_166_people(real_files: Path) -> None:
    where = flow.edition()
    one = flow.preview(where, real_files / "talents-en-resumes.csv", source="resumes")
    summary = queries.summary(one)
    assert (summary.total, summary.distinct) == (962, 166)
    assert (summary.identical_groups, summary.identical_rows) == (162, 958)
    assert not summary.can_apply
    services.merge_identical(SYSTEM, services.MergeIdentical(one.pk))
    flow.apply(one)
    assert Talent.objects.count() == 166 and SourceRow.objects.count() == 962
    again = flow.preview(where, real_files / "talents-en-resumes.csv", source="resumes")
    assert queries.summary(again).states["known"] == 962


@pytest.mark.parametrize("name", OPENINGS)
def test_every_advertisement_becomes_an_opening(real_files: Path, name: str) -> None:
    known = OPENINGS[name]
    rows, nothing = known.rows, known.nothing
    where = flow.edition()
    one = flow.preview(where, real_files / name, target="opening", source=name)
    summary = queries.summary(one)
    assert summary.total == rows
    assert summary.states["fault"] == summary.acceptable == nothing
    services.accept_rows(SYSTEM, services.AcceptRows(one.pk))
    one = flow.apply(one)
    assert one.result["created"]["fair.opening"] == Opening.objects.count() == rows
    understood = {field: count for field, _label, count, _kept in queries.understood(one)}
    assert understood["degree_required"] == known.degree
    assert understood["experience_required"] == known.years
    assert understood["pay"] == known.pay
    openings = Opening.objects.filter(edition=where)
    assert openings.exclude(degree_required="").count() == known.degree
    assert openings.filter(experience_min__isnull=False).count() == known.years
    assert openings.filter(state="draft").count() == nothing
    offering = Organisation.objects.filter(openings__isnull=False).distinct().count()
    assert offering == Organisation.objects.count() == Participation.objects.count()
    again = flow.preview(where, real_files / name, target="opening", source=name)
    assert queries.summary(again).states["known"] == rows
