"""Rungs: confirmed by somebody, withdrawn by a row, counted as of two instants, never changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions.models import Edition
from talex.evidence import rules
from talex.evidence.bulk import registration_rows
from talex.evidence.models import Dimension, Evidence, SameSubject
from talex.evidence.queries import history, reached, rungs_of, tally
from talex.evidence.rules import Claim
from talex.evidence.services import (
    ConfirmRung,
    Facts,
    WithdrawEvidence,
    confirm,
    count_as,
    counted_as,
    freeze,
    withdraw,
    witness,
)
from talex.evidence.vocabulary import Rung
from talex.ledger.models import Entry, Payload
from talex.ledger.store import insert_rows
from talex.participants.models import Talent
from talex.participants.queries import standing_evidence
from tests.participants import factories as make

pytestmark = pytest.mark.django_db

T0 = datetime(2025, 4, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def edition() -> Edition:
    return make.edition()


def test_rungs_have_an_order() -> None:
    assert [rung.height for rung in Rung] == list(range(1, 9))
    assert Rung.OFFER_ACCEPTED.height > Rung.MUTUAL_INTENT.height


def test_a_rung_is_confirmed_by_a_named_account_and_only_once_a_source(edition: Edition) -> None:
    office, subject = make.office(edition), uuid4()
    command = ConfirmRung(
        edition=edition.pk,
        subject_id=subject,
        rung="interviewed",
        source_kind="meeting",
        source_id=str(uuid4()),
        note="went well",
        data_subject=uuid4(),
    )
    row = confirm(office, command)
    assert row.confirmed_by == str(office.user)
    assert confirm(office, command).pk == row.pk
    assert Evidence.objects.count() == 1
    assert "went well" in Payload.objects.get().body
    assert "went well" not in " ".join(Entry.objects.values_list("canonical", flat=True))


def test_wrong_claims_are_refused(edition: Edition) -> None:
    def claim(**values: object) -> ConfirmRung:
        given = {"edition": edition.pk, "subject_id": uuid4(), "rung": "attended"}
        return ConfirmRung(**{**given, **values})  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refused:
        confirm(SYSTEM, claim(rung="famous", happened_at=clock.now() + DAY))
    assert set(refused.value.fields) == {"rung", "happened_at"}
    with pytest.raises(NotFound):
        confirm(SYSTEM, claim(edition=uuid4()))
    for role in ("auditor", "press", "judge"):
        with pytest.raises(NotAllowed):
            confirm(make.holder(role, edition), claim())
    with pytest.raises(NotAllowed):
        confirm(make.office(make.edition()), claim())


def test_a_room_may_let_others_confirm(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_confirmers", [])
    judge = make.holder("judge", edition)

    def of_meeting(actor: object, claim: Claim) -> bool:
        return actor == judge and claim.rung == "interviewed" and claim.source_kind == "meeting"

    rules.register_confirmer(of_meeting)
    good = ConfirmRung(
        edition=edition.pk, subject_id=uuid4(), rung="interviewed", source_kind="meeting"
    )
    assert confirm(judge, good).rung == "interviewed"
    with pytest.raises(NotAllowed):
        confirm(judge, ConfirmRung(edition=edition.pk, subject_id=uuid4(), rung="retained"))


def test_a_withdrawal_is_a_row_and_the_rung_can_be_confirmed_again(edition: Edition) -> None:
    subject = uuid4()
    (row,) = witness(SYSTEM, edition=edition.pk, rung="attended", subjects=[subject])
    command = WithdrawEvidence(evidence=row.pk, reason="wrong badge")
    with pytest.raises(NotAllowed):
        withdraw(make.holder("auditor", edition), command)
    with pytest.raises(Invalid):
        withdraw(SYSTEM, WithdrawEvidence(evidence=row.pk, reason=" "))
    gone = withdraw(make.office(edition), command)
    assert gone.withdraws_id == row.pk and rungs_of(edition.pk, [subject]) == {}
    with pytest.raises(Conflict):
        withdraw(SYSTEM, command)
    with pytest.raises(Conflict):
        withdraw(SYSTEM, WithdrawEvidence(evidence=gone.pk, reason="x"))
    with pytest.raises(NotFound):
        withdraw(SYSTEM, WithdrawEvidence(evidence=uuid4(), reason="x"))
    assert len(witness(SYSTEM, edition=edition.pk, rung="attended", subjects=[subject])) == 1
    assert rungs_of(edition.pk, [subject]) == {subject: ["attended"]}
    assert [r.withdraws_id is not None for r in history([subject])] == [False, True, False]


def test_figures_name_two_instants(edition: Edition) -> None:
    a, b = uuid4(), uuid4()
    with clock.at(T0):
        witness(SYSTEM, edition=edition.pk, rung="attended", subjects=[a])
    with clock.at(T0 + 2 * DAY):
        # b was there on the first day as well, which became known on the third.
        witness(SYSTEM, edition=edition.pk, rung="attended", subjects=[b], happened_at=T0)
    with clock.at(T0 + 3 * DAY):
        (row,) = Evidence.objects.filter(subject_id=a)
        withdraw(SYSTEM, WithdrawEvidence(evidence=row.pk, reason="it was the brother"))

    def there(until: datetime, known: datetime) -> set[object]:
        return set(reached(edition.pk, "attended", until=until, known=known))

    assert there(T0, T0) == {a}
    assert there(T0, T0 + 2 * DAY) == {a, b}
    assert there(T0, T0 + 3 * DAY) == {b}
    assert there(T0 - DAY, T0 + 9 * DAY) == set()
    assert there(T0 + 9 * DAY, T0 + DAY) == {a}


def test_persons_are_counted_once_from_when_it_is_known(edition: Edition) -> None:
    a, b, c = uuid4(), uuid4(), uuid4()
    with clock.at(T0):
        for rung in ("attended", "interviewed"):
            witness(SYSTEM, edition=edition.pk, rung=rung, subjects=[a, b, c])
    with clock.at(T0 + DAY):
        count_as([(edition.pk, a, b)])
    with clock.at(T0 + 2 * DAY):
        count_as([(edition.pk, b, c)])
    assert set(counted_as(c)) == {a, b} and counted_as(b) == []

    def count(known: datetime) -> int:
        return tally(edition.pk, until=T0, known=known)["attended", ""]

    assert [count(T0 + n * DAY) for n in range(3)] == [3, 2, 1]
    with clock.at(T0 + 3 * DAY):
        count_as([(edition.pk, b, b), (edition.pk, a, b)])
    assert [count(T0 + n * DAY) for n in range(4)] == [3, 2, 1, 2]
    assert set(reached(edition.pk, "attended")) == {b, c}


def test_splitting_by_what_was_frozen(edition: Edition) -> None:
    a, b, c = uuid4(), uuid4(), uuid4()
    with clock.at(T0):
        witness(SYSTEM, edition=edition.pk, rung="registered", subjects=[a, b, c])
        freeze(edition.pk, {a: Facts("master", "laser", "de"), b: Facts("doctorate", "laser")})
        assert freeze(edition.pk, {a: Facts("master", "laser", "de")}) == []
    with clock.at(T0 + DAY):
        freeze(edition.pk, {a: Facts("doctorate", "laser", "de")})
    assert tally(edition.pk, by="degree_level", known=T0, until=T0) == {
        ("registered", "master"): 1,
        ("registered", "doctorate"): 1,
        ("registered", ""): 1,
    }
    assert tally(edition.pk, by="degree_level")["registered", "doctorate"] == 2
    found = reached(edition.pk, "registered", where={"degree_level": "doctorate", "region": "de"})
    assert list(found) == [a]
    with pytest.raises(ValueError, match="shoe"):
        tally(edition.pk, by="shoe size")


def test_many_at_once_read_like_one_by_one(edition: Edition) -> None:
    subjects = [uuid4() for _number in range(250)]
    at = clock.now()
    made = registration_rows(
        SYSTEM,
        edition=edition.pk,
        facts=[(s, Facts("master")) for s in subjects],
        at=at,
        source_kind="import",
        source_id="x",
    )
    with transaction.atomic():
        for model, names, rows in made:
            insert_rows(model, names, rows, ready=True)
    assert tally(edition.pk, by="degree_level") == {("registered", "master"): 250}
    row = Evidence.objects.order_by("?").first()
    assert row is not None and row.recorded_at == at and row.confirmed_by == "system"


@pytest.mark.parametrize("model", [Evidence, Dimension, SameSubject])
def test_rows_are_never_changed_nor_deleted(edition: Edition, model: type) -> None:
    witness(SYSTEM, edition=edition.pk, rung="attended", subjects=[subject := uuid4()])
    freeze(edition.pk, {subject: Facts("master")})
    count_as([(edition.pk, subject, uuid4())])
    rows = model.objects.filter(subject_id=subject)
    assert rows.count() == 1
    quoted = connection.ops.quote_name(model._meta.db_table)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(recorded_at=T0)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {quoted}")
    assert rows.count() == 1


def test_visible_evidence_agrees_with_the_predicate(edition: Edition) -> None:
    other = make.edition()
    for one in (edition, other):
        witness(SYSTEM, edition=one.pk, rung="attended", subjects=[uuid4()])
    for role in ("organiser", "auditor", "press", "judge", "partner"):
        actor = make.holder(role, edition)
        seen = set(Evidence.objects.filter(rules.visible_evidence(actor)))
        assert seen == {
            row for row in Evidence.objects.all() if rules.can_see_evidence(actor, row.edition_id)
        }
        assert len(seen) == (1 if role in ("organiser", "auditor") else 0)


@pytest.mark.usefixtures("on_sqlite")
def test_each_talents_evidence_is_found_by_the_talent() -> None:
    """Not by `withdraws_id IS NULL`, which holds of nearly all rows: of 20,000 talents the count of
    who is not verified took minutes."""
    plan = Talent.objects.exclude(standing_evidence(Rung.VERIFIED)).explain()
    assert "evidence_of_subject" in plan
