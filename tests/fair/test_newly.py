"""An opening that comes after the matching gets its proposals by itself."""

from __future__ import annotations

import pytest

from talex.core.actor import SYSTEM
from talex.core.jobs.delivery import run_pending
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.fair import newly
from talex.fair.models import Match, Opening
from talex.fair.proposing import solved, write_run
from talex.fair.services import openings
from talex.fair.services.matches import RunMatching
from talex.ledger.models import Entry
from tests.fair import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def offered(where: Edition, of: object, title: str, **values: object) -> Opening:
    command = openings.SaveOpening(
        of,  # type: ignore[arg-type]
        TranslatedText.of(title),
        state="open",
        **values,  # type: ignore[arg-type]
    )
    return openings.save_opening(SYSTEM, where, command)


def test_a_new_opening_is_matched_when_it_is_opened_and_only_then() -> None:
    where = make.edition()
    of = make.organisation(where)
    cook = make.talent(where, "C", current_position="Cook in a hotel")
    smith = make.talent(where, "S", current_position="Mechanical engineer")
    early = offered(where, of.pk, "Restaurant manager")
    run_pending()
    assert not Match.objects.exists()  # the first run is the office's
    command = RunMatching()
    made = solved(where, command)
    assert made is not None
    run = write_run(SYSTEM, where, command, made)
    before = set(Match.objects.values_list("pk", flat=True))
    late = offered(where, of.pk, "Machine designer", interviews_wanted=1)
    run_pending()
    [match] = Match.objects.filter(opening=late)
    assert (match.talent, match.run, match.state) == (smith, run, "proposed")
    assert {reason["part"] for reason in match.reasons} >= {"title", "skills"}
    assert before < set(Match.objects.values_list("pk", flat=True))
    assert Entry.objects.filter(event="fair.match.added").count() == 1
    assert newly.match_new(SYSTEM, where) == 0
    # Changed once more it is not new; what has been proposed stays with the office.
    openings.set_openings_state(SYSTEM, where, [early.pk], "closed")
    openings.set_openings_state(SYSTEM, where, [early.pk], "open")
    run_pending()
    assert Match.objects.filter(opening=late).count() == 1
    assert cook.pk != smith.pk


def test_a_long_list_is_left_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    where = make.edition()
    of = make.organisation(where)
    make.talent(where, current_position="Cook")
    offered(where, of.pk, "Cook")
    made = solved(where, RunMatching())
    assert made is not None
    write_run(SYSTEM, where, RunMatching(), made)
    monkeypatch.setattr(newly, "MOST", 1)
    for n in range(2):
        make.opening(where, of, f"Cook {n}")
    assert newly.waiting(where) == [] and newly.match_new(SYSTEM, where) == 0
