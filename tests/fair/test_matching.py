"""From records to proposals: what the engine is given, what is kept, what a second run does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from talex.core.errors import Invalid, NotAllowed
from talex.core.jobs import cancel, run_pending
from talex.core.models import Job, JobState
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.engine.matching import verify
from talex.fair import places, vectors
from talex.fair.matching import frame
from talex.fair.models import Match, MatchRun, TextVector
from talex.fair.proposing import solved, told_reasons, write_run
from talex.fair.services import RunMatching, reject_matches, start_matching
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


class Letters:
    """An embedder that needs no weights: which letters and signs a text has."""

    model_name = "letters/1"
    dimension = 64

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += texts
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for sign in text.lower():
                rows[row, ord(sign) % 64] += 1
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(length > 0, length, 1)


def small_fair(where: Edition) -> None:
    company = make.organisation(where, region="武汉市")
    for number in range(6):
        make.opening(
            where,
            company,
            f"Engineer {number}",
            skills=["Python", "BMS"],
            degree_required="master",
            languages=[{"code": "de", "level": "B2"}],
            industry="new_energy_vehicles",
        )
        make.talent(
            where,
            f"T{number}",
            current_position=f"Engineer {number}",
            skills=["Python"],
            degree_level="doctorate" if number % 2 else "bachelor",
            languages=[{"code": "de", "level": "native"}],
            wished_regions=["Wuhan"],
            wished_industries=["新能源汽车"],
        )


def test_records_become_the_engines_arrays() -> None:
    where = make.edition()
    company = make.organisation(where, region="武汉-洪山区", industries=["laser machinery"])
    make.opening(
        where,
        company,
        text=TranslatedText({"zh-hans": "激光工程师", "en": "Laser engineer"}),
        degree_required="none",
        experience_min=3.0,
        experience_max=5.0,
        languages=[{"code": "en", "level": None}, {"code": "zh", "level": "C1"}],
        headcount=2,
        mode="onsite",
        starts_on=date(2027, 9, 1),
    )
    make.opening(where, company, "draft", state="draft")
    make.opening(where, company, "over", closes_on=date(2000, 1, 1))
    make.talent(
        where,
        disciplines=["Optics"],
        skills=["CAD"],
        languages=[{"code": "zh", "level": "native"}],
        wished_regions=["Wuhan"],
        mode="online",
        experience_years=4,
    )
    make.talent(where, withdrawn_at=make.BEFORE)
    make.talent(where, erased_at=make.BEFORE)
    seen = Letters()
    found = frame(where, seen)
    assert found is not None
    talents, openings = found.problem.talents, found.problem.openings
    assert (len(talents), len(openings)) == (1, 1)
    assert found.languages == ["en", "zh"]
    # The mother tongue is named, so the list is complete: English is known to be missing.
    assert talents.languages.tolist() == [[0, 6]]
    assert openings.languages.tolist() == [[3, 5]]
    assert (openings.degree.tolist(), talents.degree.tolist()) == ([-1], [-1])
    assert openings.capacity.tolist() == [6]
    assert (talents.ways.tolist(), openings.ways.tolist()) == ([2], [1])
    assert (talents.regions @ openings.regions.T).sum() == 1
    assert np.isnat(talents.starts[0])
    assert openings.ends[0] == np.datetime64("2200-01-01")
    assert "Optics" in seen.seen
    assert found.industries == ["@laser"]


def test_unstated_languages_are_unknown_without_a_mother_tongue() -> None:
    where = make.edition()
    make.opening(where, make.organisation(where), languages=[{"code": "zh", "level": "C1"}])
    make.talent(where, languages=[{"code": "en", "level": "C1"}])
    found = frame(where, Letters())
    assert found is not None
    assert found.problem.talents.languages.tolist() == [[-1]]


def test_a_run_proposes_verifies_and_keeps_reasons() -> None:
    where = make.edition()
    small_fair(where)
    made = solved(where, RunMatching(per_talent=2), embedder=Letters())
    assert made is not None
    assert verify(made.frame.problem, made.solution).ok
    run = write_run(make.office(where), where, RunMatching(per_talent=2), made)
    rows = list(Match.objects.filter(run=run))
    # Only the doctorates reach the degree that is asked for.
    assert len(rows) == 6
    assert {row.talent.degree_level for row in rows} == {"doctorate"}
    for row in rows:
        total = sum(reason["weight"] for reason in row.reasons)
        assert total == pytest.approx(row.score, abs=0.002)
    by_part = {reason["part"]: reason for reason in rows[0].reasons}
    assert (by_part["degree"]["has"], by_part["degree"]["wanted"]) == ("doctorate", "master")
    assert by_part["language"]["languages"] == [["de", "C2", "B2"]]
    assert by_part["region"]["common"] == ["武汉市"] or by_part["region"]["common"] == ["Wuhan"]
    assert by_part["industry"]["common"] == ["@new-energy-vehicles"]
    assert by_part["skills"]["missing"] == ["BMS"]
    assert run.figures["verified"] is True
    assert run.figures["kept"] == 6


def test_a_second_run_replaces_what_nobody_decided_and_respects_what_somebody_did() -> None:
    where = make.edition()
    small_fair(where)
    office = make.office(where)
    command = RunMatching(per_talent=1)

    def go() -> MatchRun:
        made = solved(where, command, embedder=Letters())
        assert made is not None
        return write_run(office, where, command, made)

    go()
    first = Match.objects.filter(state="proposed").first()
    assert first is not None
    reject_matches(office, where, [first.pk])
    second = go()
    assert second.figures["replaced"] == 2
    pairs = set(Match.objects.filter(run=second).values_list("talent_id", "opening_id"))
    assert (first.talent_id, first.opening_id) not in pairs
    assert len(pairs) == 3
    third = go()
    assert not Match.objects.filter(state="superseded").exclude(run=second).exists()
    assert Match.objects.filter(run=third, state="proposed").count() == 3


def test_a_job_writes_once_however_often_it_runs() -> None:
    where = make.edition()
    small_fair(where)
    office, command = make.office(where), RunMatching()
    made = solved(where, command, embedder=Letters())
    assert made is not None
    job = make.uuid.uuid4()
    one = write_run(office, where, command, made, job=job)
    two = write_run(office, where, command, made, job=job)
    assert one.pk == two.pk
    assert MatchRun.objects.count() == 1


def test_what_is_closed_or_asked_for_meanwhile_is_left_out() -> None:
    where = make.edition()
    small_fair(where)
    command = RunMatching(per_talent=1)
    made = solved(where, command, embedder=Letters())
    assert made is not None
    j = made.solution.pairs[0][1]
    about = type(make.opening(where, make.organisation(where))).objects.get(
        pk=made.frame.openings[j]
    )
    about.state = "closed"
    about.save()
    run = write_run(make.office(where), where, command, made)
    assert run.figures["left_out"] == 1
    assert not Match.objects.filter(opening=about).exists()


def test_vectors_are_computed_once_and_equal_whether_new_or_kept() -> None:
    encoder = Letters()
    texts = ["battery", "", "电池", "battery"]
    first = vectors.embedded(texts, encoder)
    assert encoder.seen == ["battery", "电池"]
    again = vectors.embedded(texts, encoder)
    assert encoder.seen == ["battery", "电池"]
    assert np.array_equal(first, again)
    assert np.linalg.norm(first[[0, 2, 3]], axis=1) == pytest.approx(1, abs=1e-5)
    assert not first[1].any()
    assert TextVector.objects.count() == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wuhan", "武汉市"),
        ("Hubei Province", "湖北省"),
        ("Germany", "德国"),
        ("Deutschland", "德国"),
        ("München", "Munchen"),
        ("北京", "Beijing"),
        ("Xi'an", "西安"),
        ("内蒙古自治区", "内蒙古"),
        ("USA", "美国"),
    ],
)
def test_a_place_is_the_same_in_another_language(one: str, other: str) -> None:
    assert places.key(one) == places.key(other) != ""


def test_places_are_cut() -> None:
    assert places.parts("武汉-洪山区") == ["武汉", "洪山区"]
    assert places.parts("Hubei, China") == ["Hubei", "China"]
    assert places.parts("Baden-Württemberg") == ["Baden-Württemberg"]
    assert set(places.keys(["湖北 武汉", ""])) == {"hubei", "wuhan"}


def test_the_job_runs_with_progress_and_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    from talex.core.actor import SYSTEM
    from talex.fair import understanding

    monkeypatch.setattr(understanding, "base_embedder", Letters)
    where = make.edition()
    small_fair(where)
    job = start_matching(SYSTEM, where, RunMatching())
    assert run_pending() == 1
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    assert job.result["kept"] == Match.objects.count() > 0
    assert MatchRun.objects.get().job == job.pk


def test_a_cancelled_job_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from talex.core.actor import SYSTEM
    from talex.fair import understanding

    where = make.edition()
    small_fair(where)
    job = start_matching(SYSTEM, where, RunMatching())

    class Cancelling(Letters):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            cancel(SYSTEM, job.pk)
            return super().embed(texts)

    monkeypatch.setattr(understanding, "base_embedder", Cancelling)
    monkeypatch.setattr("talex.core.jobs.context.PACE", 0)
    run_pending()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not MatchRun.objects.exists()


def test_an_empty_fair_says_what_is_missing() -> None:
    from talex.core.actor import SYSTEM

    where = make.edition()
    job = start_matching(SYSTEM, where, RunMatching())
    run_pending()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "at least one talent" in job.error["message"]


def test_who_may_start_and_with_what() -> None:
    where = make.edition()
    with pytest.raises(NotAllowed):
        start_matching(make.as_talent(make.talent(where)), where, RunMatching())
    for command in (RunMatching(per_talent=0), RunMatching(minimum=1.0)):
        with pytest.raises(Invalid):
            start_matching(make.office(where), where, command)
    assert not Job.objects.exists()


def test_reasons_name_things_not_numbers() -> None:
    where = make.edition()
    small_fair(where)
    made = solved(where, RunMatching(), embedder=Letters())
    assert made is not None
    reasons = next(told_reasons(made.frame, made.solution.pairs[:1]))
    assert {reason["part"] for reason in reasons} == {
        "title", "skills", "skill_text", "degree", "experience", "language", "region",
        "industry", "dates",
    }  # fmt: skip
