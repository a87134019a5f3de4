"""Snapshots keep what was counted, and counting again says whether it still holds."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from talex.bulletin import comparing, freezing, queries
from talex.bulletin.definitions import BY_KEY
from talex.bulletin.models import Bulletin, Snapshot, SnapshotCell
from talex.bulletin.services import (
    FreezeSnapshot,
    ReleaseBulletin,
    WithdrawBulletin,
    freeze_snapshot,
    release_bulletin,
    withdraw_bulletin,
)
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.evidence.models import Evidence
from talex.evidence.services import WithdrawEvidence, count_as, withdraw
from talex.ledger.models import Entry, Head
from tests.bulletin.factories import actor, day, edition, reach, talent

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Edition:
    of = edition()
    for degree in ("doctorate", "doctorate", "master"):
        talent(of, degree=degree, rungs=("registered", "verified"))
    return of


def frozen(of: Edition, **more: object) -> Snapshot:
    with clock.at(day(5)):
        return freeze_snapshot(SYSTEM, FreezeSnapshot(edition=of.pk, **more))  # type: ignore[arg-type]


def test_a_snapshot_keeps_every_cell_and_stands_in_the_ledger(week: Edition) -> None:
    head = Head.objects.get(chain=str(week.pk))
    made = frozen(week, note="For the press")
    cells = queries.cells(made)
    assert cells["registered", "", ""] == 3
    assert cells["registered", "degree_level", "doctorate"] == 2
    assert cells["offer_accepted", "", ""] == 0
    assert (made.until, made.known, made.number) == (day(5), day(5), 1)
    assert (made.head_number, made.head_hash) == (head.number, head.hash)
    assert made.definitions[0]["key"] == "registered"
    assert set(made.definitions[0]["text"]) == {"en", "zh-hans", "de"}
    entry = Entry.objects.get(object_id=made.pk)
    assert entry.event == freezing.FROZEN
    assert made.digest in entry.canonical
    assert freezing.check(made).equal


def test_what_becomes_known_later_changes_no_snapshot(week: Edition) -> None:
    made = frozen(week)
    people = list(Evidence.objects.filter(rung="verified").values_list("subject_id", flat=True))
    row = Evidence.objects.get(rung="verified", subject_id=people[0])
    with clock.at(day(6)):
        reach(people[0], week, "interviewed", day(2))
        withdraw(SYSTEM, WithdrawEvidence(evidence=row.pk, reason="Not their diploma."))
    with clock.at(day(7)), work():
        count_as([(week.pk, people[0], people[1])])
    assert freezing.check(made).equal
    with clock.at(day(8)):
        later = freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    assert queries.cells(later)["registered", "", ""] == 2
    assert queries.cells(later)["interviewed", "", ""] == 1
    compared = comparing.compare(made, later, "degree_level", protected=False)
    assert not compared.changed
    assert [pair.change for pair in compared.totals][:4] == [-1, -1, 0, 1]


def test_a_row_that_arrives_late_is_named(week: Edition) -> None:
    made = frozen(week)
    someone = talent(week, degree="master", at=day(1))
    found = freezing.check(made)
    assert not found.equal
    told = comparing.told(found)
    assert "Registered: frozen 3, counted now 4." in told
    assert "Registered, Degree: Master: frozen 1, counted now 2." in told
    assert someone.pk


def test_a_changed_number_is_found_out(week: Edition) -> None:
    made = frozen(week)
    loosen(SnapshotCell)
    SnapshotCell.objects.filter(figure="offer_accepted", by="").update(count=900)
    found = freezing.check(made)
    assert found.altered
    assert [(d.figure, d.frozen, d.counted) for d in found.differences] == [
        ("offer_accepted", 900, 0)
    ]


def test_a_changed_digest_is_found_out_by_the_ledger(week: Edition) -> None:
    made = frozen(week)
    loosen(Snapshot)
    made.digest = "f" * 64
    Snapshot.objects.filter(pk=made.pk).update(digest=made.digest)
    found = freezing.check(made)
    assert found.unrecorded
    assert found.altered


def test_the_same_numbers_on_other_records_are_found_out(week: Edition) -> None:
    made = frozen(week)
    loosen(Evidence)
    row = Evidence.objects.filter(rung="verified").first()
    assert row is not None
    Evidence.objects.filter(pk=row.pk).delete()
    row.pk = uuid4()
    row.save(force_insert=True)
    found = freezing.check(made)
    assert found.reworked == ["verified"]
    assert not found.differences


def test_another_definition_is_named_and_not_compared(
    week: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = frozen(week)
    from dataclasses import replace

    from talex.bulletin import definitions

    changed = replace(BY_KEY["verified"], version=2)
    every = tuple(changed if d.key == "verified" else d for d in definitions.DEFINITIONS)
    monkeypatch.setitem(BY_KEY, "verified", changed)
    monkeypatch.setattr(freezing, "DEFINITIONS", every)
    assert freezing.check(made).redefined == ["verified"]
    with clock.at(day(6)):
        later = freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    compared = comparing.compare(made, later, "degree_level", protected=False)
    assert [str(name) for name in compared.changed] == ["Verified"]
    assert "Verified" not in [str(name) for name in compared.figures]


@pytest.mark.parametrize("model", [Snapshot, SnapshotCell])
def test_the_database_refuses_to_change_a_snapshot(week: Edition, model: type) -> None:
    frozen(week)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().update(id=uuid4())  # type: ignore[attr-defined]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["until", "known"])
def test_the_future_cannot_be_frozen(week: Edition, name: str) -> None:
    with pytest.raises(Invalid) as error:
        frozen(week, **{name: day(5.01)})
    assert list(error.value.fields) == [name]
    assert not Snapshot.objects.exists()


def test_who_may_freeze_release_and_take_back(week: Edition) -> None:
    for role in ("auditor", "press", "talent"):
        with pytest.raises(NotAllowed):
            freeze_snapshot(actor(role, week), FreezeSnapshot(edition=week.pk))
    made = frozen(week)
    with pytest.raises(NotAllowed):
        release_bulletin(actor("auditor", week), ReleaseBulletin(snapshot=made.pk))
    bulletin = release_bulletin(actor("organiser", week), ReleaseBulletin(snapshot=made.pk))
    with pytest.raises(NotAllowed):
        withdraw_bulletin(
            actor("press", week),
            WithdrawBulletin(bulletin=bulletin.pk, reason=TranslatedText.of("No.")),
        )
    with pytest.raises(NotFound):
        freeze_snapshot(SYSTEM, FreezeSnapshot(edition=uuid4()))
    with pytest.raises(NotFound):
        release_bulletin(SYSTEM, ReleaseBulletin(snapshot=uuid4()))


def test_a_snapshot_is_released_once_and_again_after_it_was_taken_back(week: Edition) -> None:
    made = frozen(week)
    first = release_bulletin(SYSTEM, ReleaseBulletin(snapshot=made.pk))
    with pytest.raises(Conflict):
        release_bulletin(SYSTEM, ReleaseBulletin(snapshot=made.pk))
    with pytest.raises(Invalid):
        withdraw_bulletin(SYSTEM, WithdrawBulletin(bulletin=first.pk, reason=TranslatedText()))
    command = WithdrawBulletin(bulletin=first.pk, reason=TranslatedText.of("A wrong title."))
    withdraw_bulletin(SYSTEM, command)
    with pytest.raises(Conflict):
        withdraw_bulletin(SYSTEM, command)
    second = release_bulletin(SYSTEM, ReleaseBulletin(snapshot=made.pk))
    assert (first.number, second.number) == (1, 2)
    events = Entry.objects.filter(event__startswith="bulletin.").values_list("event", flat=True)
    assert sorted(events) == [
        "bulletin.released",
        "bulletin.released",
        "bulletin.snapshot_frozen",
        "bulletin.withdrawn",
    ]


def test_a_snapshot_that_does_not_hold_is_not_released(week: Edition) -> None:
    made = frozen(week)
    talent(week, at=day(1))
    with pytest.raises(Conflict):
        release_bulletin(SYSTEM, ReleaseBulletin(snapshot=made.pk))
    assert not Bulletin.objects.exists()


def loosen(model: type) -> None:
    """Lift the triggers of a table, as somebody with the database in their hands could."""
    table = model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Foreign keys that wait for the commit would hold the table.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
