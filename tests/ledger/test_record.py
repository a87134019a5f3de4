"""Recording: blocks, entries, payloads."""

from __future__ import annotations

import uuid

import pytest

from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.ledger.models import GENESIS, Block, Entry, Head, Payload
from talex.ledger.services import ERASED, erase_subject, record

pytestmark = pytest.mark.django_db


def test_one_unit_of_work_is_one_block_a_chain() -> None:
    edition, person = uuid.uuid4(), uuid.uuid4()
    with work():
        record("a.one", actor=SYSTEM, edition=edition, obj=("x.y", person), facts={"n": 1})
        with work():
            record(
                "a.two",
                actor=SYSTEM,
                edition=edition,
                obj=None,
                subject=person,
                personal={"name": "王小明"},
            )
        record("a.site", actor=SYSTEM, edition=None, obj=None)
    blocks = {block.chain: block for block in Block.objects.all()}
    assert set(blocks) == {str(edition), "site"}
    mine = blocks[str(edition)]
    assert (mine.number, mine.previous, mine.first, mine.count) == (1, GENESIS, 1, 2)
    first, second = Entry.objects.filter(block=mine).order_by("index")
    assert first.object_id == person and second.number == 2
    assert "王小明" not in second.canonical
    assert "王小明" in Payload.objects.get(entry=second).body
    with work():
        record("a.three", actor=SYSTEM, edition=edition, obj=None)
    head = Head.objects.get(chain=edition)
    newest = Block.objects.get(chain=edition, number=2)
    assert newest.previous == mine.hash and newest.first == 3
    assert (head.number, head.hash, head.entries) == (2, newest.hash, 3)


def test_what_was_rolled_back_inside_is_not_recorded() -> None:
    with work():
        record("a.kept", actor=SYSTEM, edition=None, obj=None)
        with pytest.raises(ZeroDivisionError), work():
            record("a.dropped", actor=SYSTEM, edition=None, obj=None)
            1 / 0
    assert list(Entry.objects.values_list("event", flat=True)) == ["a.kept"]


def test_personal_data_needs_its_person_and_a_unit_of_work() -> None:
    with work(), pytest.raises(ValueError, match="person"):
        record("a.b", actor=SYSTEM, edition=None, obj=None, personal={"name": "x"})
    with pytest.raises(RuntimeError, match="outside"):
        record("a.b", actor=SYSTEM, edition=None, obj=None)


def test_erasing_deletes_payload_and_salt_and_is_an_entry() -> None:
    person, other, edition = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    with work():
        for subject in (person, other):
            record(
                "a.b",
                actor=SYSTEM,
                edition=edition,
                obj=None,
                subject=subject,
                personal={"name": str(subject)},
            )
    assert erase_subject(SYSTEM, person) == 1
    assert list(Payload.objects.values_list("subject", flat=True)) == [other]
    entry = Entry.objects.get(event=ERASED)
    assert entry.subject == person and entry.block.chain == str(edition)
