"""Whatever is changed behind the ledger's back is found, and named."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.core.work import work
from talex.ledger import heads
from talex.ledger.models import Block, Entry, Head, Payload
from talex.ledger.services import erase_subject, payload_digest, record
from talex.ledger.verify import WORDS, verify
from tests.harness import lifted

# The triggers are lifted and come back, which no transaction may surround.
pytestmark = pytest.mark.django_db(transaction=True)

EDITION = uuid.UUID("11111111-1111-4111-8111-111111111111")
CHAIN = str(EDITION)
PERSONS = [uuid.UUID(int=n, version=4) for n in range(1, 5)]


@pytest.fixture(autouse=True)
def chain() -> None:
    """Four blocks of three entries, the second with personal data."""
    for person in PERSONS:
        with work():
            record("t.first", actor=SYSTEM, edition=EDITION, obj=("x.y", person))
            record(
                "t.second",
                actor=SYSTEM,
                edition=EDITION,
                obj=None,
                subject=person,
                personal={"name": f"person {person}"},
            )
            record("t.third", actor=SYSTEM, edition=EDITION, obj=None, facts={"n": "3"})


def block(number: int) -> Any:
    return Block.objects.filter(chain=CHAIN, number=number)


def entry(number: int) -> Any:
    place, index = divmod(number - 1, 3)
    return Entry.objects.filter(block__chain=CHAIN, block__number=place + 1, index=index)


def found() -> tuple[str, int | None, int | None]:
    report = verify()
    assert not report.ok
    fault = report.faults[0]
    assert str(fault.message) and fault.chain == CHAIN
    return fault.kind, fault.block, fault.entry


def test_an_untouched_chain_holds() -> None:
    report = verify(CHAIN)
    assert report.ok
    assert (report.chains[0].blocks, report.chains[0].entries) == (4, 12)


def raw(query: Any, **values: Any) -> None:
    assert query.update(**values) == 1


TAMPERING: list[tuple[Callable[[], Any], tuple[str, int | None, int | None]]] = [
    (lambda: raw(block(2), hash="0" * 64), ("block_hash", 2, None)),
    (lambda: raw(block(2), root="0" * 64), ("block_hash", 2, None)),
    (lambda: raw(block(2), count=4), ("block_hash", 2, None)),
    (lambda: raw(block(2), first=5), ("block_hash", 2, None)),
    (lambda: raw(block(2), previous="f" * 64), ("block_hash", 2, None)),
    (lambda: raw(block(2), recorded_at="2020-01-01T00:00:00Z"), ("block_hash", 2, None)),
    (lambda: raw(block(2), chain="other"), ("block_missing", 2, None)),
    (lambda: raw(block(4), number=9), ("head", 4, None)),
    (lambda: raw(entry(5), canonical="{}"), ("entry_hash", 2, 5)),
    (lambda: raw(entry(5), hash="0" * 64), ("entry_hash", 2, 5)),
    (lambda: raw(entry(5), event="t.else"), ("entry_columns", 2, 5)),
    (lambda: raw(entry(5), actor="else"), ("entry_columns", 2, 5)),
    (lambda: raw(entry(5), object_id=uuid.uuid4()), ("entry_columns", 2, 5)),
    (lambda: raw(entry(5), subject=uuid.uuid4()), ("entry_columns", 2, 5)),
    (lambda: raw(entry(6), index=7), ("entry_place", 2, 6)),
    (lambda: raw(Payload.objects.filter(subject=PERSONS[1]), body="{}"), ("payload_changed", 2, 5)),
    (
        lambda: raw(Payload.objects.filter(subject=PERSONS[1]), salt="0" * 32),
        ("payload_changed", 2, 5),
    ),
    (lambda: raw(Payload.objects.filter(subject=PERSONS[1]), salt="no"), ("payload_changed", 2, 5)),
    (
        lambda: raw(Payload.objects.filter(subject=PERSONS[1]), subject=PERSONS[2]),
        ("payload_changed", 2, 5),
    ),
    (
        lambda: raw(Payload.objects.filter(subject=PERSONS[1]), entry=entry(6).get()),
        ("payload_unexpected", 2, 6),
    ),
    (lambda: Payload.objects.filter(subject=PERSONS[1]).delete(), ("payload_missing", 2, 5)),
    (lambda: entry(6).delete(), ("block_count", 2, None)),
    (lambda: entry(4).delete(), ("entry_place", 2, 4)),
    (lambda: raw(Head.objects.filter(chain=CHAIN), number=3), ("head", 3, None)),
    (lambda: raw(Head.objects.filter(chain=CHAIN), hash="0" * 64), ("head", 4, None)),
    (lambda: raw(Head.objects.filter(chain=CHAIN), entries=11), ("head", 4, None)),
    (lambda: Head.objects.filter(chain=CHAIN).delete(), ("head_missing", None, None)),
]


@pytest.mark.parametrize("number", range(len(TAMPERING)))
def test_each_field_is_watched(number: int) -> None:
    tamper, expected = TAMPERING[number]
    with lifted():
        tamper()
    assert found() == expected


def test_an_entry_put_in_with_a_right_hash_is_found() -> None:
    with lifted():
        five = entry(5).get()
        document = json.loads(five.canonical)
        document["event"] = "t.forged"
        text = json.dumps(document, sort_keys=True, separators=(",", ":"))
        raw(
            entry(5),
            canonical=text,
            event="t.forged",
            hash=hashlib.sha256(text.encode()).hexdigest(),
        )
    assert found() == ("block_root", 2, None)


def test_a_cut_tail_with_a_fitting_head_is_found_with_an_exported_head() -> None:
    kept = heads.read(json.dumps(heads.export().as_json()))
    with lifted():
        cut_to(3)
    assert verify().ok  # by itself the shorter chain is sound
    report = verify(head=kept)
    assert [(f.kind, f.chain, f.block) for f in report.faults] == [("cut", CHAIN, 4)]


def cut_to(number: int) -> None:
    """Drop what is beyond the block, as somebody with the database in hand could."""
    Payload.objects.filter(entry__block__number__gt=number).delete()
    Entry.objects.filter(block__number__gt=number).delete()
    Block.objects.filter(number__gt=number).delete()
    last = block(number).get()
    Head.objects.filter(chain=CHAIN).update(
        number=number, hash=last.hash, entries=last.first + last.count - 1
    )


def test_a_rewritten_chain_is_found_with_an_exported_head() -> None:
    kept = heads.read(json.dumps(heads.export([CHAIN]).as_json()))
    with lifted():
        cut_to(2)
    for n in range(3):
        with work():
            record("t.rewritten", actor=SYSTEM, edition=EDITION, obj=None, facts={"n": n})
    assert verify().ok
    assert [(f.kind, f.block) for f in verify(head=kept).faults] == [("rewritten", 4)]


def test_a_chain_that_is_gone_as_a_whole_is_found_with_an_exported_head() -> None:
    kept = heads.export()
    with lifted():
        Payload.objects.all().delete()
        Entry.objects.all().delete()
        Block.objects.all().delete()
        Head.objects.all().delete()
    assert verify().ok and verify().chains == []
    assert [f.kind for f in verify(head=kept).faults] == ["cut"]


def test_a_chain_that_has_grown_since_holds_against_the_exported_head() -> None:
    kept = heads.export()
    with work():
        record("t.more", actor=SYSTEM, edition=EDITION, obj=None)
    assert verify(head=kept).ok


def test_an_altered_head_file_and_one_of_another_installation_are_refused(
    tmp_path: Any, settings: Any
) -> None:
    kept = heads.export()
    forged = dataclasses.replace(
        kept, heads=(dataclasses.replace(kept.heads[0], number=1), *kept.heads[1:])
    )
    assert verify(head=forged).faults[0].kind == "signature"
    settings.HOME = tmp_path
    other = heads.export()
    assert (tmp_path / "ledger_key").stat().st_mode & 0o777 == 0o600
    assert verify(head=other).ok
    assert verify(head=kept).faults[0].kind == "other_key"
    with pytest.raises(Invalid):
        heads.read("[]")
    with pytest.raises(Invalid):
        heads.read("no json")


def test_erased_is_told_from_missing() -> None:
    assert erase_subject(SYSTEM, PERSONS[0]) == 1
    report = verify()
    assert report.ok and report.chains[0].erased == 1
    with lifted():
        Payload.objects.filter(subject=PERSONS[1]).delete()
    assert found() == ("payload_missing", 2, 5)


def test_personal_data_that_comes_back_after_it_was_erased_is_found() -> None:
    kept = Payload.objects.get(subject=PERSONS[0])
    erase_subject(SYSTEM, PERSONS[0])
    Payload.objects.bulk_create([kept])
    assert found() == ("payload_kept", 5, 13)


def test_erasing_takes_what_the_same_unit_of_work_was_going_to_write() -> None:
    person = uuid.uuid4()
    with work():
        record(
            "t.last", actor=SYSTEM, edition=EDITION, obj=None, subject=person, personal={"a": "b"}
        )
        assert erase_subject(SYSTEM, person) == 1
    assert not Payload.objects.filter(subject=person).exists()
    assert verify().ok


def test_a_person_of_two_chains_is_erased_in_both() -> None:
    other = uuid.uuid4()
    with work():
        record(
            "t.other",
            actor=SYSTEM,
            edition=other,
            obj=None,
            subject=PERSONS[0],
            personal={"a": "b"},
        )
    assert erase_subject(SYSTEM, PERSONS[0]) == 2
    assert not Payload.objects.filter(subject=PERSONS[0]).exists()
    report = verify()
    assert report.ok and sum(c.erased for c in report.chains) == 2


def test_the_digest_tells_nothing_without_the_salt() -> None:
    assert payload_digest("00" * 16, '{"name":"王"}') != payload_digest("01" * 16, '{"name":"王"}')


def test_every_kind_of_fault_has_words() -> None:
    assert all(str(words) for words in WORDS.values())


def test_the_triggers_come_back_after_migrate() -> None:
    from django.core.management import call_command

    from talex.ledger import triggers
    from tests.harness import _drop

    _drop(connection)
    assert len(triggers.missing(connection)) >= 6
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == []
